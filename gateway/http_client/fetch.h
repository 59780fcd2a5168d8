// One small request and its whole answer, for the gateway's own purposes: key sets, tokens, exports.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/awaitable.h"
#include "base/cancel.h"
#include "base/url.h"
#include "http_client/target.h"

namespace vecgate::http_client {

struct FetchRequest {
  std::string_view method = "GET";
  std::string_view path = "/";  // with the query
  std::string_view fields;      // further header fields, each ending in CRLF
  std::string_view body;        // sent with its length unless empty
};

struct FetchLimits {
  std::chrono::milliseconds time{10'000};  // from finding the address to the answer's last byte
  size_t body_bytes = 1024 * 1024;
};

struct FetchAnswer {
  uint32_t status = 0;  // any: judging it is the caller's
  std::string body;
};

// Makes the request on a connection of its own and closes it. Redirects are not followed. Fails with
// kDeadlineExceeded, kUnavailable (with the reason), kResourceExhausted (an answer beyond the limit) or kCancelled.
// `executor` is that of the awaiting coroutine; `target`, what `request` views and `cancel` (may be null) outlive the
// call.
base::Awaitable<absl::StatusOr<FetchAnswer>> Fetch(const Target& target, FetchRequest request, FetchLimits limits,
                                                   base::Executor executor, base::CancelSource* cancel = nullptr);

// Where a URL lies. `ca`: as in Address.
Address AddressOf(const base::Url& url, std::string ca);

}  // namespace vecgate::http_client
