// Puts content codings on.
#pragma once

#include <memory>
#include <string_view>

#include "base/body_buffer.h"
#include "compression/coding.h"

namespace vecgate::compression {

// How hard each coding tries, on its own scale; by default fast rather than small.
struct Levels {
  int gzip = 1;  // and deflate: 1 to 9
  int brotli = 3;  // 0 to 11
  int zstd = 1;    // 1 to 19
};

// Keeps the libraries' memory from body to body. Not thread-safe.
class Encoder {
 public:
  Encoder();
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  // Encodes the whole of `plain` to the end of `out`. `coding` is not kIdentity.
  void Encode(Coding coding, const Levels& levels, std::string_view plain, base::BodyBuffer* out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vecgate::compression
