#include "runtime/scalars.h"

#include <algorithm>
#include <limits>
#include <type_traits>

namespace vecgate::runtime {
namespace {

// An integer lexeme: its sign and how far it is from 0.
struct Integer {
  bool negative;
  uint64_t magnitude;
};

Integer IntegerOf(const JsonValue& value) {
  if (value.kind() == Kind::kUnsigned) return {false, value.AsUnsigned()};
  const int64_t integer = value.AsInteger();
  const auto bits = static_cast<uint64_t>(integer);
  return {integer < 0, integer < 0 ? uint64_t{0} - bits : bits};
}

template <class T>
bool Read(JsonReader& reader, const JsonValue& value, const IntegerRule& rule, T* out) {
  const Kind kind = value.kind();
  if (kind != Kind::kInteger && kind != Kind::kUnsigned) return reader.FailType(value, rule.expected);
  const Integer integer = IntegerOf(value);
  constexpr uint64_t kLargest = std::numeric_limits<T>::max();
  constexpr uint64_t kLowest = std::is_signed_v<T> ? kLargest + 1 : 0;  // magnitude of the lowest
  if (integer.negative) {
    if (integer.magnitude > kLowest) return reader.FailValue(value, rule.expected);
    *out = static_cast<T>(uint64_t{0} - integer.magnitude);
    return true;
  }
  if (integer.magnitude > kLargest) {
    if (!rule.clamp) return reader.FailValue(value, rule.expected);
    *out = std::numeric_limits<T>::max();
    return true;
  }
  if (rule.nonzero && integer.magnitude == 0) return reader.FailValue(value, rule.expected);
  *out = static_cast<T>(integer.magnitude);
  return true;
}

// Position of the string in the spec's words; npos when it is none of them.
size_t FindWord(const EnumSpec& spec, std::string_view word) {
  const auto found = std::find(spec.words.begin(), spec.words.end(), word);
  return found == spec.words.end() ? std::string_view::npos : static_cast<size_t>(found - spec.words.begin());
}

bool ReadWordNumber(JsonReader& reader, const JsonValue& value, const EnumSpec& spec, int* number) {
  const bool is_string = value.kind() == Kind::kString;
  const size_t at = is_string ? FindWord(spec, value.AsString()) : std::string_view::npos;
  if (at != std::string_view::npos) {
    *number = spec.numbers[at];
    return true;
  }
  if (!spec.no_match.empty()) return reader.FailText(value, spec.no_match);
  return is_string ? reader.FailUnknownWord(value, spec.known) : reader.FailNoWord(value);
}

}  // namespace

bool ReadBool(JsonReader& reader, const JsonValue& value, bool* out) {
  if (value.kind() != Kind::kBool) return reader.FailType(value, "a boolean");
  *out = value.AsBool();
  return true;
}

bool ReadString(JsonReader& reader, const JsonValue& value, std::string* out) {
  if (value.kind() != Kind::kString) return reader.FailType(value, "a string");
  out->assign(value.AsString());
  return true;
}

bool ReadInteger(JsonReader& reader, const JsonValue& value, const IntegerRule& rule, uint32_t* out) {
  return Read(reader, value, rule, out);
}
bool ReadInteger(JsonReader& reader, const JsonValue& value, const IntegerRule& rule, uint64_t* out) {
  return Read(reader, value, rule, out);
}
bool ReadInteger(JsonReader& reader, const JsonValue& value, const IntegerRule& rule, int32_t* out) {
  return Read(reader, value, rule, out);
}
bool ReadInteger(JsonReader& reader, const JsonValue& value, const IntegerRule& rule, int64_t* out) {
  return Read(reader, value, rule, out);
}

bool ReadFloat(JsonReader& reader, const JsonValue& value, float* out) {
  if ((Bit(value.kind()) & kNumberKinds) == 0) return reader.FailType(value, "f32");
  *out = static_cast<float>(value.AsDouble());
  return true;
}

bool ReadDouble(JsonReader& reader, const JsonValue& value, double* out) {
  if ((Bit(value.kind()) & kNumberKinds) == 0) return reader.FailType(value, "f64");
  *out = value.AsDouble();
  return true;
}

bool ReadEnum(JsonReader& reader, const JsonValue& value, const EnumSpec& spec, int* out) {
  return ReadWordNumber(reader, value, spec, out);
}

std::string_view EnumWord(const EnumSpec& spec, int number) {
  const auto found = std::find(spec.numbers.begin(), spec.numbers.end(), number);
  if (found != spec.numbers.end()) return spec.words[static_cast<size_t>(found - spec.numbers.begin())];
  const bool is_wordless = std::find(spec.wordless.begin(), spec.wordless.end(), number) != spec.wordless.end();
  return is_wordless ? std::string_view() : spec.unknown;
}

bool ReadWord(JsonReader& reader, const JsonValue& value, const EnumSpec& spec, std::string* out) {
  int number;
  if (!ReadWordNumber(reader, value, spec, &number)) return false;
  out->assign(spec.known[static_cast<size_t>(number)]);
  return true;
}

}  // namespace vecgate::runtime
