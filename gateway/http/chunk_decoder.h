// The chunked transfer coding, taken off as bytes arrive. Boost.Beast's parser knows the grammar.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/body_buffer.h"

namespace vecgate::http {

class ChunkDecoder {
 public:
  enum class State : uint8_t { kMore, kDone, kTooLarge, kMalformed };

  // Decoded bytes go to the end of `out`, at most `limit` in all. `out` outlives the decoder; it may be emptied between
  // two calls.
  ChunkDecoder(base::BodyBuffer* out, uint64_t limit);
  ~ChunkDecoder();
  ChunkDecoder(const ChunkDecoder&) = delete;
  ChunkDecoder& operator=(const ChunkDecoder&) = delete;

  // Takes what it can of `bytes` and tells how much in `consumed`; the rest is to be given again with more behind it.
  State Put(std::string_view bytes, size_t* consumed);

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace vecgate::http
