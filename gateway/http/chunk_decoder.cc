#include "http/chunk_decoder.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace vecgate::http {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

namespace {

// The last chunk without its end. Beast's parser counts on seeing all of the end when it sees this a second time.
bool IsHalfAnEnd(std::string_view bytes) { return bytes.starts_with("0\r\n") && bytes.size() < 5; }

}  // namespace

class ChunkDecoder::Parser final : public beast_http::basic_parser<true> {
 public:
  Parser(base::BodyBuffer* out, uint64_t limit) : out_(*out), limit_(limit) {
    eager(true);
    body_limit(boost::none);
    // The parser wants a head first. The real one was read already.
    constexpr std::string_view kHead = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    error_code error;
    put(boost::asio::buffer(kHead.data(), kHead.size()), error);
  }

  bool too_large() const { return too_large_; }

 private:
  void on_request_impl(beast_http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(beast_http::field, string_view, string_view, error_code&) override {}  // trailers: dropped
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t size, string_view, error_code& error) override {
    if (size > limit_ - decoded_) {
      too_large_ = true;
      error = beast_http::error::body_limit;
    }
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    out_.Append({body.data(), body.size()});
    decoded_ += body.size();
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  base::BodyBuffer& out_;
  const uint64_t limit_;
  uint64_t decoded_ = 0;
  bool too_large_ = false;
};

ChunkDecoder::ChunkDecoder(base::BodyBuffer* out, uint64_t limit) : parser_(std::make_unique<Parser>(out, limit)) {}
ChunkDecoder::~ChunkDecoder() = default;

ChunkDecoder::State ChunkDecoder::Put(std::string_view bytes, size_t* consumed) {
  *consumed = 0;
  while (*consumed < bytes.size()) {
    const std::string_view rest = bytes.substr(*consumed);
    if (IsHalfAnEnd(rest)) return State::kMore;
    error_code error;
    const size_t taken = parser_->put(boost::asio::buffer(rest.data(), rest.size()), error);
    *consumed += taken;
    if (parser_->too_large()) return State::kTooLarge;
    if (error == beast_http::error::need_more) return State::kMore;
    if (error) return State::kMalformed;
    if (parser_->is_done()) return State::kDone;
    if (taken == 0) return State::kMore;
  }
  return State::kMore;
}

}  // namespace vecgate::http
