#include "pipeline/reply_from_status.h"

#include <algorithm>

#include "base/text.h"
#include "compression/coding.h"

namespace vecgate::pipeline {

using runtime::Origin;
using runtime::Reply;

Reply ReplyFromStatus(const runtime::Api& api, Refusal refusal, double seconds, std::string_view fault) {
  Reply reply;
  switch (refusal) {
    case Refusal::kNoRoute:
      reply.status = 404;
      reply.origin = Origin::kDownstream;
      reply.fault = "no such route";
      break;
    case Refusal::kNotAcceptable:
      reply.status = 406;
      reply.origin = Origin::kDownstream;
      reply.fault = "no acceptable content coding";
      reply.body.Append(compression::kCodingNames);
      break;
    case Refusal::kOverloaded:
      reply = api.ErrorReply(503, "The gateway is answering as many requests as it may; try again", Origin::kGateway,
                             seconds);
      reply.retry_after = "1";
      break;
    case Refusal::kRestAway:
      reply = api.ErrorReply(503, base::Concat("The REST port of the database is not available: ", fault),
                             Origin::kUpstream, seconds);
      break;
    case Refusal::kRestSilent:
      reply = api.ErrorReply(504, "Timeout: the REST port of the database did not answer in time", Origin::kUpstream,
                             seconds);
      break;
    case Refusal::kBodyStalled:
      reply = api.ErrorReply(408, "Timeout: the request body stopped coming", Origin::kDownstream, seconds);
      break;
    case Refusal::kBodyBroken:
      reply = api.BrokenBodyReply("invalid chunked transfer coding");
      break;
  }
  return reply;
}

Reply ReplyFromStatus(const runtime::Api& api, const runtime::CallOutcome& outcome, double seconds) {
  return api.ErrorReply(outcome, seconds);
}

bool HasOwnRow(const runtime::ApiSpec& api, int code) {
  return std::any_of(api.errors.begin(), api.errors.end(),
                     [code](const runtime::ErrorRow& row) { return row.code == code; });
}

std::string_view NameOf(Origin origin) {
  switch (origin) {
    case Origin::kNone:
      return "none";
    case Origin::kDownstream:
      return "downstream";
    case Origin::kGateway:
      return "gateway";
    case Origin::kUpstream:
      return "upstream";
  }
  return "none";
}

}  // namespace vecgate::pipeline
