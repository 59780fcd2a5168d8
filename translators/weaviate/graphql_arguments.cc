#include "weaviate/graphql_arguments.h"

#include <algorithm>
#include <limits>

#include "graphql/value_text.h"
#include "weaviate/go_values.h"

namespace vecgate::translators::weaviate {

std::optional<GraphQlFault> ReadArguments(
    const runtime::Api& api, const graphql::Field& field, const graphql::Variables& variables,
    const std::function<bool(runtime::JsonReader&, const runtime::JsonValue&)>& read) {
  std::string json = "{";
  for (const graphql::Value& argument : field.arguments) {
    if (json.size() > 1) json += ',';
    graphql::AppendQuoted(argument.name, &json);
    json += ':';
    graphql::AppendJson(argument, variables, &json);
  }
  json += '}';
  const size_t size = json.size();
  json.append(runtime::kBodyPadding, ' ');
  const std::optional<BodyFault> fault = ReadJsonBody(api, std::string_view(json).substr(0, size), read);
  if (!fault) return std::nullopt;
  return GraphQlFault{fault->text, {}, {}, fault->code == kNotAvailable ? kNotAvailable : 0};
}

GraphQlFault TooLarge(const graphql::Document& document, const graphql::Field& field) {
  return {"Arguments are too large.", {document.LocationOf(field.offset)}, {}};
}

bool FindArgument(const runtime::JsonValue& arguments, std::string_view name, runtime::JsonValue* value) {
  return arguments.Find(name, value) && !value->is_null();
}

bool ReadNumber(runtime::JsonReader& reader, const runtime::JsonValue& arguments, std::string_view name, bool* has,
                int32_t* number) {
  runtime::JsonValue value;
  *has = FindArgument(arguments, name, &value);
  if (!*has) return true;
  int64_t read = 0;
  if (!ReadInt(reader, value, "arguments", &read)) return false;
  *number = static_cast<int32_t>(std::clamp<int64_t>(read, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()));
  return true;
}

}  // namespace vecgate::translators::weaviate
