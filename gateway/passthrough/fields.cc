#include "passthrough/fields.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace vecgate::passthrough {
namespace {

// What a request says beside its credentials, which come as metadata.
constexpr std::string_view kForwarded[] = {"accept",
                                           "accept-encoding",
                                           "accept-language",
                                           "content-encoding",
                                           "content-type",
                                           "if-match",
                                           "if-modified-since",
                                           "if-none-match",
                                           "if-range",
                                           "if-unmodified-since",
                                           "origin",
                                           "range"};

constexpr std::string_view kOfTheConnection[] = {
    "connection",        "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade"};
constexpr std::string_view kOurs[] = {"content-length", "content-type", "date", "x-request-id"};

template <typename Names>
bool Lists(const Names& names, std::string_view name) {
  return std::any_of(std::begin(names), std::end(names),
                     [name](std::string_view listed) { return base::EqualsIgnoreCase(listed, name); });
}

}  // namespace

std::string FormatHead(const http::RequestHead& head, const base::Metadata& metadata, std::string_view authority) {
  std::string out = base::Concat(head.method, " ", head.path, head.query.empty() ? "" : "?", head.query,
                                 " HTTP/1.1\r\nhost: ", authority, "\r\nconnection: close\r\n");
  if (head.chunked) {
    base::Append(&out, "transfer-encoding: chunked\r\n");
  } else if (head.content_length.has_value()) {
    base::Append(&out, "content-length: ", *head.content_length, "\r\n");
  }
  for (const auto& [name, value] : metadata) base::Append(&out, name, ": ", value, "\r\n");
  for (const base::Header& header : head.headers) {
    if (Lists(kForwarded, header.name)) base::Append(&out, header.name, ": ", header.value, "\r\n");
  }
  base::Append(&out, "\r\n");
  return out;
}

std::string ReplyFields(const http_client::ResponseHead& head, const base::Metadata& metadata) {
  std::vector<std::string_view> named;
  for (const base::Header& header : head.headers) {
    if (!base::EqualsIgnoreCase(header.name, "connection")) continue;
    for (const std::string_view name : base::Split(header.value, ',')) named.push_back(base::Trim(name));
  }
  std::string out;
  for (const base::Header& header : head.headers) {
    if (Lists(kOfTheConnection, header.name) || Lists(kOurs, header.name) || Lists(named, header.name)) continue;
    base::Append(&out, header.name, ": ", header.value, "\r\n");
  }
  for (const auto& [name, value] : metadata) {
    if (name == "x-request-id") base::Append(&out, name, ": ", value, "\r\n");
  }
  return out;
}

std::string_view ContentType(const http_client::ResponseHead& head) {
  for (const base::Header& header : head.headers) {
    if (base::EqualsIgnoreCase(header.name, "content-type")) return header.value;
  }
  return {};
}

}  // namespace vecgate::passthrough
