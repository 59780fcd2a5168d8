#include "runtime/number_lexeme.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vecgate::runtime {
namespace {

Number Parse(std::string_view lexeme) {
  Number number{};
  EXPECT_TRUE(ParseNumber(lexeme, &number)) << lexeme;
  return number;
}

TEST(NumberLexemeTest, IntegersStayIntegersWhileTheyFit) {
  EXPECT_EQ(Parse("0").kind, Kind::kInteger);
  EXPECT_EQ(Parse("9223372036854775807").integer, INT64_MAX);
  EXPECT_EQ(Parse("-9223372036854775808").integer, INT64_MIN);
  EXPECT_EQ(Parse("9223372036854775808").kind, Kind::kUnsigned);
  EXPECT_EQ(Parse("18446744073709551615").unsigned_value, UINT64_MAX);
}

TEST(NumberLexemeTest, EverythingElseIsADouble) {
  EXPECT_EQ(Parse("18446744073709551616").kind, Kind::kDouble);
  EXPECT_EQ(Parse("18446744073709551616").real, 18446744073709551616.0);
  EXPECT_EQ(Parse("-9223372036854775809").kind, Kind::kDouble);
  EXPECT_EQ(Parse("1.0").kind, Kind::kDouble);
  EXPECT_EQ(Parse("1e3").real, 1000.0);
  EXPECT_EQ(Parse("-0").kind, Kind::kDouble);
  EXPECT_TRUE(std::signbit(Parse("-0").real));
}

TEST(NumberLexemeTest, RoundsCorrectly) {
  EXPECT_EQ(Parse("9007199254740993.0").real, 9007199254740992.0);
  EXPECT_EQ(Parse("2.2250738585072011e-308").real, 0x0.fffffffffffffp-1022);
  EXPECT_EQ(Parse("5e-324").real, 0x1p-1074);
  EXPECT_EQ(Parse("1.7976931348623157e308").real, 0x1.fffffffffffffp1023);
}

TEST(NumberLexemeTest, UnderflowIsZeroAndOverflowAnError) {
  EXPECT_EQ(Parse("1e-400").real, 0.0);
  EXPECT_TRUE(std::signbit(Parse("-1e-400").real));
  Number number;
  EXPECT_FALSE(ParseNumber("1e400", &number));
  EXPECT_FALSE(ParseNumber("-1e309", &number));
  EXPECT_FALSE(ParseNumber("1" + std::string(400, '0'), &number));
}

}  // namespace
}  // namespace vecgate::runtime
