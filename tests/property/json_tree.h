// A JSON text as a tree that keeps the spelling of numbers: RapidJSON's events, and nothing of the runtime's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vecgate::property {

struct JsonTree {
  enum class Type { kNull, kBool, kNumber, kString, kList, kObject };

  Type type = Type::kNull;
  bool boolean = false;
  std::string text;  // of a string; the lexeme of a number
  std::vector<JsonTree> elements;
  std::vector<std::pair<std::string, JsonTree>> members;  // in the text's order, repeated keys included

  bool is_null() const { return type == Type::kNull; }
  bool is_string() const { return type == Type::kString; }
  bool is_list() const { return type == Type::kList; }
  bool is_object() const { return type == Type::kObject; }
  // The last member of that name; null when there is none.
  const JsonTree* Find(std::string_view key) const;
  // A number without fraction or exponent that is not -0 and fits 64 bits, signed or not.
  bool IsInteger() const;
  std::string ToText() const;
};

// Nothing when the text is no JSON, nests deeper than `max_depth` containers, or has a number beyond a double or a lone
// surrogate.
std::optional<JsonTree> ParseTree(std::string_view text, size_t max_depth);

}  // namespace vecgate::property
