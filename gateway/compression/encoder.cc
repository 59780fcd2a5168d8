#include "compression/encoder.h"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>
#include <new>

namespace vecgate::compression {
namespace {

constexpr int kZlibFormat = 15;
constexpr int kGzipFormat = 15 + 16;
constexpr int kMemoryLevel = 8;  // zlib's default
constexpr uInt kMostAtOnce = std::numeric_limits<uInt>::max();

void EncodeBrotli(int level, std::string_view plain, base::BodyBuffer* out) {
  size_t size = BrotliEncoderMaxCompressedSize(plain.size());
  auto* const room = reinterpret_cast<uint8_t*>(out->Reserve(size));
  if (BrotliEncoderCompress(level, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, plain.size(),
                            reinterpret_cast<const uint8_t*>(plain.data()), &size, room) != BROTLI_TRUE) {
    throw std::bad_alloc();  // there is room, so nothing else can fail
  }
  out->Commit(size);
}

class Deflater {
 public:
  explicit Deflater(int format) : format_(format) {}
  ~Deflater() {
    if (ready_) deflateEnd(&stream_);
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void Encode(int level, std::string_view plain, base::BodyBuffer* out) {
    if (ready_ && level != level_) {
      deflateEnd(&stream_);
      ready_ = false;
    }
    if (!ready_) {
      level_ = level;
      if (deflateInit2(&stream_, level, Z_DEFLATED, format_, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc();
      }
      ready_ = true;
    } else {
      deflateReset(&stream_);
    }
    stream_.next_in = reinterpret_cast<const Bytef*>(plain.data());
    stream_.avail_in = 0;
    size_t rest = plain.size();
    // zlib counts in 32 bits, so neither side may be given at once.
    for (int result = Z_OK; result != Z_STREAM_END;) {
      if (stream_.avail_in == 0) {
        stream_.avail_in = static_cast<uInt>(std::min<size_t>(rest, kMostAtOnce));
        rest -= stream_.avail_in;
      }
      const size_t room = std::min<size_t>(deflateBound(&stream_, stream_.avail_in), kMostAtOnce);
      stream_.next_out = reinterpret_cast<Bytef*>(out->Reserve(room));
      stream_.avail_out = static_cast<uInt>(room);
      result = deflate(&stream_, rest == 0 ? Z_FINISH : Z_NO_FLUSH);
      out->Commit(room - stream_.avail_out);
    }
  }

 private:
  const int format_;
  bool ready_ = false;
  int level_ = 0;
  z_stream stream_{};
};

}  // namespace

struct Encoder::State {
  Deflater gzip{kGzipFormat};
  Deflater deflate{kZlibFormat};
  ZSTD_CCtx* zstd = nullptr;

  ~State() { ZSTD_freeCCtx(zstd); }

  void EncodeZstd(int level, std::string_view plain, base::BodyBuffer* out) {
    if (zstd == nullptr) zstd = ZSTD_createCCtx();
    if (zstd == nullptr) throw std::bad_alloc();
    const size_t room = ZSTD_compressBound(plain.size());
    const size_t size = ZSTD_compressCCtx(zstd, out->Reserve(room), room, plain.data(), plain.size(), level);
    if (ZSTD_isError(size)) throw std::bad_alloc();  // there is room, so nothing else can fail
    out->Commit(size);
  }
};

Encoder::Encoder() : state_(std::make_unique<State>()) {}
Encoder::~Encoder() = default;

void Encoder::Encode(Coding coding, const Levels& levels, std::string_view plain, base::BodyBuffer* out) {
  switch (coding) {
    case Coding::kIdentity:
      out->Append(plain);
      break;
    case Coding::kBrotli:
      EncodeBrotli(levels.brotli, plain, out);
      break;
    case Coding::kGzip:
      state_->gzip.Encode(levels.gzip, plain, out);
      break;
    case Coding::kDeflate:
      state_->deflate.Encode(levels.gzip, plain, out);
      break;
    case Coding::kZstd:
      state_->EncodeZstd(levels.zstd, plain, out);
      break;
  }
}

}  // namespace vecgate::compression
