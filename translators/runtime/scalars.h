// Scalars from JSON. Each returns false after recording a failure; `expected` is the type named in its text.
//
// Integers are read from integer lexemes only; floats from any number, as f64 first and then narrowed.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "runtime/json_reader.h"
#include "runtime/route.h"

namespace vecgate::runtime {

struct IntegerRule {
  std::string_view expected;  // "usize"
  bool nonzero = false;       // 0: invalid value: integer `0`, expected <expected>
  bool clamp = false;         // beyond the type: its largest value
};

bool ReadBool(JsonReader& reader, const JsonValue& value, bool* out);
bool ReadString(JsonReader& reader, const JsonValue& value, std::string* out);
bool ReadInteger(JsonReader& reader, const JsonValue& value, const IntegerRule& rule, uint32_t* out);
bool ReadInteger(JsonReader& reader, const JsonValue& value, const IntegerRule& rule, uint64_t* out);
bool ReadInteger(JsonReader& reader, const JsonValue& value, const IntegerRule& rule, int32_t* out);
bool ReadInteger(JsonReader& reader, const JsonValue& value, const IntegerRule& rule, int64_t* out);
bool ReadFloat(JsonReader& reader, const JsonValue& value, float* out);
bool ReadDouble(JsonReader& reader, const JsonValue& value, double* out);
// A list of numbers straight into a packed field (appends). The hot path of writes.
bool ReadFloats(JsonReader& reader, const JsonValue& value, google::protobuf::RepeatedField<float>* out);
// The same as little-endian bytes.
bool ReadPackedFloats(JsonReader& reader, const JsonValue& value, std::string* out);

// A word of a fixed set. `words` and `numbers` run in parallel and hold names and aliases; `known` is what the
// error text lists. `no_match` replaces serde's text when not empty.
struct EnumSpec {
  std::span<const std::string_view> words;
  std::span<const int> numbers;
  std::span<const std::string_view> known;
  std::string_view no_match;
  std::string_view unknown;      // printed for a number that the schema has not; empty: nothing
  std::span<const int> wordless;  // numbers of the schema that have no word
};
bool ReadEnum(JsonReader& reader, const JsonValue& value, const EnumSpec& spec, int* out);
// JSON spelling of an enum number, or what stands for unknown ones; empty: it is not printed.
std::string_view EnumWord(const EnumSpec& spec, int number);
// A string of a fixed set of words; aliases become the word itself (`numbers` index `known`).
bool ReadWord(JsonReader& reader, const JsonValue& value, const EnumSpec& spec, std::string* out);

// Bounds. Each records a violation with the API's text (JsonReader::texts) when broken.
void CheckLimits(JsonReader& reader, double value, bool integral, const LimitSpec& limits);
void CheckLimits(JsonReader& reader, std::string_view value, const LimitSpec& limits);

}  // namespace vecgate::runtime
