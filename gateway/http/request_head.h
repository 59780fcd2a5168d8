// What a request says before its body.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/header.h"

namespace vecgate::http {

// Plain data; the views point into the session's copy of the head and live as long as the exchange.
struct RequestHead {
  std::string_view method;
  std::string_view path;   // of the origin form, percent-encoded as sent
  std::string_view query;  // without '?'
  std::vector<base::Header> headers;
  std::optional<uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = false;  // what the client asked for
  bool old_version = false;  // HTTP/1.0
  bool expect_continue = false;

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  // First field of that name (any case); empty when there is none.
  std::string_view Find(std::string_view name) const;
  bool Has(std::string_view name) const;
};

}  // namespace vecgate::http
