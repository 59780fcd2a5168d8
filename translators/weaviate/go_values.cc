#include "weaviate/go_values.h"

#include <cmath>

#include "runtime/concat.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kNull: return "null";
    case Kind::kBool: return "bool";
    case Kind::kString: return "string";
    case Kind::kArray: return "array";
    case Kind::kObject: return "object";
    default: return "number";
  }
}

bool IsNumber(Kind kind) { return (runtime::Bit(kind) & runtime::kNumberKinds) != 0; }

// The path without the places in lists.
std::string FieldPath(const JsonReader& reader) {
  std::string path;
  bool inside = false;
  for (const char c : reader.JsonPath()) {
    if (c == '[') inside = true;
    if (!inside) path += c;
    if (c == ']') inside = false;
  }
  if (path.starts_with('.')) path.erase(0, 1);  // the root is a list
  return path;
}

bool Fail(JsonReader& reader, const JsonValue& value, const GoField& field, std::string_view what) {
  if (!reader.exact()) return reader.FailText(value, {});
  const std::string path = FieldPath(reader);
  return reader.FailText(value, path.empty() ? runtime::Concat("json: cannot unmarshal ", what, " into Go value of type ",
                                                               field.type)
                                             : runtime::Concat("json: cannot unmarshal ", what, " into Go struct field ",
                                                               field.structure, ".", path, " of type ", field.type));
}

// A number that the type cannot hold is told with its digits.
bool FailNumber(JsonReader& reader, const JsonValue& value, const GoField& field) {
  return Fail(reader, value, field, runtime::Concat("number ", value.lexeme()));
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

}  // namespace

bool FailType(JsonReader& reader, const JsonValue& value, const GoField& field) {
  return Fail(reader, value, field, KindName(value.kind()));
}

bool ReadText(JsonReader& reader, const JsonValue& value, std::string_view structure, std::string* out) {
  const Kind kind = value.kind();
  if (kind == Kind::kNull) return true;
  if (kind != Kind::kString) return FailType(reader, value, {structure, "string"});
  out->assign(value.AsString());
  return true;
}

bool ReadBool(JsonReader& reader, const JsonValue& value, std::string_view structure, bool* out) {
  const Kind kind = value.kind();
  if (kind == Kind::kNull) return true;
  if (kind != Kind::kBool) return FailType(reader, value, {structure, "bool"});
  *out = value.AsBool();
  return true;
}

bool ReadInt(JsonReader& reader, const JsonValue& value, std::string_view structure, int64_t* out) {
  const Kind kind = value.kind();
  if (kind == Kind::kNull) return true;
  if (!IsNumber(kind)) return FailType(reader, value, {structure, "int64"});
  if (kind != Kind::kInteger) {
    // The exact source takes "-0" for a double.
    if (kind != Kind::kDouble || value.AsDouble() != 0 || value.lexeme() != "-0")
      return FailNumber(reader, value, {structure, "int64"});
    *out = 0;
    return true;
  }
  *out = value.AsInteger();
  return true;
}

bool ReadFloat(JsonReader& reader, const JsonValue& value, std::string_view structure, float* out) {
  const Kind kind = value.kind();
  if (kind == Kind::kNull) return true;
  if (!IsNumber(kind)) return FailType(reader, value, {structure, "float32"});
  const auto number = static_cast<float>(value.AsDouble());
  if (!std::isfinite(number)) return FailNumber(reader, value, {structure, "float32"});
  *out = number;
  return true;
}

bool ReadDouble(JsonReader& reader, const JsonValue& value, std::string_view structure, double* out) {
  const Kind kind = value.kind();
  if (kind == Kind::kNull) return true;
  if (!IsNumber(kind)) return FailType(reader, value, {structure, "float64"});
  const double number = value.AsDouble();
  if (!std::isfinite(number)) return FailNumber(reader, value, {structure, "float64"});
  *out = number;
  return true;
}

bool Names(std::string_view key, std::string_view field) {
  if (key.size() != field.size()) return false;
  if (key == field) return true;
  for (size_t i = 0; i < key.size(); ++i)
    if (Lower(key[i]) != Lower(field[i])) return false;
  return true;
}

std::string ValidationPath(const JsonReader& reader) {
  std::string path;
  for (const char c : reader.JsonPath()) {
    if (c == ']') continue;
    path += c == '[' ? '.' : c;
  }
  if (path.starts_with('.')) path.erase(0, 1);
  return path;
}

}  // namespace vecgate::translators::weaviate
