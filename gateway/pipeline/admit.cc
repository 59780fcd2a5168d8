// Who asks, and whether that caller may: the part of a request's way that is decided before its body is read, and again
// where the body names further collections.
#include <google/protobuf/arena.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "pipeline/handle_request.h"
#include "pipeline/reply_from_status.h"
#include "runtime/body.h"

namespace vecgate::pipeline {
namespace {

using base::Awaitable;
using runtime::CallOutcome;

constexpr std::chrono::seconds kValueTimeout{10};

// What the route is about to do with which collection.
auth::Wanted WantedBy(const runtime::RouteSpec& route, std::optional<std::string_view> collection,
                      const auth::NamedCollections& names) {
  auth::Wanted wanted;
  wanted.access = route.access;
  wanted.beside_points = route.beside_points;
  wanted.listed = !route.listed.field.empty();
  wanted.collection = collection;
  // Written by hand, so a body or a document says what it is about. Other routes that name no collection concern all.
  wanted.named = route.operation != nullptr && !collection.has_value() && names.AreAllThatConcern(route);
  return wanted;
}

bool HoldsSomething(const google::protobuf::Message& message, std::string_view name) {
  const auto* const field = message.GetDescriptor()->FindFieldByName(std::string(name));
  const auto* const reflection = message.GetReflection();
  return field->is_repeated() ? reflection->FieldSize(message, field) > 0 : reflection->HasField(message, field);
}

}  // namespace

Awaitable<std::optional<RequestHandler::Answer>> RequestHandler::Admit(Visit& visit,
                                                                       const runtime::RouteSpec* route) {
  visit.policy = policy_.Get();
  const auth::Policy& policy = *visit.policy;
  if (route != nullptr && route->access == runtime::Access::kOpen) {
    // Open to all, so nobody is asked who they are. Without an own credential at hand the call goes out bare.
    policy.credentials->Apply(!policy.authenticator->only_passes_through(), &visit.metadata);
    co_return std::nullopt;
  }
  KnownCallers::Found found = co_await callers_.Identify(policy, visit.exchange);
  if (found.identity.refusal.has_value()) co_return RefuseCaller(visit, *found.identity.refusal);
  visit.caller = found.identity.caller;
  visit.record.set_caller(visit.caller->name);
  if (!policy.credentials->Apply(visit.caller->known, &visit.metadata)) {
    Answer answer;
    answer.reply = ReplyFromStatus(services_.api, Refusal::kNoUpstreamCredential, visit.record.seconds());
    co_return answer;
  }
  if (found.remember.has_value() && !visit.caller->value_exists.empty()) {
    std::optional<Answer> refused = co_await CheckValue(visit);
    if (refused.has_value()) co_return refused;
  }
  callers_.Remember(found);
  if (route == nullptr) co_return std::nullopt;
  const std::optional<std::string> refused =
      visit.caller->grant.Refuse(
      WantedBy(*route, visit.collection, services_.callers.names()), services_.api.spec().access);
  if (!refused.has_value()) co_return std::nullopt;
  co_return RefuseCaller(visit, {auth::Reason::kForbidden, true, *refused});
}

// A token that is good only while a collection holds certain values. What the claim asks is in the API's rules.
Awaitable<std::optional<RequestHandler::Answer>> RequestHandler::CheckValue(Visit& visit) {
  const runtime::AccessSpec& words = services_.api.spec().access;
  const runtime::CallSpec& check = words.value_check;
  google::protobuf::Arena arena;
  runtime::UpstreamCall call;
  if (!check.method.empty()) call.request = check.request()->New(&arena);
  if (call.request == nullptr ||
      !runtime::ReadJson(services_.api.spec(), visit.caller->value_exists, check.read_body, call.request)) {
    co_return RefuseCaller(visit, {auth::Reason::kBadClaims, true, std::string(words.bad_signature)});
  }
  call.spec = &check;
  call.response = check.response()->New(&arena);
  call.timeout = kValueTimeout;
  const CallOutcome outcome = co_await CallUpstream(visit, call, runtime::Access::kRead);
  if (outcome.code == 0 && HoldsSomething(*call.response, words.value_found)) co_return std::nullopt;
  if (outcome.code == 0 || outcome.code == upstream::kNotFound) {
    co_return RefuseCaller(visit, {auth::Reason::kValueMissing, outcome.code != 0, std::string(words.value_failed)});
  }
  Answer answer;
  answer.reply = ReplyFromStatus(services_.api, outcome, visit.record.seconds());
  co_return answer;
}

std::optional<RequestHandler::Answer> RequestHandler::RefuseNamed(Visit& visit,
                                                                  const google::protobuf::Message& request) {
  if (visit.caller == nullptr) return std::nullopt;
  std::optional<std::string> refused = services_.callers.names().Refuse(request, visit.caller->grant);
  if (!refused.has_value()) return std::nullopt;
  return RefuseCaller(visit, {auth::Reason::kForbidden, true, *std::move(refused)});
}

std::optional<RequestHandler::Answer> RequestHandler::RefuseUnnamed(Visit& visit, const runtime::RouteSpec& route) {
  if (visit.caller == nullptr) return std::nullopt;
  auth::Wanted wanted = WantedBy(route, visit.collection, services_.callers.names());
  wanted.named = false;
  std::optional<std::string> refused = visit.caller->grant.Refuse(wanted, services_.api.spec().access);
  if (!refused.has_value()) return std::nullopt;
  return RefuseCaller(visit, {auth::Reason::kForbidden, true, *std::move(refused)});
}

RequestHandler::Answer RequestHandler::RefuseCaller(Visit& visit, const auth::Refusal& refusal) {
  services_.auth_failures.Count(refusal.reason);
  CallOutcome outcome;
  outcome.code = refusal.forbidden ? upstream::kPermissionDenied : upstream::kUnauthenticated;
  outcome.message = refusal.text;
  Answer answer;
  answer.reply = ReplyFromStatus(services_.api, outcome, visit.record.seconds());
  answer.reply.origin = runtime::Origin::kDownstream;
  answer.reply.fault = base::Concat("auth: ", auth::kReasonNames[static_cast<size_t>(refusal.reason)]);
  // RFC 6750 3: what is wrong with a token is told only to those who have shown one.
  if (!refusal.forbidden) {
    answer.authenticate = refusal.reason == auth::Reason::kNoCredential
                              ? R"(Bearer realm="vecgate")"
                              : R"(Bearer realm="vecgate", error="invalid_token")";
  }
  return answer;
}

}  // namespace vecgate::pipeline
