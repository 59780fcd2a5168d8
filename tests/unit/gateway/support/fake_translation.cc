// The translator's interface (runtime/translation.h) without a translator; fake_api.h says what it does.
#include <google/protobuf/wrappers.pb.h>

#include "base/text.h"
#include "runtime/body.h"
#include "runtime/translation.h"

namespace vecgate::runtime {

class CompiledRoute {
 public:
  explicit CompiledRoute(const RouteSpec& spec) : spec(spec) {}
  const RouteSpec& spec;
};

const RouteSpec& SpecOf(const CompiledRoute& route) { return route.spec; }

Api::Api(const ApiSpec& spec, UpstreamFacts facts, uint32_t max_depth)
    : spec_(spec), facts_(std::move(facts)), max_depth_(max_depth) {
  for (const RouteSpec& route : spec.routes) routes_.push_back(std::make_unique<CompiledRoute>(route));
}
Api::~Api() = default;

Reply Api::ErrorReply(uint32_t status, std::string_view text, Origin origin, double) const {
  Reply reply;
  reply.status = status;
  reply.content_type = "application/json";
  reply.origin = origin;
  reply.fault = std::string(text);
  reply.body.Append(base::Concat("{\"error\":\"", text, "\"}"));
  return reply;
}

Reply Api::ErrorReply(const CallOutcome& outcome, double seconds) const {
  if (outcome.code == 16 || (outcome.code == 7 && !outcome.message.starts_with("Forbidden: "))) {
    Reply reply;
    reply.status = outcome.code == 16 ? 401 : 403;
    reply.origin = Origin::kDownstream;
    reply.body.Append(outcome.message);
    return reply;
  }
  const uint32_t status = outcome.code == 3 ? 400 : outcome.code == 4 ? 408 : outcome.code == 14 ? 503 : 500;
  Reply reply = ErrorReply(status, outcome.message, Origin::kUpstream, seconds);
  for (const auto& [name, value] : outcome.trailers) {
    if (name == "retry-after") reply.retry_after = value;
  }
  return reply;
}

// Nothing of its own for these: the gateway's answers are seen.
std::optional<Reply> Api::NoRouteReply(std::string_view) const { return std::nullopt; }
std::optional<Reply> Api::WrongMethodReply(std::string_view, std::string_view) const { return std::nullopt; }
std::optional<Reply> Api::WrongContentTypeReply(std::string_view) const { return std::nullopt; }
std::optional<Reply> Api::NotAcceptableReply() const { return std::nullopt; }

Reply Api::UnavailableReply(const RouteSpec& route, double seconds) const {
  return ErrorReply(501, route.unavailable, Origin::kGateway, seconds);
}
Reply Api::BodyTooLargeReply(std::optional<uint64_t> size, uint64_t limit) const {
  return ErrorReply(400, base::Concat("too large: ", size.value_or(0), " > ", limit), Origin::kDownstream, 0);
}
Reply Api::BrokenBodyReply(std::string_view what) const { return ErrorReply(400, what, Origin::kDownstream, 0); }

struct Translation::State {
  const Api& api;
  const CompiledRoute& route;
  google::protobuf::Arena* arena;
  Step step;
};

Translation::Translation(const Api& api, const CompiledRoute& route, google::protobuf::Arena* arena)
    : state_(new State{api, route, arena, {}}) {}
Translation::~Translation() = default;

Step& Translation::Begin(const RequestView& request, std::chrono::steady_clock::time_point) {
  Step& step = state_->step;
  if (request.body == "bad") {
    step.reply = state_->api.ErrorReply(400, "bad body", Origin::kDownstream, 0);
    return step;
  }
  auto* const message = google::protobuf::Arena::CreateMessage<google::protobuf::StringValue>(state_->arena);
  message->set_value(request.path_variables.empty() ? std::string(request.body) : request.path_variables[0]);
  step.kind = Step::Kind::kCall;
  if (state_->route.spec.path == "/lookup") {
    step.kind = Step::Kind::kCall;
    step.calls.emplace_back().rest_path = "/files/" + std::string(request.body);
    step.calls.back().timeout = std::chrono::seconds(30);
    return step;
  }
  // "/several": one call for each letter.
  const size_t count = state_->route.spec.path == "/several" ? request.body.size() : 1;
  for (size_t i = 0; i < count; ++i) {
    UpstreamCall& call = step.calls.emplace_back();
    call.spec = &state_->route.spec.calls[0];
    call.request = message;
    if (count > 1) {
      auto* const letter = google::protobuf::Arena::CreateMessage<google::protobuf::StringValue>(state_->arena);
      letter->set_value(std::string(1, request.body[i]));
      call.request = letter;
    }
    call.response = google::protobuf::Arena::CreateMessage<google::protobuf::StringValue>(state_->arena);
    call.timeout = std::chrono::duration<double>(state_->route.spec.path == "/hurry" ? 1.5 : 30);
  }
  if (!state_->route.spec.background_unless.empty()) {
    step.calls[0].background = true;
    step.reply.status = 202;
    step.reply.body.Append("accepted");
  }
  return step;
}

Step& Translation::Resume(CallOutcomes outcomes) {
  Step& step = state_->step;
  step.kind = Step::Kind::kReply;
  for (const CallOutcome& outcome : outcomes) {
    if (outcome.code == 0) continue;
    step.reply = state_->api.ErrorReply(outcome, 0);
    return step;
  }
  step.reply.content_type = "application/json";
  if (state_->route.spec.path == "/lookup") {
    step.reply.body.Append(outcomes[0].body);
    return step;
  }
  for (const UpstreamCall& call : step.calls)
    step.reply.body.Append(static_cast<const google::protobuf::StringValue*>(call.response)->value());
  return step;
}

bool ReadJson(const ApiSpec&, std::string_view json, ReadFunction, google::protobuf::Message* message) {
  static_cast<google::protobuf::StringValue*>(message)->set_value(std::string(json));
  return json != "bad";
}

}  // namespace vecgate::runtime
