// Content codings. What cannot be decoded is told, never beyond the limit, and leaves no trace in the next body; what
// was encoded comes out as it was.
//
// Input: a byte for the coding, one for the limit, then the bytes.
#include <string>

#include "base/body_buffer.h"
#include "compression/decoder.h"
#include "compression/encoder.h"
#include "support/input.h"

namespace vecgate::fuzz {
namespace {

using compression::Coding;
using compression::Decoder;
using compression::DecodeStatus;

struct Decoded {
  DecodeStatus status;
  std::string body;

  bool operator==(const Decoded&) const = default;
};

Decoded Decode(Decoder* decoder, Coding coding, std::string_view coded, uint64_t limit) {
  base::BodyBuffer out;
  const compression::DecodeResult result = decoder->Decode(coding, coded, limit, &out);
  Require(out.size() <= limit + 1, "the limit holds");
  Require((result.status == DecodeStatus::kBroken) == !result.what.empty(), "a broken body is told with its reason");
  return {result.status, result.status == DecodeStatus::kDone ? std::string(out.view()) : ""};
}

void Try(Coding coding, uint64_t limit, std::string_view bytes) {
  // One decoder for all bodies, as each thread has it, against a new one.
  static Decoder& used = *new Decoder;
  Decoder fresh;
  const Decoded decoded = Decode(&used, coding, bytes, limit);
  Require(decoded == Decode(&fresh, coding, bytes, limit), "bodies before make no difference");
  if (decoded.status == DecodeStatus::kDone) Require(decoded.body.size() <= limit, "the limit holds");
  if (decoded.status == DecodeStatus::kDone && !decoded.body.empty())
    Require(Decode(&used, coding, bytes, decoded.body.size() - 1).status == DecodeStatus::kTooLarge,
            "a byte less is too little");

  static compression::Encoder& encoder = *new compression::Encoder;
  base::BodyBuffer coded;
  encoder.Encode(coding, compression::Levels(), bytes, &coded);
  const Decoded back = Decode(&used, coding, coded.view(), bytes.size());
  Require(back.status == DecodeStatus::kDone && back.body == bytes, "what was encoded comes out");
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vecgate::compression::Coding;
  constexpr Coding kCodings[] = {Coding::kGzip, Coding::kDeflate, Coding::kBrotli, Coding::kZstd};
  vecgate::fuzz::Input input(data, size);
  const Coding coding = kCodings[input.Byte() % 4];
  const uint64_t limit = input.Byte() * 64u;
  vecgate::fuzz::Try(coding, limit, input.rest());
  return 0;
}
