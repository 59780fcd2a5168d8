#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rapidjson/document.h"
#include "scripted_upstream/corpus.h"

namespace vecgate::scripted_upstream {

using JsonObject = rapidjson::Value;

// `where` begins the complaint about text that is not one JSON object.
absl::StatusOr<rapidjson::Document> ParseObject(absl::string_view text, absl::string_view where);

// The member, or null when it is absent or JSON null.
const rapidjson::Value* Member(const JsonObject& object, const char* name);

// Empty, zero or false when the member is absent or of another type.
std::string StringMember(const JsonObject& object, const char* name);
std::int64_t IntMember(const JsonObject& object, const char* name);
bool BoolMember(const JsonObject& object, const char* name);

// An object of strings; empty when absent.
Metadata MetadataMember(const JsonObject& object, const char* name);

// Bytes written in base64; empty when absent.
absl::StatusOr<std::string> BytesMember(const JsonObject& object, const char* name);

// {"reply_b64": ...} or {"error": {"code": NAME, "message": ..., "metadata": {...}}}.
absl::StatusOr<Answer> ReadAnswer(const JsonObject& object);

// {"code": NAME, "message": ..., "metadata": {...}}
absl::StatusOr<Failure> ReadFailure(const JsonObject& object);

}  // namespace vecgate::scripted_upstream
