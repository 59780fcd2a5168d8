#include "http/head_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <utility>
#include <vector>

#include "base/text.h"

namespace vecgate::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

std::string_view View(string_view text) { return {text.data(), text.size()}; }

// Collects what Beast's grammar finds; keeps views, copies nothing.
class Collector final : public beast_http::basic_parser<true> {
 public:
  explicit Collector(RequestHead* head) : head_(*head) {
    header_limit(UINT32_MAX);
    body_limit(boost::none);
  }

  std::string_view target() const { return target_; }

 private:
  void on_request_impl(beast_http::verb, string_view method, string_view target, int version, error_code&) override {
    head_.method = View(method);
    head_.old_version = version < 11;
    target_ = View(target);
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(beast_http::field, string_view name, string_view value, error_code&) override {
    head_.headers.push_back({View(name), View(value)});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
  std::size_t on_body_impl(string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  RequestHead& head_;
  std::string_view target_;
};

// Origin form of a target: "/path?query". An absolute form loses scheme and authority. False: not a target to route.
bool SplitTarget(std::string_view target, RequestHead* head) {
  if (!target.starts_with('/')) {
    if (target == "*") {
      head->path = target;
      return true;
    }
    const size_t scheme = target.find("://");
    if (scheme == std::string_view::npos) {
      // CONNECT's authority form names no resource of ours.
      head->path = target;
      return head->method == "CONNECT";
    }
    const size_t path = target.find_first_of("/?", scheme + 3);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  if (const size_t fragment = target.find('#'); fragment != std::string_view::npos) return false;
  const size_t question = target.find('?');
  head->path = target.substr(0, question);
  if (head->path.empty()) head->path = "/";
  head->query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  return true;
}

// What RFC 3986 lets a host and port consist of beside letters and digits, less the comma: two hosts are none.
constexpr std::string_view kHostMarks = "-._~!$&'()*+;=:%[]";

bool ValidHost(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (base::ToLower(c) >= 'a' && base::ToLower(c) <= 'z') ||
           kHostMarks.find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string_view RequestHead::Find(std::string_view name) const {
  for (const base::Header& header : headers) {
    if (base::EqualsIgnoreCase(header.name, name)) return header.value;
  }
  return {};
}

bool RequestHead::Has(std::string_view name) const {
  for (const base::Header& header : headers) {
    if (base::EqualsIgnoreCase(header.name, name)) return true;
  }
  return false;
}

HeadScan ScanHead(std::string_view bytes, size_t scanned) {
  // A line feed at i ends a line; the head ends with the second of two in a row. Step back over what may have been
  // half of such a pair.
  size_t from = scanned > 3 ? scanned - 3 : 0;
  for (;;) {
    const size_t feed = bytes.find('\n', from);
    if (feed == std::string_view::npos) return {};
    if (feed == 0 || bytes[feed - 1] != '\r') return {HeadScan::Result::kMalformed, 0};
    // What follows the head is the body, whatever it begins with.
    if (feed >= 3 && bytes[feed - 2] == '\n') return {HeadScan::Result::kComplete, feed + 1};
    if (feed + 1 < bytes.size() && (bytes[feed + 1] == ' ' || bytes[feed + 1] == '\t')) {
      return {HeadScan::Result::kMalformed, 0};
    }
    from = feed + 1;
  }
}

uint32_t ParseHead(std::string_view bytes, RequestHead* out) {
  // The list of fields keeps its memory from one request to the next.
  std::vector<base::Header> headers = std::move(out->headers);
  headers.clear();
  *out = RequestHead{};
  out->headers = std::move(headers);
  Collector parser(out);
  error_code error;
  parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (error == beast_http::error::bad_version) return 505;
  if (error && error != beast_http::error::need_more) return 400;
  if (!parser.is_header_done()) return 400;
  if (!SplitTarget(parser.target(), out)) return 400;

  out->keep_alive = parser.keep_alive();
  out->chunked = parser.chunked();
  if (const auto length = parser.content_length()) out->content_length = *length;
  size_t hosts = 0;
  for (const base::Header& header : out->headers) {
    if (base::EqualsIgnoreCase(header.name, "host")) {
      ++hosts;
      if (!ValidHost(header.value)) return 400;
    } else if (base::EqualsIgnoreCase(header.name, "transfer-encoding")) {
      // Any other coding would leave the end of the body unknown.
      if (out->old_version) return 400;
      if (!base::EqualsIgnoreCase(header.value, "chunked")) return 501;
    } else if (base::EqualsIgnoreCase(header.name, "expect")) {
      out->expect_continue = base::EqualsIgnoreCase(header.value, "100-continue") && !out->old_version;
    }
  }
  if (hosts > 1 || (hosts == 0 && !out->old_version)) return 400;
  return 0;
}

}  // namespace vecgate::http
