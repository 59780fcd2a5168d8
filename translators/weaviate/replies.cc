#include "weaviate/replies.h"

#include "runtime/concat.h"

namespace vecgate::translators::weaviate {

using runtime::Concat;
using runtime::JsonWriter;
using runtime::Reply;

namespace {

void WriteErrors(std::string_view message, JsonWriter& writer) {
  writer.StartObject();
  writer.Key("error");
  writer.StartArray();
  writer.StartObject();
  writer.Key("message");
  writer.String(message);
  writer.EndObject();
  writer.EndArray();
  writer.EndObject();
}

}  // namespace

Reply HandlerError(uint32_t status, std::string_view message, runtime::Origin origin) {
  Reply reply = JsonReply([&](JsonWriter& writer) { WriteErrors(message, writer); });
  reply.status = status;
  reply.origin = origin;
  // What tells of a request quotes it, and no body belongs into a log.
  if (origin != runtime::Origin::kDownstream) reply.fault = std::string(message);
  return reply;
}

Reply RouterError(uint32_t status, uint32_t code, std::string_view message) {
  Reply reply = JsonReply([&](JsonWriter& writer) {
    writer.StartObject();
    writer.Key("code");
    writer.Uint64(code);
    writer.Key("message");
    writer.String(message);
    writer.EndObject();
  });
  reply.status = status;
  reply.origin = runtime::Origin::kDownstream;
  return reply;
}

Reply EmptyReply(uint32_t status) {
  Reply reply;
  reply.status = status;
  return reply;
}

Reply FaultReply(const BodyFault& fault, bool as_handler) {
  const auto found = [&](uint32_t status, uint32_t code, std::string_view text) {
    return as_handler ? HandlerError(status, text) : RouterError(status, code, text);
  };
  switch (fault.kind) {
    case BodyFault::Kind::kParsing:
      return found(400, 400, Concat("parsing body body from \"\" failed, because ", fault.text));
    case BodyFault::Kind::kValidation: return found(422, fault.code, fault.text);
    case BodyFault::Kind::kRefused: break;
  }
  return HandlerError(fault.code, fault.text);
}

Reply NotOfFormat(std::string_view name, std::string_view place, std::string_view format, std::string_view value) {
  return RouterError(422, 601, Concat(name, " in ", place, " must be of type ", format, ": \"", value, "\""));
}

Reply Unavailable(std::string_view what) {
  return HandlerError(501, Concat(what, " is not available through the gRPC upstream"), runtime::Origin::kGateway);
}

void WriteItemResult(const std::optional<std::string>& error, JsonWriter& writer) {
  writer.StartObject();
  if (error) {
    writer.Key("errors");
    WriteErrors(*error, writer);
  }
  writer.Key("status");
  writer.String(error ? "FAILED" : "SUCCESS");
  writer.EndObject();
}

Reply CallError(const runtime::OperationContext& context, const runtime::CallOutcome& outcome) {
  return context.api.ErrorReply(outcome, 0.0);
}

}  // namespace vecgate::translators::weaviate
