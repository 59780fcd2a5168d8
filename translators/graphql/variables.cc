#include "graphql/variables.h"

#include <charconv>
#include <cmath>

#include "graphql/value_text.h"

namespace vecgate::graphql {
namespace {

// End of the value that starts at `at` in well-formed JSON.
size_t EndOfValue(std::string_view json, size_t at) {
  size_t depth = 0;
  for (; at < json.size(); ++at) {
    switch (json[at]) {
      case '"':
        while (++at < json.size() && json[at] != '"')
          if (json[at] == '\\') ++at;
        break;
      case '[':
      case '{': ++depth; break;
      case ']':
      case '}':
        if (depth == 0) return at;
        --depth;
        break;
      case ',':
        if (depth == 0) return at;
        break;
      default: break;
    }
  }
  return json.size();
}

bool IsNumber(std::string_view json) { return json[0] == '-' || (json[0] >= '0' && json[0] <= '9'); }

double NumberIn(std::string_view json) {
  double number = std::nan("");
  std::from_chars(json.data(), json.data() + json.size(), number);
  return number;
}

// The value as Go prints it for an error.
std::string_view Printed(std::string_view json) {
  return json.size() >= 2 && json[0] == '"' ? json.substr(1, json.size() - 2) : json;
}

// A built-in type without its mark of being required.
bool FitsScalar(std::string_view json, std::string_view type) {
  const bool text = json[0] == '"';
  const bool number = IsNumber(json);
  const bool boolean = json[0] == 't' || json[0] == 'f';
  if (type == "String" || type == "ID") return text || number || boolean;
  if (type == "Boolean") return text || number || boolean;
  const double parsed = number ? NumberIn(json) : text ? NumberIn(Printed(json)) : 0;
  if (type == "Float") return boolean || !std::isnan(parsed);
  return boolean || (parsed >= -2147483648.0 && parsed <= 2147483647.0);  // Int
}

bool IsScalar(std::string_view type) {
  return type == "String" || type == "Int" || type == "Float" || type == "Boolean" || type == "ID";
}

// Appends what is wrong with the value, one line for each.
void Check(std::string_view json, std::string_view type, const std::string& where, std::string* messages) {
  const auto tell = [&](std::string text) { *messages += "\n" + where + text; };
  const bool required = type.ends_with('!');
  if (required) type.remove_suffix(1);
  if (json == "null") {
    if (required && type.starts_with('[')) tell("Expected non-null value, found null.");
    else if (required) tell("Expected \"" + std::string(type) + "!\", found null.");
    return;
  }
  if (type.starts_with('[')) {
    const std::string_view element = type.substr(1, type.size() - 2);
    if (json[0] != '[') return Check(json, element, where, messages);
    for (size_t at = 1; at < json.size() - 1;) {
      const size_t end = EndOfValue(json, at);
      // The server numbers the faults of an element, not the elements.
      Check(json.substr(at, end - at), element, where + "In element #1: ", messages);
      at = end + 1;
    }
    return;
  }
  if (!IsScalar(type)) return;
  if (json[0] == '[' || json[0] == '{' || !FitsScalar(json, type))
    tell("Expected type \"" + std::string(type) + "\", found \"" + std::string(Printed(json)) + "\".");
}

// A value in a document is of exactly its type; only an integer may stand for a float.
bool FitsLiteral(const Value& value, std::string_view type) {
  using Kind = Value::Kind;
  if (type == "String") return value.kind == Kind::kString;
  if (type == "Boolean") return value.kind == Kind::kBool;
  if (type == "ID") return value.kind == Kind::kString || value.kind == Kind::kInt;
  if (value.kind != Kind::kInt && (value.kind != Kind::kFloat || type == "Int")) return false;
  return !std::isnan(NumberIn(value.text));
}

void CheckDefault(const Value& value, std::string_view type, const std::string& where, std::string* messages) {
  if (type.ends_with('!')) type.remove_suffix(1);
  if (type.starts_with('[')) {
    const std::string_view element = type.substr(1, type.size() - 2);
    if (value.kind != Value::Kind::kList) return CheckDefault(value, element, where, messages);
    for (const Value& one : value.children) CheckDefault(one, element, where + "In element #1: ", messages);
    return;
  }
  if (IsScalar(type) && !FitsLiteral(value, type))
    *messages += "\n" + where + "Expected type \"" + std::string(type) + "\", found " + Graphql(value) + ".";
}

}  // namespace

std::string DefaultFaults(const VariableDefinition& definition) {
  std::string messages;
  if (definition.default_value != nullptr) CheckDefault(*definition.default_value, definition.type, "", &messages);
  return messages;
}

std::string WrongPosition(const VariableDefinition& definition, std::string_view type) {
  return "Variable \"$" + std::string(definition.name) + "\" of type \"" + std::string(definition.type) +
         "\" used in position expecting type \"" + std::string(type) + "\".";
}

bool MayStandFor(const VariableDefinition& definition, std::string_view type) {
  std::string_view given = definition.type;
  // A value of its own is never null.
  bool required = definition.default_value != nullptr;
  for (;;) {
    if (given.ends_with('!')) {
      required = true;
      given.remove_suffix(1);
    }
    if (type.ends_with('!')) {
      if (!required) return false;
      type.remove_suffix(1);
    }
    if (!given.starts_with('[') || !type.starts_with('[')) return given == type;
    given = given.substr(1, given.size() - 2);
    type = type.substr(1, type.size() - 2);
    required = false;
  }
}

std::optional<Fault> Variables::Bind(const Document& document, const Operation& operation,
                                     std::span<const Given> given) {
  definitions_ = operation.variables;
  std::unordered_map<std::string_view, std::string_view> by_name;
  for (const Given& value : given) by_name[value.name] = value.json;
  for (const VariableDefinition& definition : operation.variables) {
    const auto found = by_name.find(definition.name);
    const bool absent = found == by_name.end() || found->second == "null";
    const auto fault = [&](std::string text) {
      return Fault{"Variable \"$" + std::string(definition.name) + "\" " + text, {document.LocationOf(definition.offset)}};
    };
    if (!absent) {
      std::string messages;
      Check(found->second, definition.type, "", &messages);
      if (!messages.empty()) return fault("got invalid value " + std::string(found->second) + "." + messages);
      values_[definition.name] = found->second;
    } else if (definition.type.ends_with('!')) {
      return fault("of required type \"" + std::string(definition.type) + "\" was not provided.");
    } else if (definition.default_value != nullptr) {
      values_[definition.name] = defaults_.emplace_back(Json(*definition.default_value, *this));
    } else if (found != by_name.end()) {
      values_[definition.name] = found->second;
    }
  }
  return std::nullopt;
}

}  // namespace vecgate::graphql
