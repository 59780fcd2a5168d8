#include "pipeline/reply_from_status.h"

#include <algorithm>

#include "base/text.h"
#include "compression/coding.h"

namespace vecgate::pipeline {

using runtime::Origin;
using runtime::Reply;

namespace {

struct Limited {
  uint32_t status;
  Origin origin;
  std::string_view text;
};

const Limited& TextOf(limits::Reason reason) {
  using limits::Reason;
  static constexpr Limited kFull{503, Origin::kGateway,
                                 "The gateway is answering as many requests as it may; try again"};
  static constexpr Limited kNoRoom{503, Origin::kGateway,
                                   "The gateway holds as many bytes of requests as it may; try again"};
  static constexpr Limited kCallerFull{429, Origin::kDownstream,
                                       "Too many requests: this caller has as many under way as it may"};
  static constexpr Limited kCallerRate{429, Origin::kDownstream,
                                       "Too many requests: this caller asks more often than it may"};
  static constexpr Limited kCallerPoints{429, Origin::kDownstream,
                                         "Too many requests: this caller wrote more points than it may"};
  static constexpr Limited kCallerValues{429, Origin::kDownstream,
                                         "Too many requests: this caller sent more vectors than it may"};
  static constexpr Limited kCollectionFull{429, Origin::kDownstream,
                                           "Too many requests: this collection is asked as much at a time as it may be"};
  static constexpr Limited kCollectionRate{429, Origin::kDownstream,
                                           "Too many requests: this collection is asked more often than it may be"};
  static constexpr Limited kCollectionPoints{
      429, Origin::kDownstream, "Too many requests: more points were written to this collection than may be"};
  static constexpr Limited kCollectionValues{429, Origin::kDownstream,
                                             "Too many requests: this collection was sent more vectors than it may be"};
  switch (reason) {
    case Reason::kInFlightBytes:
      return kNoRoom;
    case Reason::kCallerInFlight:
      return kCallerFull;
    case Reason::kCallerRequests:
      return kCallerRate;
    case Reason::kCallerPoints:
      return kCallerPoints;
    case Reason::kCallerValues:
      return kCallerValues;
    case Reason::kCollectionInFlight:
      return kCollectionFull;
    case Reason::kCollectionRequests:
      return kCollectionRate;
    case Reason::kCollectionPoints:
      return kCollectionPoints;
    case Reason::kCollectionValues:
      return kCollectionValues;
    default:
      return kFull;
  }
}

}  // namespace

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
    case Refusal::kNoUpstreamCredential:
      reply = api.ErrorReply(503, "The gateway has no credential for the database at the moment; try again",
                             Origin::kGateway, seconds);
      reply.retry_after = "1";
      break;
    case Refusal::kBodyBroken:
      reply = api.BrokenBodyReply("invalid chunked transfer coding");
      break;
  }
  return reply;
}

Reply ReplyFromStatus(const runtime::Api& api, const limits::Refusal& refusal, double seconds) {
  const Limited& limited = TextOf(refusal.reason);
  Reply reply = api.ErrorReply(limited.status, limited.text, limited.origin, seconds);
  reply.retry_after = base::Concat(refusal.retry_after);
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
