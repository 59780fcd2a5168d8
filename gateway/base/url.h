// http and https URLs, as far as the gateway calls them itself.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace vecgate::base {

struct Url {
  bool tls = false;
  std::string host;  // name or address, without brackets
  uint16_t port = 0;
  std::string path;  // with the query, at least "/"
};

// "https://login.example.org/keys?x=1", "http://[::1]:8080". Fails on anything else, on credentials within a URL and on
// bytes that have no place in a request's first line. The error does not repeat the text, which may hold a secret.
absl::StatusOr<Url> ParseUrl(std::string_view text);

// Others on the way can read and change what goes there and comes from there: it has no TLS and is not this machine.
bool IsExposed(const Url& url);

}  // namespace vecgate::base
