// Takes content codings off.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/body_buffer.h"
#include "compression/coding.h"

namespace vecgate::compression {

enum class DecodeStatus : uint8_t { kDone, kTooLarge, kBroken };

struct DecodeResult {
  DecodeStatus status = DecodeStatus::kDone;
  std::string_view what = {};  // kBroken: what is wrong; static storage
};

// Keeps the libraries' memory from body to body. Not thread-safe.
class Decoder {
 public:
  Decoder();
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Decodes the whole of `coded`, which is not kIdentity, to the end of `out`, which is empty. Stops at the first byte
  // beyond `limit`, so memory is bounded by the limit whatever the bytes promise.
  DecodeResult Decode(Coding coding, std::string_view coded, uint64_t limit, base::BodyBuffer* out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vecgate::compression
