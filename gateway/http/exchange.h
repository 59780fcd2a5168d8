// One request and its reply, as the session offers them to whoever answers.
#pragma once

#include <cstdint>
#include <chrono>
#include <optional>
#include <string_view>

#include "base/awaitable.h"
#include "base/byte_budget.h"
#include "base/cancel.h"
#include "http/connection_facts.h"
#include "http/request_head.h"

namespace vecgate::http {

enum class BodyStatus : uint8_t {
  kComplete,
  kTooLarge,   // larger than the limit; the connection closes after the reply
  kMalformed,  // broken chunked coding; the connection closes after the reply
  kStalled,    // no progress for too long; the connection closes after the reply
  kGone,       // the client went away: nobody reads a reply
  kStopped,    // StopReading was called; the connection closes after the reply
  kNoRoom,     // the budget has no room for it; the connection closes after the reply
};

// What came of a body. kComplete without bytes: its end.
struct BodyPiece {
  BodyStatus status = BodyStatus::kComplete;
  std::string_view bytes = {};  // valid until the next piece is read
};

struct Response {
  uint32_t status = 200;
  std::string_view content_type;  // empty: no such field
  // Further fields, each ending in CRLF.
  std::string_view fields;
  std::string_view body;
  bool close = false;  // the connection ends after this reply
};

// Owned by the session; used on its thread only.
//
// The request's body is read at once (ReadBody) or piece by piece (ReadPiece), or not at all. The reply is sent at once
// (Send) or in pieces (SendHead, SendPiece, SendEnd). A reply that is begun and not ended resets the connection, so that
// nobody takes it for a whole one.
class Exchange {
 public:
  virtual ~Exchange() = default;

  virtual const RequestHead& head() const = 0;
  // The same object for all requests of a connection.
  virtual const ConnectionFacts& connection() const = 0;
  // When the first byte of the request was there.
  virtual std::chrono::steady_clock::time_point start() const = 0;

  // Reads the whole body; sends 100 Continue first when the client waits for it. An announced size beyond `limit` is
  // told without reading. What is held of it is taken from `budget` (may be null) before, an announced size at once.
  virtual base::Awaitable<BodyStatus> ReadBody(uint64_t limit, base::ByteBudget* budget = nullptr) = 0;
  // What ReadBody read. Padding (body_buffer.h) is readable behind it.
  virtual std::string_view body() const = 0;
  // Reads what comes next of the body, in pieces of some ten KiB; until then it stays with the client. `limit` is that
  // of the whole body, and the same in all calls.
  virtual base::Awaitable<BodyPiece> ReadPiece(uint64_t limit) = 0;
  // Lets a ReadPiece that waits for the client, or the next one, return kStopped. It may end within this call.
  virtual void StopReading() = 0;
  // Bytes of body read so far.
  virtual uint64_t body_bytes() const = 0;

  // Starts to notice that the client goes away; `gone()` then cancels. Bytes of later requests are kept.
  virtual void WatchClient() = 0;
  virtual base::CancelSource& gone() = 0;

  // Writes the reply; all views live until it returns. False: the client did not take it. A body that was not read
  // is skipped when it is small, else the connection closes.
  virtual base::Awaitable<bool> Send(const Response& response) = 0;

  // Writes the head of a reply; `response.body` is not looked at. `length`: of its body; unknown bodies are sent in
  // chunks, to old clients up to the end of the connection. False, here and below: the client did not take it.
  virtual base::Awaitable<bool> SendHead(const Response& response, std::optional<uint64_t> length) = 0;
  // Writes what comes next of the body and returns when the connection has room for more. Replies that have no body by
  // their status or the request's method drop it.
  virtual base::Awaitable<bool> SendPiece(std::string_view bytes) = 0;
  virtual base::Awaitable<bool> SendEnd() = 0;

  // Bytes of the reply so far, head included.
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
