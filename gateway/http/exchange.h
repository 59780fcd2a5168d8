// One request and its reply, as the session offers them to whoever answers.
#pragma once

#include <cstdint>
#include <chrono>
#include <string_view>

#include "base/awaitable.h"
#include "base/cancel.h"
#include "http/request_head.h"

namespace vecgate::http {

enum class BodyStatus : uint8_t {
  kComplete,
  kTooLarge,   // larger than the limit; the connection closes after the reply
  kMalformed,  // broken chunked coding; the connection closes after the reply
  kStalled,    // no progress for too long; the connection closes after the reply
  kGone,       // the client went away: nobody reads a reply
};

struct Response {
  uint32_t status = 200;
  std::string_view content_type;  // empty: no such field
  // Further fields, each ending in CRLF.
  std::string_view fields;
  std::string_view body;
  bool close = false;  // the connection ends after this reply
};

// Owned by the session; used on its thread only. The call order is: ReadBody at most once, Send exactly once.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const RequestHead& head() const = 0;
  // When the first byte of the request was there.
  virtual std::chrono::steady_clock::time_point start() const = 0;

  // Reads the whole body; sends 100 Continue first when the client waits for it. An announced size beyond `limit` is
  // told without reading.
  virtual base::Awaitable<BodyStatus> ReadBody(uint64_t limit) = 0;
  // What ReadBody read. Padding (body_buffer.h) is readable behind it.
  virtual std::string_view body() const = 0;
  // Bytes of body read so far.
  virtual uint64_t body_bytes() const = 0;

  // Starts to notice that the client goes away; `gone()` then cancels. Bytes of later requests are kept.
  virtual void WatchClient() = 0;
  virtual base::CancelSource& gone() = 0;

  // Writes the reply; all views live until it returns. False: the client did not take it. A body that was not read
  // is skipped when it is small, else the connection closes.
  virtual base::Awaitable<bool> Send(const Response& response) = 0;
  // Bytes written by Send, head included.
  virtual uint64_t bytes_sent() const = 0;
};

// Answers requests. One object per I/O thread.
class Handler {
 public:
  virtual ~Handler() = default;

  // Answers one request by calling exchange.Send once.
  virtual base::Awaitable<void> Handle(Exchange& exchange) = 0;
  // A connection or its bytes were refused before there was a request; `status` is what was answered.
  virtual void Refused(uint32_t status) = 0;
};

}  // namespace vecgate::http
