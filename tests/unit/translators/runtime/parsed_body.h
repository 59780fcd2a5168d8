// A JSON text, parsed, for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "runtime/json_reader.h"
#include "runtime/json_value.h"
#include "runtime/route.h"

namespace vecgate::runtime {

inline constexpr size_t kTestDepth = 127;

// Texts of the first upstream.
inline constexpr LocalTexts kTestTexts{
    .limit_min = "value {value} invalid, must be {min} or larger",
    .limit_max = "value {value} invalid, must be {max} or smaller",
    .limit_both = "value {value} invalid, must be from {min} to {max}",
    .length_min = "value {value} invalid, must be at least {min} characters",
    .length_max = "value {value} invalid, must be at most {max} characters",
    .length_both = "value {value} invalid, must be from {min} to {max} characters",
    .length_exact = "value {value} invalid, must be exactly {min} characters",
};

enum class Source { kFast, kExact };

// Parses on construction and fails the test when the text is not accepted.
class ParsedBody {
 public:
  ParsedBody(std::string_view text, Source source) : padded_(text), size_(text.size()), document_(kTestDepth) {
    padded_.append(kBodyPadding, ' ');
    if (source == Source::kFast) {
      EXPECT_TRUE(document_.ParseFast(body())) << text;
      return;
    }
    SyntaxError error;
    EXPECT_TRUE(document_.ParseExact(body(), &error)) << text << ": " << error.text;
  }

  std::string_view body() const { return std::string_view(padded_).substr(0, size_); }
  JsonValue root() const { return document_.root(); }

 private:
  std::string padded_;
  size_t size_;
  JsonDocument document_;
};

// Column of the reader's error; the texts of most tests have one line.
inline size_t Column(const JsonReader& reader, const ParsedBody& parsed) {
  return Locate(parsed.body(), reader.error_offset()).column;
}

}  // namespace vecgate::runtime
