// The chunked coding. Bytes in any pieces decode alike, never beyond the limit; what was chunked comes out as it was,
// and what follows the last chunk is left alone.
//
// Input: a byte for the size of the pieces, one for the limit, then the bytes.
#include <algorithm>
#include <cstdio>
#include <string>

#include "base/body_buffer.h"
#include "http/chunk_decoder.h"
#include "support/input.h"

namespace vecgate::fuzz {
namespace {

using State = http::ChunkDecoder::State;

struct Decoded {
  State state = State::kMore;
  size_t consumed = 0;
  std::string body;

  bool operator==(const Decoded&) const = default;
};

// As the session does it: what was not taken is given again with more behind it.
Decoded Decode(std::string_view bytes, size_t piece, uint64_t limit) {
  Decoded decoded;
  base::BodyBuffer out;
  http::ChunkDecoder decoder(&out, limit);
  for (size_t given = 0; given < bytes.size() && decoded.state == State::kMore;) {
    given = std::min(bytes.size(), given + piece);
    size_t taken = 0;
    decoded.state = decoder.Put(bytes.substr(decoded.consumed, given - decoded.consumed), &taken);
    Require(taken <= given - decoded.consumed, "no more is taken than was given");
    decoded.consumed += taken;
  }
  decoded.body = out.view();
  Require(decoded.body.size() <= limit, "the limit holds");
  return decoded;
}

void TryChunked(std::string_view body, size_t chunk) {
  std::string coded;
  for (size_t at = 0; at < body.size(); at += chunk) {
    const std::string_view part = body.substr(at, chunk);
    char size[24];
    std::snprintf(size, sizeof(size), "%zx\r\n", part.size());
    coded += size;
    coded += part;
    coded += "\r\n";
  }
  coded += "0\r\n\r\n";
  const Decoded decoded = Decode(coded + "GET / HTTP/1.1\r\n", coded.size() + 16, body.size());
  Require(decoded.state == State::kDone && decoded.body == body, "what was chunked comes out");
  Require(decoded.consumed == coded.size(), "the next request is left alone");
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vecgate::fuzz::Decode;
  using vecgate::fuzz::Decoded;
  using vecgate::fuzz::State;
  vecgate::fuzz::Input input(data, size);
  const size_t piece = 1 + input.Byte() % 32;
  const uint64_t limit = input.Byte() * 4u;
  // Half an end is left until more comes, so something does.
  const std::string bytes = std::string(input.rest()) + "!!!!!!!!";
  const Decoded whole = Decode(bytes, bytes.size(), limit);
  const Decoded pieces = Decode(bytes, piece, limit);
  vecgate::fuzz::Require(whole.state == pieces.state, "pieces make no difference to the outcome");
  if (whole.state == State::kDone) vecgate::fuzz::Require(whole == pieces, "pieces make no difference");
  vecgate::fuzz::TryChunked(input.rest(), piece);
  return 0;
}
