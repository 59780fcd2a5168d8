#include "pipeline/handle_request.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/at_once.h"
#include "base/body_buffer.h"
#include "base/log.h"
#include "base/text.h"
#include "limits/cost.h"
#include "pipeline/cors.h"
#include "pipeline/media_types.h"
#include "pipeline/reply_from_status.h"
#include "runtime/json_value.h"
#include "tracing/query_shape.h"

namespace vecgate::pipeline {
namespace {

using base::Awaitable;
using compression::Coding;
using http::BodyStatus;
using metrics::Stage;
using runtime::CallOutcome;
using runtime::Reply;
using runtime::Step;

static_assert(base::kBodyPadding >= runtime::kBodyPadding);

// How much smaller codings make a body of JSON, about: what tells a large one before it is decoded.
constexpr uint64_t kUsualRatio = 8;
constexpr std::chrono::seconds kProofTimeout{10};
// Calls of one request at a time.
constexpr size_t kCallsAtOnce = 8;

// The body of routes that take none.
constexpr std::array<char, base::kBodyPadding> kNoBody{};

// Refused as a caller, not for what was asked: such answers are told in plain text, by a layer before the API.
bool RefusesCaller(const runtime::Api& api, const CallOutcome& outcome) {
  if (outcome.code == upstream::kUnauthenticated) return true;
  // Servers that put everything into one code tell by the text.
  if (outcome.code == upstream::kUnknown) return api.ErrorReply(outcome, 0).status == 401;
  return outcome.code == upstream::kPermissionDenied &&
         api.ErrorReply(outcome, 0).content_type != "application/json";
}

// The collection that the path names; nothing: the route is about none, or all.
std::optional<std::string_view> CollectionOf(const runtime::RouteSpec& spec, std::span<const std::string> variables) {
  if (spec.scope.empty()) return std::nullopt;
  for (size_t i = 0; i < spec.variables.size() && i < variables.size(); ++i) {
    if (spec.variables[i].name == spec.scope) return variables[i];
  }
  return std::nullopt;
}

bool IsTrusted(const std::vector<base::Network>& trusted, const http::ConnectionFacts& client) {
  return std::any_of(trusted.begin(), trusted.end(),
                     [&](const base::Network& network) { return network.Contains(client.peer_address); });
}

// Whom limits per caller are kept for: the caller's name where the gateway knows it, what was sent to prove who it is
// where the upstream judges that, else where it comes from. Never shown to anybody. `caller` is null on open routes.
std::string CallerKey(const auth::Caller* caller, const base::Metadata& metadata,
                      const http::ConnectionFacts& connection) {
  if (caller != nullptr && !caller->known) {
    static const auth::Fingerprint kNothing = auth::FingerprintOf({});
    const auth::Fingerprint fingerprint = auth::FingerprintOf(metadata);
    if (fingerprint != kNothing) return {reinterpret_cast<const char*>(fingerprint.data()), fingerprint.size()};
  } else if (caller != nullptr && !caller->name.empty()) {
    // Who writes tokens chooses names in them, and cannot take that of a key.
    return base::Concat(caller->method, " ", caller->name);
  }
  return base::Concat("from ", connection.peer_address);
}

}  // namespace

absl::StatusOr<routing::RouteTable> TableOf(const runtime::Api& api) {
  routing::RouteTableBuilder builder;
  for (size_t i = 0; i < api.routes().size(); ++i) {
    const runtime::RouteSpec& spec = runtime::SpecOf(*api.routes()[i]);
    if (absl::Status status = builder.Add(spec.method, spec.path, i); !status.ok()) return status;
  }
  return std::move(builder).Build();
}

std::vector<metrics::RouteLabel> LabelsOf(const runtime::Api& api) {
  std::vector<metrics::RouteLabel> labels;
  for (const auto& route : api.routes()) {
    const runtime::RouteSpec& spec = runtime::SpecOf(*route);
    labels.push_back({std::string(spec.method), std::string(spec.path)});
  }
  return labels;
}

RequestHandler::RequestHandler(const Services& services, size_t thread, base::Executor executor,
                               upstream::Client& upstream)
    : services_(services),
      config_(services.config),
      rest_(services.rest),
      executor_(executor),
      upstream_(upstream),
      thread_(thread),
      observation_(services.observation),
      metrics_(services.metrics.thread(thread)),
      door_(services.gate, thread),
      forward_{services.api.spec().forward_headers, services.api.spec().forward_header_suffixes,
               services.api.spec().forward_headers_read, services.api.spec().forward_headers_trusted,
               services.api.spec().forward_header_prefixes},
      proofs_(auth::kProofLifetime, auth::kProofsKept),
      policy_(services.callers.policy()),
      background_(executor, upstream) {}

Awaitable<void> RequestHandler::Handle(http::Exchange& exchange) {
  Visit visit{exchange, config_.Get(), {exchange, observation_.Get(), services_.metrics, thread_}, {}, {}, {}};
  const Answer answer = co_await Produce(visit);
  if (!answer.done) co_await Send(visit, answer);
  if (visit.record.IsSlow()) {
    const bool decoded = visit.decoded.size() > 0;
    visit.record.set_shape(tracing::QueryShape(decoded ? visit.decoded.view() : exchange.body()));
  }
}

bool RequestHandler::MayEnter(Visit& visit, Answer* answer) {
  const std::string caller = CallerKey(visit.caller.get(), visit.metadata, visit.exchange.connection());
  std::string collection(visit.collection.value_or(""));
  // Collections of several databases may have equal names.
  if (!collection.empty() && !services_.upstream.empty()) {
    collection = base::Concat(services_.upstream, "/", collection);
  }
  const auto refusal = door_.Enter(caller, collection, &visit.held);
  if (!refusal.has_value()) return true;
  answer->reply = ReplyFromStatus(services_.api, *refusal, visit.record.seconds());
  return false;
}

void RequestHandler::Refused(uint32_t status) {
  metrics_.Refused(status);
  if (status == 431) door_.Count(limits::Reason::kHeaderBytes);
  if (status == 503) door_.Count(limits::Reason::kConnections);
  if (status == 408) door_.Count(limits::Reason::kSlow);
}

// The rooms in their order. Whatever is decided on the head comes before the body is paid for.
Awaitable<RequestHandler::Answer> RequestHandler::Produce(Visit& visit) {
  const http::RequestHead& head = visit.exchange.head();
  const runtime::Api& api = services_.api;

  // Browsers ask without credentials.
  if (api.spec().cors && IsPreflight(head.method, head.headers)) {
    Answer answer;
    answer.preflight = true;
    co_return answer;
  }

  // Admission.
  Answer own;
  if (const auto refusal = door_.Enter(&visit.held)) {
    own.reply = ReplyFromStatus(api, *refusal, visit.record.seconds());
    co_return own;
  }
  visit.record.EndStage(Stage::kQueue);

  // Routing.
  const std::optional<routing::RouteMatch> match = services_.routes.Match(head.method, head.path);

  // The caller. Where the upstream judges callers, answers of our own ask it first.
  const runtime::RouteSpec* const wanted = match.has_value() ? &runtime::SpecOf(*api.routes()[match->route]) : nullptr;
  const bool is_read = wanted == nullptr || wanted->access == runtime::Access::kRead;
  visit.metadata = auth::ForwardedMetadata(
      head.headers, forward_,
      {.is_read = is_read, .from_trusted_proxy = IsTrusted(visit.config->trusted_proxies, visit.exchange.connection())});
  if (!api.spec().credential_param.empty()) {
    auth::AddParamCredential(head.query, api.spec().credential_param, api.spec().credential_scheme, &visit.metadata);
  }
  visit.record.Attach(&visit.metadata);
  if (wanted != nullptr) {
    visit.record.set_route(services_.first_route + match->route, *wanted);
    visit.collection = CollectionOf(*wanted, match->variables);
    visit.record.set_collection(visit.collection.value_or(""));
  }
  std::optional<Answer> refused = co_await Admit(visit, wanted);
  if (refused.has_value()) co_return *std::move(refused);
  if (visit.config->compression.responses) {
    const std::optional<Coding> coding = compression::ReplyCoding(head.headers);
    if (!coding.has_value()) {
      own.reply = ReplyFromStatus(api, Refusal::kNotAcceptable, 0);
      own.vary = "Accept-Encoding";
      if (wanted != nullptr && wanted->access == runtime::Access::kOpen) co_return own;
      co_return co_await Proven(visit, std::move(own));
    }
    visit.reply_coding = *coding;
  }
  if (!match.has_value()) {
    own.reply = NoRoute(head);
    co_return co_await Proven(visit, std::move(own));
  }
  const runtime::CompiledRoute& route = *api.routes()[match->route];
  const runtime::RouteSpec& spec = runtime::SpecOf(route);
  const std::shared_ptr<const RestPort> rest = spec.group.empty() ? nullptr : rest_.Get();
  const bool passes = rest != nullptr && spec.operation == nullptr && rest->Takes(spec, match->variables);
  if (spec.local.kind != runtime::LocalSpec::Kind::kNone && !passes) {
    own.reply = LocalReply(spec.local);
    if (spec.access == runtime::Access::kOpen) co_return own;
    co_return co_await Proven(visit, std::move(own));
  }
  if (door_.has_keys() && !MayEnter(visit, &own)) co_return own;
  if (passes) co_return co_await PassThrough(visit, *rest);
  if (!spec.unavailable.empty()) {
    own.reply = api.UnavailableReply(spec, visit.record.seconds());
    co_return co_await Proven(visit, std::move(own));
  }

  if (std::optional<Reply> refusal = RefuseMedia(head, spec)) {
    own.reply = *std::move(refusal);
    co_return co_await Proven(visit, std::move(own));
  }

  // The body.
  std::string_view body(kNoBody.data(), 0);
  if (spec.has_body) {
    const uint64_t limit = visit.config->limits.body_bytes;
    const BodyStatus status = co_await visit.exchange.ReadBody(limit, &visit.held);
    visit.record.EndStage(Stage::kRead);
    if (status != BodyStatus::kComplete) co_return co_await RefuseBody(visit, status, limit);
    body = visit.exchange.body();
    const bool decoded = co_await DecodeBody(visit, &body, &own);
    if (!decoded) co_return co_await Proven(visit, std::move(own));
  }

  // Translation and upstream.
  co_return co_await Translate(visit, route, match->variables, body);
}

Reply RequestHandler::NoRoute(const http::RequestHead& head) const {
  const runtime::Api& api = services_.api;
  if (!api.spec().head_texts.wrong_method.empty()) {
    const std::vector<std::string> methods = services_.routes.MethodsAt(head.path);
    if (!methods.empty()) return *api.WrongMethodReply(head.method, base::Join(methods, ","));
  }
  std::optional<Reply> reply = api.NoRouteReply(head.path);
  return reply.has_value() ? *std::move(reply) : ReplyFromStatus(api, Refusal::kNoRoute, 0);
}

std::optional<Reply> RequestHandler::RefuseMedia(const http::RequestHead& head, const runtime::RouteSpec& spec) const {
  const runtime::HeadTexts& texts = services_.api.spec().head_texts;
  if (!texts.wrong_content_type.empty() && spec.has_body && head.has_body()) {
    if (const std::string_view type = BodyTypeOf(head); !IsJson(type)) return services_.api.WrongContentTypeReply(type);
  }
  if (!texts.not_acceptable.empty() && !TakesJson(head)) return services_.api.NotAcceptableReply();
  return std::nullopt;
}

Awaitable<RequestHandler::Answer> RequestHandler::RefuseBody(Visit& visit, BodyStatus status, uint64_t limit) {
  Answer answer;
  answer.close = true;
  switch (status) {
    case BodyStatus::kComplete:
    case BodyStatus::kStopped:
    case BodyStatus::kGone:
      answer.done = true;
      co_return answer;
    case BodyStatus::kNoRoom:
      door_.Count(limits::Reason::kInFlightBytes);
      answer.reply = ReplyFromStatus(services_.api, {limits::Reason::kInFlightBytes, 1}, visit.record.seconds());
      co_return answer;
    case BodyStatus::kStalled:
      door_.Count(limits::Reason::kSlow);
      answer.reply = ReplyFromStatus(services_.api, Refusal::kBodyStalled, visit.record.seconds());
      co_return answer;
    case BodyStatus::kTooLarge:
      door_.Count(limits::Reason::kBodyBytes);
      answer.reply = services_.api.BodyTooLargeReply(visit.exchange.head().content_length, limit);
      break;
    case BodyStatus::kMalformed:
      answer.reply = ReplyFromStatus(services_.api, Refusal::kBodyBroken, 0);
      break;
  }
  co_return co_await Proven(visit, std::move(answer));
}

Awaitable<RequestHandler::Answer> RequestHandler::PassThrough(Visit& visit, const RestPort& rest) {
  using Result = passthrough::Outcome::Result;
  visit.record.SkipTime();
  // Until the answer began: what comes after its head cannot be told in it.
  const passthrough::OwnFields own_fields = [&visit] {
    visit.record.EndStage(Stage::kUpstream);
    if (!visit.record.tells_timing()) return std::string();
    return base::Concat("server-timing: ", visit.record.ServerTiming(), "\r\n");
  };
  const passthrough::Outcome outcome =
      co_await passthrough::Pass(visit.exchange, visit.metadata, own_fields, rest.target(), rest.settings(), executor_);
  visit.record.EndStage(Stage::kUpstream);
  const std::string_view method = visit.exchange.head().method;
  if (method != "GET" && method != "HEAD") rest.NoteWrite();
  Answer answer;
  switch (outcome.result) {
    case Result::kCutOff:
      visit.record.set_fault(NameOf(runtime::Origin::kUpstream), outcome.fault);
      [[fallthrough]];
    case Result::kAnswered:
      visit.record.set_status(outcome.status);
      [[fallthrough]];
    case Result::kGone:
      answer.done = true;
      co_return answer;
    case Result::kRefused:
      co_return co_await RefuseBody(visit, outcome.body, rest.settings().body_bytes);
    case Result::kAway:
      answer.reply = ReplyFromStatus(services_.api, Refusal::kRestAway, visit.record.seconds(), outcome.fault);
      break;
    case Result::kSilent:
      answer.reply = ReplyFromStatus(services_.api, Refusal::kRestSilent, visit.record.seconds());
      break;
  }
  co_return answer;
}

Awaitable<bool> RequestHandler::DecodeBody(Visit& visit, std::string_view* body, Answer* answer) {
  const Coding coding = compression::RequestCoding(visit.exchange.head().headers);
  if (coding == Coding::kIdentity) co_return true;
  const uint64_t limit = visit.config->limits.body_bytes;
  compression::DecodeResult result;
  if (body->size() * kUsualRatio >= visit.config->compression.offload_bytes) {
    result = co_await services_.offload.Decode(executor_, coding, *body, limit, &visit.decoded);
  } else {
    result = decoder_.Decode(coding, *body, limit, &visit.decoded);
  }
  metrics_.coded_request_bytes.Add(body->size());
  metrics_.decoded_request_bytes.Add(visit.decoded.size());
  visit.record.EndStage(Stage::kParse);
  *body = visit.decoded.view();
  switch (result.status) {
    case compression::DecodeStatus::kDone:
      if (visit.held.Take(visit.decoded.size())) co_return true;
      door_.Count(limits::Reason::kInFlightBytes);
      answer->reply = ReplyFromStatus(services_.api, {limits::Reason::kInFlightBytes, 1}, visit.record.seconds());
      co_return false;
    case compression::DecodeStatus::kTooLarge:
      door_.Count(limits::Reason::kBodyBytes);
      answer->reply = services_.api.BodyTooLargeReply(std::nullopt, limit);
      answer->close = true;
      co_return false;
    case compression::DecodeStatus::kBroken:
      answer->reply = services_.api.BrokenBodyReply(result.what);
      co_return false;
  }
  co_return true;
}

Awaitable<RequestHandler::Answer> RequestHandler::Translate(Visit& visit, const runtime::CompiledRoute& route,
                                                            std::span<const std::string> variables,
                                                            std::string_view body) {
  const runtime::RouteSpec& spec = runtime::SpecOf(route);
  auto work = std::make_unique<RequestWork>(services_.api, route);
  visit.record.SkipTime();
  Step* step = &work->translation().Begin({variables, visit.exchange.head().query, body}, visit.exchange.start());
  visit.record.EndStage(Stage::kParse);
  Answer answer;
  if (step->kind == Step::Kind::kElsewhere) {
    const std::shared_ptr<const RestPort> rest = rest_.Get();
    if (rest != nullptr && rest->Takes(spec, variables)) {
      if (std::optional<Answer> refused = RefuseUnnamed(visit, spec)) co_return *std::move(refused);
      co_return co_await PassThrough(visit, *rest);
    }
  }
  if (step->kind != Step::Kind::kCall) {
    answer.reply = std::move(step->reply);
    if (spec.access == runtime::Access::kOpen) co_return answer;
    co_return co_await Proven(visit, std::move(answer));
  }

  if (visit.held.costs()) {
    const bool writes = spec.access == runtime::Access::kWrite;
    for (const runtime::UpstreamCall& call : step->calls) {
      if (call.request == nullptr) continue;
      visit.held.Charge({writes ? limits::Points(*call.request) : 0, limits::VectorValues(*call.request)});
    }
  }
  visit.exchange.WatchClient();
  while (step->kind == Step::Kind::kCall) {
    for (const runtime::UpstreamCall& call : step->calls) {
      if (call.request == nullptr) continue;
      if (std::optional<Answer> refused = RefuseNamed(visit, *call.request)) co_return *std::move(refused);
    }
    if (step->calls[0].background) {
      // The answer goes out before the upstream's, so the credential is proven first.
      answer.reply = std::move(step->reply);
      answer = co_await Proven(visit, std::move(answer));
      if (answer.reply.origin != runtime::Origin::kNone) co_return answer;
      const runtime::UpstreamCall call = step->calls[0];
      background_.Start({std::move(work), call, std::move(visit.metadata), std::move(visit.held), visit.record.id(),
                         spec.path, spec.access});
      co_return answer;
    }
    runtime::CallOutcomes outcomes = co_await CallAll(visit, step->calls, spec.access);
    if (visit.exchange.gone().cancelled()) {
      answer.done = true;
      co_return answer;
    }
    // A name that the upstream took for one.
    if (!visit.record.has_collection() && outcomes[0].code == 0 && step->calls[0].request != nullptr) {
      visit.record.set_collection(services_.callers.names().First(*step->calls[0].request));
    }
    if (!spec.listed.field.empty() && visit.caller != nullptr && outcomes[0].code == 0) {
      auth::KeepReadable(spec.listed, visit.caller->grant, step->calls[0].response);
    }
    step = &work->translation().Resume(std::move(outcomes));
    visit.record.EndStage(Stage::kPrint);
  }
  answer.reply = std::move(step->reply);
  co_return answer;
}

Awaitable<runtime::CallOutcomes> RequestHandler::CallAll(Visit& visit, std::span<const runtime::UpstreamCall> calls,
                                                          runtime::Access access) {
  runtime::CallOutcomes outcomes(calls.size());
  if (calls.size() == 1) {
    outcomes[0] = co_await CallUpstream(visit, calls[0], access);
    co_return outcomes;
  }
  auto make = [&](size_t i) -> Awaitable<void> { outcomes[i] = co_await CallUpstream(visit, calls[i], access); };
  co_await base::AtOnce(executor_, calls.size(), kCallsAtOnce, make);
  co_return outcomes;
}

Awaitable<CallOutcome> RequestHandler::AskRest(Visit& visit, const runtime::UpstreamCall& call) {
  const std::shared_ptr<const RestPort> rest = rest_.Get();
  CallOutcome outcome;
  if (rest == nullptr) {
    outcome.code = upstream::kUnavailable;
    outcome.message = "There is no REST port";
    outcome.from_client = true;
    co_return outcome;
  }
  visit.record.SkipTime();
  outcome = co_await lookup_.Get(*rest, call.rest_path, visit.metadata,
                                 std::chrono::duration_cast<std::chrono::milliseconds>(call.timeout), executor_,
                                 &visit.exchange.gone());
  visit.record.EndStage(Stage::kUpstream);
  co_return outcome;
}

Awaitable<CallOutcome> RequestHandler::CallUpstream(Visit& visit, const runtime::UpstreamCall& call,
                                                    runtime::Access access) {
  if (!call.rest_path.empty()) co_return co_await AskRest(visit, call);
  upstream::CallRequest request;
  request.method = call.spec->method;
  request.message = call.request;
  request.response = call.response;
  request.timeout = call.timeout;
  request.metadata = &visit.metadata;
  request.access = access;
  // One that is the API's usual one was not asked for.
  request.own_timeout = call.timeout.count() != services_.api.spec().default_timeout_seconds;
  visit.record.SkipTime();
  const RequestRecord::Call span = visit.record.BeginCall(&visit.metadata);
  CallOutcome outcome = co_await upstream_.Call(request, &visit.exchange.gone());
  visit.record.EndStage(Stage::kUpstream);
  visit.record.EndCall(span, call.spec->method, outcome.code);
  outcome.anonymous = outcome.code != 0 && auth::IsAnonymous(visit.metadata, services_.api.spec().credential_scheme);
  if (outcome.code != 0 && !HasOwnRow(services_.api.spec(), outcome.code)) metrics_.unmapped_upstream_errors.Add(1);
  if (RefusesCaller(services_.api, outcome)) {
    services_.auth_failures.Count(auth::Reason::kUpstream);
    // The caller is not to blame for a credential that is ours.
    if (visit.policy->credentials->own()) {
      outcome.code = upstream::kUnavailable;
      outcome.message = "The database does not accept the credential of the gateway";
    }
  }
  co_return outcome;
}

Awaitable<RequestHandler::Answer> RequestHandler::Proven(Visit& visit, Answer answer) {
  const runtime::CallSpec& proof = services_.api.spec().credential_proof;
  if (proof.method.empty() || (visit.caller != nullptr && visit.caller->known)) co_return answer;
  const auth::Fingerprint fingerprint = auth::FingerprintOf(visit.metadata);
  const auth::Verdict* known = proofs_.Find(fingerprint, auth::ProofCache::Clock::now());
  auth::Verdict verdict;
  if (known != nullptr) {
    verdict = *known;
  } else {
    const std::unique_ptr<google::protobuf::Message> question(proof.request()->New());
    const std::unique_ptr<google::protobuf::Message> reply(proof.response()->New());
    runtime::UpstreamCall call;
    call.spec = &proof;
    call.request = question.get();
    call.response = reply.get();
    call.timeout = kProofTimeout;
    const CallOutcome outcome = co_await CallUpstream(visit, call, runtime::Access::kRead);
    // Nobody to ask: the answer does not depend on the upstream, so it goes out.
    if (outcome.from_client) co_return answer;
    verdict.refused = RefusesCaller(services_.api, outcome);
    if (verdict.refused) {
      verdict.code = outcome.code;
      verdict.message = outcome.message;
    }
    proofs_.Put(fingerprint, verdict, auth::ProofCache::Clock::now());
  }
  if (!verdict.refused) co_return answer;
  CallOutcome refusal;
  refusal.code = verdict.code;
  refusal.message = std::move(verdict.message);
  refusal.anonymous = auth::IsAnonymous(visit.metadata, services_.api.spec().credential_scheme);
  answer.reply = ReplyFromStatus(services_.api, refusal, visit.record.seconds());
  co_return answer;
}

Reply RequestHandler::LocalReply(const runtime::LocalSpec& local) const {
  Reply reply;
  reply.status = local.status;
  reply.content_type = local.content_type;
  if (!local.location.empty()) reply.fields = base::Concat("location: ", local.location, "\r\n");
  switch (local.kind) {
    case runtime::LocalSpec::Kind::kNone:
    case runtime::LocalSpec::Kind::kText:
      reply.body.Append(local.text);
      break;
    case runtime::LocalSpec::Kind::kReady:
      if (services_.ready()) {
        reply.body.Append(local.text);
      } else {
        reply.status = 503;
        reply.body.Append(local.otherwise);
      }
      break;
    case runtime::LocalSpec::Kind::kMetrics:
      if (reply.content_type.empty()) reply.content_type = metrics::kTextContentType;
      reply.body.Append(services_.metrics.Text());
      break;
  }
  return reply;
}

Awaitable<void> RequestHandler::Send(Visit& visit, const Answer& answer) {
  const Reply& reply = answer.reply;
  std::string_view body = reply.body.view();
  std::string_view vary = answer.vary;
  base::BodyBuffer coded;
  // What the layer before the API says (no content type) is not compressed by the API's own server either.
  const bool code = visit.reply_coding != Coding::kIdentity && !reply.content_type.empty() && !body.empty() &&
                    body.size() >= visit.config->compression.minimum_bytes;
  if (code) {
    visit.record.SkipTime();
    const config::Compression& settings = visit.config->compression;
    const compression::Levels levels{static_cast<int>(settings.gzip_level), static_cast<int>(settings.brotli_level),
                                     static_cast<int>(settings.zstd_level)};
    if (body.size() >= settings.offload_bytes) {
      co_await services_.offload.Encode(executor_, visit.reply_coding, levels, body, &coded);
    } else {
      encoder_.Encode(visit.reply_coding, levels, body, &coded);
    }
    metrics_.uncoded_response_bytes.Add(body.size());
    metrics_.coded_response_bytes.Add(coded.size());
    visit.record.EndStage(Stage::kCompress);
    body = coded.view();
    vary = "accept-encoding";
  }

  std::string fields;
  if (services_.api.spec().cors) {
    fields = CorsFields(visit.exchange.head().headers, answer.preflight, vary);
  } else if (!vary.empty()) {
    base::Append(&fields, "vary: ", vary, "\r\n");
  }
  if (code) base::Append(&fields, "content-encoding: ", compression::NameOf(visit.reply_coding), "\r\n");
  fields += reply.fields;
  if (!answer.authenticate.empty()) base::Append(&fields, "www-authenticate: ", answer.authenticate, "\r\n");
  if (!reply.retry_after.empty()) base::Append(&fields, "retry-after: ", reply.retry_after, "\r\n");
  if (visit.record.joins_traces()) base::Append(&fields, "x-request-id: ", visit.record.id(), "\r\n");
  if (visit.record.tells_timing()) base::Append(&fields, "server-timing: ", visit.record.ServerTiming(), "\r\n");

  http::Response response;
  response.status = reply.status;
  response.content_type = reply.content_type;
  response.fields = fields;
  response.body = body;
  response.close = answer.close;
  if (reply.origin != runtime::Origin::kNone) visit.record.set_fault(NameOf(reply.origin), reply.fault);
  visit.record.SkipTime();
  const bool taken = co_await visit.exchange.Send(response);
  visit.record.EndStage(Stage::kWrite);
  if (taken) visit.record.set_status(reply.status);
}

}  // namespace vecgate::pipeline
