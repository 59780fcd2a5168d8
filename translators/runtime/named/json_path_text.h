// JsonPathText: a string field that holds the path of a payload key.
#pragma once

#include <string>
#include <string_view>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"

namespace vecgate::runtime {

// key ( .key | [3] | [] )*, a key being letters, digits, '_' and '-', or anything in double quotes.
bool IsJsonPath(std::string_view text);

// Stores the text as it was given.
bool ReadJsonPathText(JsonReader& reader, const JsonValue& value, std::string* path);
inline void WriteJsonPathText(const std::string& path, JsonWriter& writer) { writer.String(path); }

}  // namespace vecgate::runtime
