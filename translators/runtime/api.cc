// Replies that tell of a fault, in the API's own envelope.
#include <algorithm>
#include <cmath>

#include "runtime/body.h"
#include "runtime/compiled_route.h"
#include "runtime/json_writer.h"
#include "runtime/translation.h"
#include "runtime/utf8.h"

namespace vecgate::runtime {

namespace {

constexpr std::string_view kJson = "application/json";

void PrintMembers(const ApiSpec& spec, std::string_view error, double seconds, OutputBuffer* out) {
  JsonWriter writer(*out, spec.json_style);
  writer.StartObject();
  for (const MemberSpec& member : spec.failure) {
    writer.Key(member.key);
    switch (member.what) {
      case MemberSpec::What::kText: writer.String(member.text); break;
      case MemberSpec::What::kTime: writer.Double(seconds); break;
      case MemberSpec::What::kErrorText: writer.String(error); break;
      case MemberSpec::What::kErrorObject:
        writer.StartObject();
        writer.Key("error");
        writer.String(error);
        writer.EndObject();
        break;
      case MemberSpec::What::kResult:
      case MemberSpec::What::kField: writer.Null(); break;
    }
  }
  writer.EndObject();
}

const std::string* Trailer(const CallOutcome& outcome, std::string_view name) {
  if (name.empty()) return nullptr;
  for (const auto& [key, value] : outcome.trailers)
    if (key == name) return &value;
  return nullptr;
}

bool RowFits(const ErrorRow& row, const CallOutcome& outcome) {
  if (row.code >= 0 && row.code != outcome.code) return false;
  if (row.ours && !outcome.from_client) return false;
  if (!row.equals.empty() && outcome.message != row.equals) return false;
  if (row.prefix.empty() && row.metadata.empty()) return true;
  return (!row.prefix.empty() && std::string_view(outcome.message).starts_with(row.prefix)) ||
         Trailer(outcome, row.metadata) != nullptr;
}

// Codes that tell of the request, not of the server.
bool ClientsFault(int code) {
  switch (code) {
    case 3: case 5: case 6: case 7: case 9: case 11: case 16: return true;  // INVALID_ARGUMENT ... UNAUTHENTICATED
    default: return false;
  }
}

}  // namespace

Api::Api(const ApiSpec& spec, UpstreamFacts facts) : spec_(spec), facts_(std::move(facts)) {
  for (const RouteSpec& route : spec.routes) routes_.push_back(std::make_unique<CompiledRoute>(spec, route));
}

Api::~Api() = default;

Reply Api::ErrorReply(uint32_t status, std::string_view text, Origin origin, double seconds) const {
  Reply reply;
  reply.status = status;
  reply.content_type = kJson;
  reply.origin = origin;
  // What tells of a request quotes it, and no body belongs into a log.
  if (origin != Origin::kDownstream) reply.fault = std::string(text);
  PrintMembers(spec_, text, seconds, &reply.body);
  return reply;
}

Reply Api::ErrorReply(const CallOutcome& outcome, double seconds) const {
  // A status travels percent-encoded, as bytes.
  const std::string said = Utf8Text(outcome.message);
  Origin origin = ClientsFault(outcome.code) ? Origin::kDownstream : Origin::kUpstream;
  auto row = std::find_if(spec_.errors.begin(), spec_.errors.end(),
                          [&](const ErrorRow& candidate) { return RowFits(candidate, outcome); });
  if (row == spec_.errors.end()) {
    Reply reply = ErrorReply(500, said, origin, seconds);
    reply.fault = "gRPC status " + std::to_string(outcome.code);
    return reply;
  }
  std::string_view message = said;
  if (!row->strip.empty() && message.starts_with(row->strip)) message.remove_prefix(row->strip.size());
  std::string text = row->text.empty() ? std::string(row->prepend) + std::string(message) : std::string(row->text);
  Reply reply;
  if (row->plain_text) {
    reply.status = row->status;
    if (!row->empty_content_type) reply.content_type = "text/plain; charset=utf-8";
    reply.body.Append(text);
    reply.origin = origin;
  } else {
    reply = ErrorReply(row->status, text, origin, seconds);
  }
  // The server's own words may quote the request, too.
  if (!outcome.from_client) reply.fault = "gRPC status " + std::to_string(outcome.code);
  if (const std::string* value = Trailer(outcome, row->retry_after);
      value != nullptr && !value->empty() && value->find_first_not_of("0123456789") == std::string::npos)
    reply.retry_after = *value;
  return reply;
}

Reply Api::UnavailableReply(const RouteSpec& route, double) const {
  return ErrorReply(501, FillTemplate(spec_.texts.unavailable, {{"what", route.unavailable}}), Origin::kGateway, 0.0);
}

Reply Api::BodyTooLargeReply(std::optional<uint64_t> size, uint64_t limit) const {
  std::string text =
      size ? FillTemplate(spec_.texts.body_too_large, {{"size", std::to_string(*size)}, {"limit", std::to_string(limit)}})
           : FillTemplate(spec_.texts.body_too_large_streamed, {{"limit", std::to_string(limit)}});
  return ErrorReply(400, text, Origin::kDownstream, 0.0);
}

Reply Api::BrokenBodyReply(std::string_view what) const {
  return ErrorReply(400, FillTemplate(spec_.texts.body_broken, {{"text", what}}), Origin::kDownstream, 0.0);
}

}  // namespace vecgate::runtime
