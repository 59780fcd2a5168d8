#include "runtime/named/debug_text.h"

#include <map>

#include "runtime/concat.h"
#include "runtime/error_text.h"
#include "runtime/float_format.h"

namespace vecgate::runtime {
namespace {

// Rust's `{:?}` of an f64: `1.0`; an exponent, without a plus, from 1e16 on and below 1e-5.
std::string DebugDouble(double value) {
  std::string text = JsonText(value);
  const size_t plus = text.find('+');
  if (plus != std::string::npos) text.erase(plus, 1);
  return text;
}

std::string DebugValue(const JsonValue& value);

std::string DebugSequence(const JsonValue& list) {
  std::string text = "[";
  for (ArrayCursor element(list); !element.Done(); element.Advance()) {
    if (text.size() > 1) text += ", ";
    text += DebugValue(element.value());
  }
  return text + "]";
}

std::string DebugMap(const JsonValue& object) {
  std::map<std::string_view, JsonValue> members;  // sorted; the last of equal keys counts
  for (ObjectCursor member(object); !member.Done(); member.Advance()) members[member.key()] = member.value();
  std::string text = "{";
  for (const auto& [key, value] : members) {
    if (text.size() > 1) text += ", ";
    text += Concat("String(", DebugText(key), "): ", DebugValue(value));
  }
  return text + "}";
}

std::string DebugValue(const JsonValue& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "Unit";
    case Kind::kBool:
      return value.AsBool() ? "Bool(true)" : "Bool(false)";
    case Kind::kInteger:
      return Concat(value.AsInteger() < 0 ? "I64(" : "U64(", std::to_string(value.AsInteger()), ")");
    case Kind::kUnsigned:
      return Concat("U64(", std::to_string(value.AsUnsigned()), ")");
    case Kind::kDouble:
      return Concat("F64(", DebugDouble(value.AsDouble()), ")");
    case Kind::kString:
      return Concat("String(", DebugText(value.AsString()), ")");
    case Kind::kArray:
      return Concat("Seq(", DebugSequence(value), ")");
    case Kind::kObject:
      break;
  }
  return Concat("Map(", DebugMap(value), ")");
}

}  // namespace

std::string RustText(const JsonValue& value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "Unit";
    case Kind::kBool:
      return value.AsBool() ? "true" : "false";
    case Kind::kInteger:
      return std::to_string(value.AsInteger());
    case Kind::kUnsigned:
      return std::to_string(value.AsUnsigned());
    case Kind::kDouble:
      return PlainText(value.AsDouble());
    case Kind::kString:
      return std::string(value.AsString());
    case Kind::kArray:
      return DebugSequence(value);
    case Kind::kObject:
      break;
  }
  return DebugMap(value);
}

}  // namespace vecgate::runtime
