#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "parsed_body.h"

namespace vecgate::runtime {
namespace {

struct Case {
  std::string body;
  std::string text;
  size_t column;
  size_t line = 1;
};

SyntaxError FaultOf(std::string_view body) {
  JsonDocument document(kTestDepth);
  SyntaxError error;
  EXPECT_FALSE(document.ParseExact(body, &error)) << body;
  return error;
}

void Expect(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const SyntaxError error = FaultOf(c.body);
    const LineColumn place = Locate(c.body, error.offset);
    EXPECT_EQ(error.text, c.text) << c.body;
    EXPECT_EQ(place.line, c.line) << c.body;
    EXPECT_EQ(place.column, c.column) << c.body;
  }
}

const std::string kPoint = R"({"points":[{"id":1,"vector":{},"payload":{"v":)";

// Recorded answers of Qdrant 1.19, whose parser is serde_json.
TEST(SyntaxFaultTest, NamesFaultsAsTheServerDoes) {
  Expect({
      {R"({"limit" 1})", "expected `:`", 10},
      {"{'limit':1}", "key must be a string", 2},
      {R"({"limit":1}{"limit":2})", "trailing characters", 12},
      {R"({"limit":1)", "EOF while parsing an object", 10},
      {R"({"limit":tru})", "expected ident", 13},
      {R"({"limit":1 "offset":2})", "expected `,` or `}`", 12},
      {" ", "EOF while parsing a value", 1},
      {"", "EOF while parsing a value", 0},
      {R"({"limit": 1,)", "EOF while parsing a value", 12},
      {"hello", "expected value", 1},
      {R"({"limit":1} x)", "trailing characters", 13},
      {R"({"limit":1e400})", "number out of range", 14},
      {R"({"limit":NaN})", "expected value", 10},
      {R"({"limit":1,"x":"\ud800"})", "unexpected end of hex escape", 23},
      {"{\"limit\":1 /*x*/}", "expected `,` or `}`", 12},
      {kPoint + "01}}]}", "invalid number", 48},
      {kPoint + "+1}}]}", "expected value", 47},
      {kPoint + ".5}}]}", "expected value", 47},
      {kPoint + "1.}}]}", "invalid number", 49},
      {kPoint + "1e}}]}", "invalid number", 49},
      {kPoint + "0x1}}]}", "expected `,` or `}`", 48},
      {kPoint + "1_0}}]}", "expected `,` or `}`", 48},
      {kPoint + "Infinity}}]}", "expected value", 47},
      {kPoint + "1e400}}]}", "number out of range", 51},
      {kPoint + "-}}]}", "invalid number", 48},
      {kPoint + "\"\x01\"}}]}", "control character (\\u0000-\\u001F) found while parsing a string", 48},
      {kPoint + "\"\\x\"}}]}", "invalid escape", 49},
  });
}

TEST(SyntaxFaultTest, CountsLinesFromOneAndBytesOfTheLine) {
  Expect({
      {"{\"limit\": 1,\n  }", "trailing comma", 3, 2},
      {"{\n\"\xC3\xA9\" 1}", "expected `:`", 6, 2},
      {"\n\n", "EOF while parsing a value", 0, 3},
  });
}

TEST(SyntaxFaultTest, Containers) {
  Expect({
      {"[", "EOF while parsing a list", 1},
      {"[1", "EOF while parsing a list", 2},
      {"[1 2]", "expected `,` or `]`", 4},
      {"[1,]", "trailing comma", 4},
      {"[1,", "EOF while parsing a value", 3},
      {"[,1]", "expected value", 2},
      {"[}", "expected value", 2},
      {"{", "EOF while parsing an object", 1},
      {"{1:2}", "key must be a string", 2},
      {"{,", "key must be a string", 2},
      {R"({"a")", "EOF while parsing an object", 4},
      {R"({"a":)", "EOF while parsing a value", 5},
      {R"({"a":1,})", "trailing comma", 8},
      {R"({"a":1,2})", "key must be a string", 8},
      {R"({"a":1])", "expected `,` or `}`", 7},
      {"]", "expected value", 1},
      {std::string("{}\0", 3), "trailing characters", 3},
  });
}

TEST(SyntaxFaultTest, WordsNumbersAndStrings) {
  Expect({
      {"nul", "EOF while parsing a value", 3},
      {"-", "EOF while parsing a value", 1},
      {"-x", "invalid number", 2},
      {"1.", "EOF while parsing a value", 2},
      {"1.x", "invalid number", 3},
      {"1e", "EOF while parsing a value", 2},
      {"1e+x", "invalid number", 4},
      {"-1e309", "number out of range", 6},
      // Given up at the digit that is too much for the exponent.
      {"1e99999999999", "number out of range", 12},
      {"\"abc", "EOF while parsing a string", 4},
      {"\"\\", "EOF while parsing a string", 2},
      {"\"\\u12\"", "EOF while parsing a string", 6},
      {"\"\\u12x4\"", "invalid escape", 7},
      {"\"\\udc00\"", "lone leading surrogate in hex escape", 7},
      {"\"\\ud800\\u0041\"", "lone leading surrogate in hex escape", 13},
      {"\"\\ud800\\n\"", "unexpected end of hex escape", 9},
      {"\"a\xff\"", "invalid unicode code point", 4},
      {"\"a\xed\xa0\x80\"", "invalid unicode code point", 6},
      {"{\"\xff\":1}", "invalid unicode code point", 4},
  });
}

std::string Nested(size_t depth, const std::string& open, const std::string& inner, const std::string& close) {
  std::string text;
  for (size_t i = 0; i < depth; ++i) text += open;
  text += inner;
  for (size_t i = 0; i < depth; ++i) text += close;
  return text;
}

TEST(SyntaxFaultTest, RefusesTheContainerBeyondTheDepthLimit) {
  const std::string too_deep = Nested(128, R"({"filter":)", "1", "}");
  const SyntaxError error = FaultOf(too_deep);
  EXPECT_EQ(error.text, "recursion limit exceeded");
  EXPECT_EQ(error.offset, 1271u);  // recorded
  EXPECT_EQ(FaultOf(Nested(128, "[", "", "]")).text, "recursion limit exceeded");
  ParsedBody deepest(Nested(127, "[", "1", "]"), Source::kExact);
  EXPECT_EQ(deepest.root().kind(), Kind::kArray);
}

}  // namespace
}  // namespace vecgate::runtime
