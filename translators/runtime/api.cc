// Replies that tell of a fault, in the API's own envelope.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "runtime/body.h"
#include "runtime/compiled_route.h"
#include "runtime/error_info.h"
#include "runtime/json_writer.h"
#include "runtime/translation.h"
#include "runtime/utf8.h"

namespace vecgate::runtime {

namespace {

constexpr std::string_view kJson = "application/json";

std::string_view MetadataOf(const ErrorInfo* info, std::string_view key) {
  if (info == nullptr) return {};
  const auto entry = info->metadata.find(key);
  return entry == info->metadata.end() ? std::string_view() : std::string_view(entry->second);
}

void WriteNumber(std::string_view text, JsonWriter& writer) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) writer.Int64(number);
  else writer.String(text);
}

void PrintMembers(std::span<const MemberSpec> members, JsonStyle style, uint32_t status, std::string_view error,
                  double seconds, const ErrorInfo* info, OutputBuffer* out) {
  JsonWriter writer(*out, style);
  writer.StartObject();
  for (const MemberSpec& member : members) {
    writer.Key(member.key);
    switch (member.what) {
      case MemberSpec::What::kText: writer.String(member.text); break;
      case MemberSpec::What::kTime: writer.Double(seconds); break;
      case MemberSpec::What::kErrorText: writer.String(error); break;
      case MemberSpec::What::kCode: writer.Uint64(status); break;
      case MemberSpec::What::kInfo: writer.String(MetadataOf(info, member.text)); break;
      case MemberSpec::What::kInfoNumber: WriteNumber(MetadataOf(info, member.text), writer); break;
      case MemberSpec::What::kErrorList:
        writer.StartArray();
        writer.StartObject();
        writer.Key("message");
        writer.String(error);
        writer.EndObject();
        writer.EndArray();
        break;
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

bool RowFits(const ErrorRow& row, const CallOutcome& outcome, const ErrorInfo* info) {
  if (!row.info_domain.empty() && (info == nullptr || info->domain != row.info_domain)) return false;
  if (row.code >= 0 && row.code != outcome.code) return false;
  if (row.ours && !outcome.from_client) return false;
  if (row.anonymous && !outcome.anonymous) return false;
  if (!row.equals.empty() && outcome.message != row.equals) return false;
  const auto contained = [&](std::string_view part) { return outcome.message.find(part) != std::string::npos; };
  if (!row.contains.empty() && std::none_of(row.contains.begin(), row.contains.end(), contained)) return false;
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

Api::Api(const ApiSpec& spec, UpstreamFacts facts, uint32_t max_depth)
    : spec_(spec),
      facts_(std::move(facts)),
      max_depth_(max_depth == 0 ? spec.max_depth : std::min(max_depth, spec.max_depth)) {
  for (const RouteSpec& route : spec.routes) routes_.push_back(std::make_unique<CompiledRoute>(spec, route));
}

Api::~Api() = default;

Reply Api::ErrorReply(uint32_t status, std::string_view text, Origin origin, double seconds) const {
  return FormReply({spec_.failure, kJson}, status, text, origin, seconds);
}

Reply Api::FormReply(const FormSpec& form, uint32_t status, std::string_view text, Origin origin,
                     double seconds, const ErrorInfo* info) const {
  Reply reply;
  reply.status = status;
  reply.content_type = form.content_type;
  reply.origin = origin;
  // What tells of a request quotes it, and no body belongs into a log.
  if (origin != Origin::kDownstream) reply.fault = std::string(text);
  if (!form.members.empty()) PrintMembers(form.members, spec_.json_style, status, text, seconds, info, &reply.body);
  return reply;
}

Reply Api::ErrorReply(const CallOutcome& outcome, double seconds) const {
  // A status travels percent-encoded, as bytes.
  const std::string said = Utf8Text(outcome.message);
  Origin origin = ClientsFault(outcome.code) ? Origin::kDownstream : Origin::kUpstream;
  std::optional<ErrorInfo> info;
  if (const std::string* details = Trailer(outcome, kDetailsTrailer)) info = FindErrorInfo(*details);
  const ErrorInfo* const told = info ? &*info : nullptr;
  auto row = std::find_if(spec_.errors.begin(), spec_.errors.end(),
                          [&](const ErrorRow& candidate) { return RowFits(candidate, outcome, told); });
  if (row == spec_.errors.end()) {
    Reply reply = ErrorReply(500, said, origin, seconds);
    reply.fault = "gRPC status " + std::to_string(outcome.code);
    return reply;
  }
  std::string_view message = said;
  for (const std::string_view start : row->strip)
    if (message.starts_with(start)) message.remove_prefix(start.size());
  std::string text = row->text.empty() ? std::string(row->prepend) + std::string(message) : std::string(row->text);
  Reply reply;
  if (row->plain_text) {
    reply.status = row->status;
    if (!row->empty_content_type) reply.content_type = "text/plain; charset=utf-8";
    reply.body.Append(text);
    reply.origin = origin;
  } else {
    reply = row->form == nullptr ? ErrorReply(row->status, text, origin, seconds)
                                 : FormReply(*row->form, row->status, text, origin, seconds, told);
  }
  // The server's own words may quote the request, too.
  if (!outcome.from_client) reply.fault = "gRPC status " + std::to_string(outcome.code);
  if (const std::string* value = Trailer(outcome, row->retry_after);
      value != nullptr && !value->empty() && value->find_first_not_of("0123456789") == std::string::npos)
    reply.retry_after = *value;
  return reply;
}

std::optional<Reply> Api::HeadReply(uint32_t status, std::string_view text) const {
  if (text.empty()) return std::nullopt;
  const FormSpec* const form = spec_.head_texts.form;
  return form == nullptr ? ErrorReply(status, text, Origin::kDownstream, 0.0)
                         : FormReply(*form, status, text, Origin::kDownstream, 0.0);
}

std::optional<Reply> Api::NoRouteReply(std::string_view path) const {
  return HeadReply(404, FillTemplate(spec_.head_texts.no_route, {{"path", path}}));
}

std::optional<Reply> Api::WrongMethodReply(std::string_view method, std::string_view allowed) const {
  std::optional<Reply> reply =
      HeadReply(405, FillTemplate(spec_.head_texts.wrong_method, {{"method", method}, {"list", allowed}}));
  if (reply) reply->fields = "allow: " + std::string(allowed) + "\r\n";
  return reply;
}

std::optional<Reply> Api::WrongContentTypeReply(std::string_view type) const {
  return HeadReply(415, FillTemplate(spec_.head_texts.wrong_content_type, {{"type", type}}));
}

std::optional<Reply> Api::NotAcceptableReply() const { return HeadReply(406, spec_.head_texts.not_acceptable); }

Reply Api::UnavailableReply(const RouteSpec& route, double) const {
  return ErrorReply(501, FillTemplate(spec_.texts.unavailable, {{"what", route.unavailable}}), Origin::kGateway, 0.0);
}

Reply Api::BodyTooLargeReply(std::optional<uint64_t> size, uint64_t limit) const {
  std::string text =
      size ? FillTemplate(spec_.texts.body_too_large, {{"size", std::to_string(*size)}, {"limit", std::to_string(limit)}})
           : FillTemplate(spec_.texts.body_too_large_streamed, {{"limit", std::to_string(limit)}});
  return ErrorReply(spec_.texts.body_too_large_status, text, Origin::kDownstream, 0.0);
}

Reply Api::BrokenBodyReply(std::string_view what) const {
  return ErrorReply(400, FillTemplate(spec_.texts.body_broken, {{"text", what}}), Origin::kDownstream, 0.0);
}

}  // namespace vecgate::runtime
