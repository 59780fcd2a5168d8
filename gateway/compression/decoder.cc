#include "compression/decoder.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <new>

namespace vecgate::compression {
namespace {

constexpr size_t kStep = 16 * 1024;

// zlib's windowBits: a window of 32 KiB, and which wrapping stands around the data.
constexpr int kZlibFormat = 15;
constexpr int kGzipFormat = 15 + 16;
constexpr int kRawFormat = -15;

// The words of the API's own server.
constexpr std::string_view kBadGzipHeader = "invalid gzip header";
constexpr std::string_view kBadGzipEnd = "corrupt gzip stream does not have a matching checksum";
constexpr std::string_view kBadDeflate = "corrupt deflate stream";
constexpr std::string_view kBadBrotli = "Invalid Data";
constexpr std::string_view kCutOff = "failed to fill whole buffer";
constexpr std::string_view kTrailing = "failed to write whole buffer";

constexpr size_t kGzipHeaderSize = 10;

DecodeResult Broken(std::string_view what) { return {DecodeStatus::kBroken, what}; }
DecodeResult TooLarge() { return {DecodeStatus::kTooLarge}; }

// Room in the output, doubling as it fills, never more than one byte beyond the limit: that byte tells an output of
// exactly the limit from a longer one.
class Sink {
 public:
  Sink(base::BodyBuffer* out, uint64_t limit) : out_(*out), limit_(limit) { out_.Reserve(0); }

  char* Room(size_t* size) {
    *size = std::min<uint64_t>(limit_ - out_.size() + 1, std::max(kStep, out_.size()));
    return out_.Reserve(*size);
  }
  // False: beyond the limit.
  bool Took(size_t size) {
    out_.Commit(size);
    return out_.size() <= limit_;
  }

 private:
  base::BodyBuffer& out_;
  const uint64_t limit_;
};

// RFC 9110 says that some clients send "deflate" without the zlib wrapping it stands for.
bool HasZlibHeader(std::string_view bytes) {
  if (bytes.size() < 2) return true;
  const unsigned first = static_cast<uint8_t>(bytes[0]);
  const unsigned second = static_cast<uint8_t>(bytes[1]);
  return (first & 0x0f) == Z_DEFLATED && (first * 256 + second) % 31 == 0;
}

DecodeResult DecodeBrotli(std::string_view coded, Sink& sink) {
  const std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state(
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance);
  if (state == nullptr) throw std::bad_alloc();
  const auto* next = reinterpret_cast<const uint8_t*>(coded.data());
  size_t rest = coded.size();
  for (;;) {
    size_t room = 0;
    auto* out = reinterpret_cast<uint8_t*>(sink.Room(&room));
    size_t left = room;
    const BrotliDecoderResult result = BrotliDecoderDecompressStream(state.get(), &rest, &next, &left, &out, nullptr);
    if (!sink.Took(room - left)) return TooLarge();
    if (result == BROTLI_DECODER_RESULT_SUCCESS) return rest == 0 ? DecodeResult{} : Broken(kTrailing);
    if (result == BROTLI_DECODER_RESULT_ERROR) return Broken(kBadBrotli);
    if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) return Broken(kCutOff);
  }
}

}  // namespace

struct Decoder::State {
  z_stream inflater{};
  bool inflater_ready = false;
  ZSTD_DCtx* zstd = nullptr;

  ~State() {
    if (inflater_ready) inflateEnd(&inflater);
    ZSTD_freeDCtx(zstd);
  }

  DecodeResult Inflate(int format, std::string_view coded, Sink& sink);
  DecodeResult DecodeZstd(std::string_view coded, Sink& sink);
};

DecodeResult Decoder::State::Inflate(int format, std::string_view coded, Sink& sink) {
  if ((inflater_ready ? inflateReset2(&inflater, format) : inflateInit2(&inflater, format)) != Z_OK) {
    throw std::bad_alloc();
  }
  inflater_ready = true;
  gz_header header{};
  if (format == kGzipFormat) inflateGetHeader(&inflater, &header);
  const auto broken = [&] {
    if (format != kGzipFormat) return Broken(kBadDeflate);
    // Bytes too few for a header are taken for the rest of a stream that was cut.
    if (header.done != 1) return Broken(coded.size() < kGzipHeaderSize ? kBadGzipEnd : kBadGzipHeader);
    // zlib tells faults apart by its texts only.
    const std::string_view text = inflater.msg == nullptr ? "" : inflater.msg;
    return Broken(text.empty() || text.starts_with("incorrect ") ? kBadGzipEnd : kBadDeflate);
  };

  // zlib counts in 32 bits.
  inflater.next_in = reinterpret_cast<const Bytef*>(coded.data());
  inflater.avail_in = 0;
  size_t rest = coded.size();
  for (;;) {
    if (inflater.avail_in == 0) {
      inflater.avail_in = static_cast<uInt>(std::min<size_t>(rest, std::numeric_limits<uInt>::max()));
      rest -= inflater.avail_in;
    }
    size_t room = 0;
    inflater.next_out = reinterpret_cast<Bytef*>(sink.Room(&room));
    room = std::min<size_t>(room, std::numeric_limits<uInt>::max());
    inflater.avail_out = static_cast<uInt>(room);
    const int result = inflate(&inflater, Z_NO_FLUSH);
    if (!sink.Took(room - inflater.avail_out)) return TooLarge();
    if (result == Z_STREAM_END) return inflater.avail_in + rest == 0 ? DecodeResult{} : Broken(kTrailing);
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    // Z_BUF_ERROR: nothing could be done, as there is no input any more.
    if (result != Z_OK) return broken();
  }
}

// The window a frame asks for (at most 128 MiB) is address space until decoded bytes fill it, and those are limited.
DecodeResult Decoder::State::DecodeZstd(std::string_view coded, Sink& sink) {
  if (zstd == nullptr) zstd = ZSTD_createDCtx();
  if (zstd == nullptr) throw std::bad_alloc();
  ZSTD_DCtx_reset(zstd, ZSTD_reset_session_only);
  ZSTD_inBuffer in{coded.data(), coded.size(), 0};
  for (;;) {
    size_t room = 0;
    char* const at = sink.Room(&room);
    ZSTD_outBuffer out{at, room, 0};
    const size_t result = ZSTD_decompressStream(zstd, &out, &in);
    if (ZSTD_isError(result)) return Broken(ZSTD_getErrorName(result));
    if (!sink.Took(out.pos)) return TooLarge();
    if (in.pos < in.size) continue;  // frames may follow each other
    if (result == 0) return {};
    if (out.pos < out.size) return Broken(kCutOff);
  }
}

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;

DecodeResult Decoder::Decode(Coding coding, std::string_view coded, uint64_t limit, base::BodyBuffer* out) {
  Sink sink(out, limit);
  // Nothing at all is an empty body, but for gzip, whose end must be there.
  if (coded.empty() && coding != Coding::kGzip) return {};
  switch (coding) {
    case Coding::kIdentity:
      break;
    case Coding::kBrotli:
      return DecodeBrotli(coded, sink);
    case Coding::kGzip:
      return state_->Inflate(kGzipFormat, coded, sink);
    case Coding::kDeflate:
      return state_->Inflate(HasZlibHeader(coded) ? kZlibFormat : kRawFormat, coded, sink);
    case Coding::kZstd:
      return state_->DecodeZstd(coded, sink);
  }
  return {};
}

}  // namespace vecgate::compression
