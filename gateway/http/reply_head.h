// Head of a reply as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/exchange.h"

namespace vecgate::http {

enum class Connection : uint8_t {
  kKeep,
  kKeepAnnounced,  // HTTP/1.0 clients want to read it
  kClose,
};

// True when a reply of that status has neither body nor length (1xx, 204, 304).
bool Bodiless(uint32_t status);

// How the end of a body is found.
struct Framing {
  std::optional<uint64_t> length;
  bool chunked = false;  // neither: the end of the connection
};

// Replaces the content of `out`.
void WriteHead(const Response& response, Framing framing, Connection connection, std::string* out);

// "Sun, 06 Nov 1994 08:49:37 GMT", now; made anew once a second. Valid until the thread's next call.
std::string_view HttpDate();

}  // namespace vecgate::http
