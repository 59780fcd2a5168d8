// Texts of serde's errors, in the spelling of serde_json and in that of serde_value ("rephrased").
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "runtime/json_value.h"

namespace vecgate::runtime {

enum class Phrasing { kSerde, kRephrased };

// A value as type errors name it: null · boolean `true` · integer `5` · floating point `1.5` · string "x" ·
// sequence · map.
std::string DescribeValue(const JsonValue& value, Phrasing phrasing);

// `subject` is "type" or "value": "invalid type: null, expected u32".
std::string InvalidText(std::string_view subject, const JsonValue& value, std::string_view expected, Phrasing phrasing);
std::string InvalidLengthText(size_t length, std::string_view expected, Phrasing phrasing);
// `what` is "field" or "variant".
std::string UnknownText(std::string_view what, std::string_view name, std::span<const std::string_view> known,
                        Phrasing phrasing);
std::string MissingText(std::string_view key, Phrasing phrasing);
std::string DuplicateText(std::string_view key, Phrasing phrasing);

// As Rust's `{:?}` prints a string: quoted, with escapes.
std::string DebugText(std::string_view text);

}  // namespace vecgate::runtime
