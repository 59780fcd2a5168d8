#include "scripted_upstream/json.h"

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "rapidjson/error/en.h"

namespace vecgate::scripted_upstream {
namespace {

constexpr std::array<std::pair<absl::string_view, grpc::StatusCode>, 17> kCodes = {{
    {"OK", grpc::StatusCode::OK},
    {"CANCELLED", grpc::StatusCode::CANCELLED},
    {"UNKNOWN", grpc::StatusCode::UNKNOWN},
    {"INVALID_ARGUMENT", grpc::StatusCode::INVALID_ARGUMENT},
    {"DEADLINE_EXCEEDED", grpc::StatusCode::DEADLINE_EXCEEDED},
    {"NOT_FOUND", grpc::StatusCode::NOT_FOUND},
    {"ALREADY_EXISTS", grpc::StatusCode::ALREADY_EXISTS},
    {"PERMISSION_DENIED", grpc::StatusCode::PERMISSION_DENIED},
    {"RESOURCE_EXHAUSTED", grpc::StatusCode::RESOURCE_EXHAUSTED},
    {"FAILED_PRECONDITION", grpc::StatusCode::FAILED_PRECONDITION},
    {"ABORTED", grpc::StatusCode::ABORTED},
    {"OUT_OF_RANGE", grpc::StatusCode::OUT_OF_RANGE},
    {"UNIMPLEMENTED", grpc::StatusCode::UNIMPLEMENTED},
    {"INTERNAL", grpc::StatusCode::INTERNAL},
    {"UNAVAILABLE", grpc::StatusCode::UNAVAILABLE},
    {"DATA_LOSS", grpc::StatusCode::DATA_LOSS},
    {"UNAUTHENTICATED", grpc::StatusCode::UNAUTHENTICATED},
}};

absl::string_view View(const rapidjson::Value& text) { return {text.GetString(), text.GetStringLength()}; }

}  // namespace

absl::StatusOr<rapidjson::Document> ParseObject(absl::string_view text, absl::string_view where) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  if (document.HasParseError()) {
    return absl::InvalidArgumentError(absl::StrCat(where, ": ", rapidjson::GetParseError_En(document.GetParseError()),
                                                   " at byte ", document.GetErrorOffset()));
  }
  if (!document.IsObject()) return absl::InvalidArgumentError(absl::StrCat(where, ": not a JSON object"));
  return document;
}

const rapidjson::Value* Member(const JsonObject& object, const char* name) {
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() || found->value.IsNull() ? nullptr : &found->value;
}

std::string StringMember(const JsonObject& object, const char* name) {
  const rapidjson::Value* value = Member(object, name);
  return value != nullptr && value->IsString() ? std::string(View(*value)) : std::string();
}

std::int64_t IntMember(const JsonObject& object, const char* name) {
  const rapidjson::Value* value = Member(object, name);
  return value != nullptr && value->IsInt64() ? value->GetInt64() : 0;
}

bool BoolMember(const JsonObject& object, const char* name) {
  const rapidjson::Value* value = Member(object, name);
  return value != nullptr && value->IsBool() && value->GetBool();
}

Metadata MetadataMember(const JsonObject& object, const char* name) {
  Metadata metadata;
  const rapidjson::Value* value = Member(object, name);
  if (value == nullptr || !value->IsObject()) return metadata;
  for (const auto& [key, text] : value->GetObject()) {
    if (text.IsString()) metadata.emplace(View(key), View(text));
  }
  return metadata;
}

absl::StatusOr<std::string> BytesMember(const JsonObject& object, const char* name) {
  std::string bytes;
  if (!absl::Base64Unescape(StringMember(object, name), &bytes)) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": not base64"));
  }
  return bytes;
}

absl::StatusOr<Failure> ReadFailure(const JsonObject& object) {
  Failure failure;
  const std::string code = StringMember(object, "code");
  for (const auto& [name, value] : kCodes) {
    if (name != code) continue;
    failure.code = value;
    failure.message = StringMember(object, "message");
    failure.trailers = MetadataMember(object, "metadata");
    return failure;
  }
  return absl::InvalidArgumentError(absl::StrCat("code: no gRPC status is named '", code, "'"));
}

absl::StatusOr<Answer> ReadAnswer(const JsonObject& object) {
  Answer answer;
  if (const rapidjson::Value* error = Member(object, "error"); error != nullptr) {
    if (!error->IsObject()) return absl::InvalidArgumentError("error: not an object");
    absl::StatusOr<Failure> failure = ReadFailure(*error);
    if (!failure.ok()) return failure.status();
    answer.failure = *std::move(failure);
    return answer;
  }
  absl::StatusOr<std::string> reply = BytesMember(object, "reply_b64");
  if (!reply.ok()) return reply.status();
  answer.reply = *std::move(reply);
  return answer;
}

}  // namespace vecgate::scripted_upstream
