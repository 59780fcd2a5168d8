// A connection for one HTTP/1.1 request and its answer, both as streams.
//
//   Open -> Write (head, body) -> ReadHead -> ReadPiece until it gives nothing
//
// Nothing is read ahead of what is asked for, so a slow reader holds the other side back. Writing and reading may wait
// at the same time, in two coroutines.
//
// Time is watched from outside, by Tick. A wait past its deadline ends the connection.
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/awaitable.h"
#include "base/header.h"

namespace vecgate::http_client {

struct ResponseHead {
  uint32_t status = 0;
  std::vector<base::Header> headers;  // views that live as long as the connection
  std::optional<uint64_t> length;     // of the body, as announced
};

// Used on its executor's thread only. Failures: kUnavailable with the reason, or kDeadlineExceeded. Everything fails
// after the first failure.
class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Connection() = default;

  // Finds the address, connects and, where that is wanted, agrees on TLS.
  virtual base::Awaitable<absl::Status> Open(std::chrono::milliseconds limit) = 0;
  // Writes all of `bytes`; `progress` is the limit from one piece of progress to the next.
  virtual base::Awaitable<absl::Status> Write(std::string_view bytes, std::chrono::milliseconds progress) = 0;
  // Reads the head of the final answer; interim ones (1xx) are dropped. `bodiless`: the answer to HEAD has no body
  // whatever it says. Waits without limit until LimitAnswer is called.
  virtual base::Awaitable<absl::Status> ReadHead(bool bodiless) = 0;
  virtual void LimitAnswer(std::chrono::milliseconds limit) = 0;
  // After ReadHead.
  virtual const ResponseHead& head() const = 0;
  // Reads what comes next of the body to `piece`; empty: its end. Valid until the next call.
  virtual base::Awaitable<absl::Status> ReadPiece(std::chrono::milliseconds progress, std::string_view* piece) = 0;

  // Ends a Write that waits; reading goes on. Not while something waits to be read.
  virtual void StopWriting() = 0;
  // Ends the connection and everything that waits for it.
  virtual void Abort() = 0;
  virtual void Tick(Clock::time_point now) = 0;
};

}  // namespace vecgate::http_client
