// JSON values read into what Go's encoding/json would fill: struct fields of a type. Its rules: null leaves a field as
// it is; keys fit fields in any case of letters; a wrong type is told as
//   json: cannot unmarshal string into Go struct field Object.vector of type float32
// where the field's path leaves out the places in lists.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/json_reader.h"

namespace vecgate::translators::weaviate {

// Where a value goes.
struct GoField {
  std::string_view structure;  // "Object": the struct that has the field
  std::string_view type;       // "string"
};

// All return false after recording a failure, and leave `out` alone for null.
bool FailType(runtime::JsonReader& reader, const runtime::JsonValue& value, const GoField& field);
bool ReadText(runtime::JsonReader& reader, const runtime::JsonValue& value, std::string_view structure, std::string* out);
bool ReadBool(runtime::JsonReader& reader, const runtime::JsonValue& value, std::string_view structure, bool* out);
bool ReadInt(runtime::JsonReader& reader, const runtime::JsonValue& value, std::string_view structure, int64_t* out);
bool ReadFloat(runtime::JsonReader& reader, const runtime::JsonValue& value, std::string_view structure, float* out);
bool ReadDouble(runtime::JsonReader& reader, const runtime::JsonValue& value, std::string_view structure, double* out);

// The key names the field: exactly or but for the case of letters.
bool Names(std::string_view key, std::string_view field);

// The place of the reader as the server's validation tells it: objects.0.id.
std::string ValidationPath(const runtime::JsonReader& reader);

// Refusal of a value by the validation, which goes by codes of its own: the reply is 422 with the code inside.
inline constexpr uint32_t kFirstValidationCode = 600;
inline constexpr uint32_t kInvalidFormat = 601;  // not of the format: uuid, uri
inline constexpr uint32_t kRequired = 602;
inline constexpr uint32_t kNotInEnum = 606;

}  // namespace vecgate::translators::weaviate
