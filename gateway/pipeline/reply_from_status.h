// The gateway's own refusals, in the API's envelope. What upstream errors become is the API's own table.
#pragma once

#include "limits/gate.h"
#include "runtime/translation.h"

namespace vecgate::pipeline {

enum class Refusal : uint8_t {
  kNoRoute,      // 404 with an empty body
  kNotAcceptable,  // 406: the client accepts no coding of ours
  kRestAway,     // 503: the REST port cannot be reached
  kRestSilent,   // 504: it did not answer in time
  kBodyStalled,  // 408: the body stopped coming
  kNoUpstreamCredential,  // 503: the gateway's own credential is not to be had
  kBodyBroken,   // chunked coding that cannot be read
};

// `fault`: what happened, for those of the REST port.
runtime::Reply ReplyFromStatus(const runtime::Api& api, Refusal refusal, double seconds, std::string_view fault = {});
runtime::Reply ReplyFromStatus(const runtime::Api& api, const limits::Refusal& refusal, double seconds);
runtime::Reply ReplyFromStatus(const runtime::Api& api, const runtime::CallOutcome& outcome, double seconds);

// True when the API's table has a row for the outcome's code, not only the one for all codes.
bool HasOwnRow(const runtime::ApiSpec& api, int code);

std::string_view NameOf(runtime::Origin origin);

}  // namespace vecgate::pipeline
