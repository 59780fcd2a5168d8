// One connection: HTTP/1.1 requests answered one after the other, in the order they came.
//
// A read is always under way while a request is being answered, so a client that goes away is noticed and the bytes of
// pipelined requests are kept. That read is the one the next request is taken from.
//
// Time is watched from outside: the server calls Tick a few times a second, and a session past its deadline cancels
// what it waits for. Each wait has its own: handshake and head in total, body and reply from one piece of progress to
// the next.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/awaitable.h"
#include "config/config.h"
#include "http/exchange.h"
#include "http/plain_credentials.h"
#include "http/streams.h"

namespace vecgate::http {

// Used on the thread of its stream only.
class Session {
 public:
  using Clock = std::chrono::steady_clock;

  virtual ~Session() = default;

  // Serves the connection to its end. Runs once; the session outlives it.
  virtual base::Awaitable<void> Run() = 0;
  virtual void Tick(Clock::time_point now) = 0;
  // Ends the connection after the request being served; at once when there is none.
  virtual void BeginDrain() = 0;
  // Ends the connection now and cancels what it waits for.
  virtual void Abort() = 0;
};

// What a session is told; all outlive it.
struct SessionSettings {
  const std::string& listener;
  const config::Limits& limits;
  const config::Timeouts& timeouts;
  const bool& draining;  // replies announce the end of the connection
  const bool& ending;    // connections end instead of waiting for another request
  const tls::ListenerContexts* tls = nullptr;     // null: without TLS
  PlainCredentials* plain_credentials = nullptr;  // null: nobody is to be warned
};

std::unique_ptr<Session> MakeSession(Socket socket, Handler& handler, const SessionSettings& settings);

}  // namespace vecgate::http
