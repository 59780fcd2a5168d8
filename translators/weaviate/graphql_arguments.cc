#include "weaviate/graphql_arguments.h"

#include <algorithm>
#include <limits>

#include "graphql/value_text.h"
#include "weaviate/go_values.h"

namespace vecgate::translators::weaviate {
namespace {

using graphql::Value;

void AppendCoerced(const InputType* type, const Value& value, const graphql::Variables& variables, std::string* out);

// The members of an object, or the arguments of a field.
void AppendMembers(std::span<const InputField> known, graphql::Chain<Value> members,
                   const graphql::Variables& variables, std::string* out) {
  char separator = '{';
  if (members.empty()) out->push_back(separator);
  for (const Value& member : members) {
    out->push_back(separator);
    separator = ',';
    graphql::AppendQuoted(member.name, out);
    out->push_back(':');
    const InputType* type = nullptr;
    for (const InputField& field : known)
      if (field.name == member.name) type = field.type;
    AppendCoerced(type, member, variables, out);
  }
  out->push_back('}');
}

// `type`: null where it is not known.
void AppendCoerced(const InputType* type, const Value& value, const graphql::Variables& variables, std::string* out) {
  const bool list = type != nullptr && type->kind == InputType::Kind::kList;
  if (list && value.kind == Value::Kind::kList) {
    char separator = '[';
    if (value.children.empty()) out->push_back(separator);
    for (const Value& element : value.children) {
      out->push_back(separator);
      separator = ',';
      AppendCoerced(type->element, element, variables, out);
    }
    out->push_back(']');
  } else if (list && value.kind != Value::Kind::kVariable) {
    out->push_back('[');
    AppendCoerced(type->element, value, variables, out);
    out->push_back(']');
  } else if (type != nullptr && type->kind == InputType::Kind::kObject && value.kind == Value::Kind::kObject) {
    AppendMembers(type->fields, value.children, variables, out);
  } else {
    graphql::AppendJson(value, variables, out);
  }
}

}  // namespace

std::optional<GraphQlFault> ReadArguments(
    const runtime::Api& api, std::span<const InputField> known, const graphql::Field& field,
    const graphql::Variables& variables,
    const std::function<bool(runtime::JsonReader&, const runtime::JsonValue&)>& read) {
  std::string json;
  AppendMembers(known, field.arguments, variables, &json);
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
  *number = static_cast<int32_t>(
      std::clamp<int64_t>(read, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()));
  return true;
}

}  // namespace vecgate::translators::weaviate
