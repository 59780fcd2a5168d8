#include "base/url.h"

#include <algorithm>

#include "base/network.h"
#include "base/text.h"

namespace vecgate::base {

absl::StatusOr<Url> ParseUrl(std::string_view text) {
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kTls = "https://";
  const absl::Status bad = absl::InvalidArgumentError("must be a URL such as https://host/path or http://host:port");
  Url url;
  url.tls = text.starts_with(kTls);
  if (!url.tls && !text.starts_with(kPlain)) return bad;
  text.remove_prefix(url.tls ? kTls.size() : kPlain.size());
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '\\'; })) {
    return bad;
  }

  const size_t slash = text.find_first_of("/?");
  std::string_view authority = text.substr(0, slash);
  const std::string_view path = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
  url.path = path.starts_with('/') ? std::string(path) : Concat('/', path);
  if (authority.find('@') != std::string_view::npos) return bad;

  url.port = url.tls ? 443 : 80;
  const size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return bad;
  if (const size_t colon = authority.find(':', bracket); colon != std::string_view::npos) {
    if (!ParseDigits(authority.substr(colon + 1), &url.port) || url.port == 0) return bad;
    authority = authority.substr(0, colon);
  }
  if (bracket > 0) {
    if (authority.size() != bracket + 1) return bad;
    authority = authority.substr(1, bracket - 1);
  }
  if (authority.empty()) return bad;
  url.host = std::string(authority);
  return url;
}

bool IsExposed(const Url& url) {
  static const Network kThisMachine[] = {*Network::Parse("127.0.0.0/8"), *Network::Parse("::1")};
  return !url.tls && url.host != "localhost" &&
         std::none_of(std::begin(kThisMachine), std::end(kThisMachine),
                      [&url](const Network& own) { return own.Contains(url.host); });
}

}  // namespace vecgate::base
