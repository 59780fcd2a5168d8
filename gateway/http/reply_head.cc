#include "http/reply_head.h"

#include <boost/beast/http/status.hpp>
#include <charconv>
#include <ctime>

namespace vecgate::http {
namespace {

void AppendNumber(uint64_t number, std::string* out) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof(text), number).ptr;
  out->append(text, end);
}

}  // namespace

bool Bodiless(uint32_t status) { return status < 200 || status == 204 || status == 304; }

void WriteHead(const Response& response, Framing framing, Connection connection, std::string* out) {
  out->assign("HTTP/1.1 ");
  AppendNumber(response.status, out);
  out->push_back(' ');
  const auto reason =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  out->append(reason.data(), reason.size());
  if (!Bodiless(response.status)) {
    if (framing.length.has_value()) {
      out->append("\r\ncontent-length: ");
      AppendNumber(*framing.length, out);
    } else if (framing.chunked) {
      out->append("\r\ntransfer-encoding: chunked");
    }
  }
  if (!response.content_type.empty()) {
    out->append("\r\ncontent-type: ");
    out->append(response.content_type);
  }
  if (connection == Connection::kClose) {
    out->append("\r\nconnection: close");
  } else if (connection == Connection::kKeepAnnounced) {
    out->append("\r\nconnection: keep-alive");
  }
  out->append("\r\ndate: ");
  out->append(HttpDate());
  out->append("\r\n");
  out->append(response.fields);
  out->append("\r\n");
}

std::string_view HttpDate() {
  thread_local std::time_t second = -1;
  thread_local char text[40];
  thread_local size_t size = 0;
  if (const std::time_t now = std::time(nullptr); now != second) {
    second = now;
    std::tm parts{};
    gmtime_r(&now, &parts);
    // The names are English whatever the locale: this program never sets one.
    size = std::strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  }
  return {text, size};
}

}  // namespace vecgate::http
