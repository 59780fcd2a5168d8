#include "runtime/error_text.h"

#include <gtest/gtest.h>

#include <array>

#include "parsed_body.h"
#include "runtime/float_format.h"

namespace vecgate::runtime {
namespace {

std::string Describe(std::string_view json, Phrasing phrasing = Phrasing::kSerde) {
  ParsedBody parsed(json, Source::kExact);
  return DescribeValue(parsed.root(), phrasing);
}

TEST(ErrorTextTest, DescribesValuesAsSerdeJson) {
  EXPECT_EQ(Describe("null"), "null");
  EXPECT_EQ(Describe("true"), "boolean `true`");
  EXPECT_EQ(Describe("-5"), "integer `-5`");
  EXPECT_EQ(Describe("18446744073709551615"), "integer `18446744073709551615`");
  EXPECT_EQ(Describe("10.0"), "floating point `10.0`");
  EXPECT_EQ(Describe("-0"), "floating point `-0.0`");
  EXPECT_EQ(Describe("18446744073709551616"), "floating point `1.8446744073709552e+19`");
  EXPECT_EQ(Describe(R"("a\"b\n")"), R"(string "a\"b\n")");
  EXPECT_EQ(Describe("[1]"), "sequence");
  EXPECT_EQ(Describe("{}"), "map");
}

TEST(ErrorTextTest, DescribesValuesAsSerdeWhenRephrased) {
  EXPECT_EQ(Describe("null", Phrasing::kRephrased), "unit value");
  EXPECT_EQ(Describe("1e20", Phrasing::kRephrased), "floating point `100000000000000000000.0`");
}

TEST(ErrorTextTest, ListsAlternatives) {
  constexpr std::array<std::string_view, 3> kWords{"a", "b", "c"};
  const std::span<const std::string_view> words(kWords);
  EXPECT_EQ(UnknownText("variant", "x", words, Phrasing::kSerde), "unknown variant `x`, expected one of `a`, `b`, `c`");
  EXPECT_EQ(UnknownText("variant", "x", words.first(2), Phrasing::kSerde), "unknown variant `x`, expected `a` or `b`");
  EXPECT_EQ(UnknownText("variant", "x", words.first(1), Phrasing::kSerde), "unknown variant `x`, expected `a`");
  EXPECT_EQ(UnknownText("field", "x", {}, Phrasing::kSerde), "unknown field `x`, there are no fields");
}

TEST(PlainTextTest, NeverUsesAnExponent) {
  EXPECT_EQ(PlainText(1.0), "1");
  EXPECT_EQ(PlainText(1.5), "1.5");
  EXPECT_EQ(PlainText(18446744073709551616.0), "18446744073709552000");
  EXPECT_EQ(PlainText(-1e-7), "-0.0000001");
  EXPECT_EQ(PlainText(5e-324).size(), 2u + 324u);
  EXPECT_EQ(PlainText(1.7976931348623157e308).size(), 309u);
}

}  // namespace
}  // namespace vecgate::runtime
