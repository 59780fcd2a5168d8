// One request passed through to an HTTP server, and its answer back: streams in both directions, neither kept whole.
//
// A slow side holds the other one back. An answer that comes before the request's body has ended also ends that body.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/awaitable.h"
#include "base/header.h"
#include "http/exchange.h"
#include "http_client/target.h"

namespace vecgate::passthrough {

struct Settings {
  uint64_t body_bytes = 0;               // largest request body; 0: any
  std::chrono::milliseconds connect{};   // until a connection is there
  std::chrono::milliseconds progress{};  // between two pieces, with the other side
  std::chrono::milliseconds answer{};    // from the end of the request to the head of its answer
  std::chrono::milliseconds clock{};     // how often these are looked at
};

struct Outcome {
  enum class Result : uint8_t {
    kAnswered,
    kCutOff,   // the answer began and could not be ended; the client sees its connection reset
    kGone,     // the client went away
    kRefused,  // nothing was sent: something is wrong with the request's body, see `body`
    kAway,     // nothing was sent: the other side cannot be reached, or left
    kSilent,   // nothing was sent: the other side did not answer in time
  };
  Result result = Result::kAnswered;
  uint32_t status = 0;                                  // kAnswered, kCutOff: that of the answer
  http::BodyStatus body = http::BodyStatus::kComplete;  // kRefused
  std::string fault;                                    // kCutOff, kAway, kSilent: what happened
};

// Fields of our own for the answer's head, each ending in CRLF; asked for when the other side's head is there.
using OwnFields = std::function<std::string()>;

// Everything outlives the call. `executor` is that of the awaiting coroutine. Unless the outcome is kAnswered or
// kCutOff, nothing was sent to the client.
base::Awaitable<Outcome> Pass(http::Exchange& exchange, const base::Metadata& metadata, const OwnFields& own_fields,
                              const http_client::Target& target, const Settings& settings, base::Executor executor);

}  // namespace vecgate::passthrough
