// LiteralOf: JSON texts of rules as C++ expressions.
#include <gtest/gtest.h>

#include "codegen/plan.h"
#include "text_inputs.h"

namespace vecgate::codegen {
namespace {

class LiteralTest : public testing::Test {
 protected:
  std::string Literal(const char* field, const char* json) const {
    return LiteralOf(schema_->FindMessage("M")->FindFieldByName(field), json).value_or("(does not fit)");
  }
  const std::unique_ptr<Schema> schema_ = SchemaOf(
      "enum E { ZERO = 0; MINUS = -1; }"
      "message M { enum class { D = 0; C = 4; } bool b = 1; string s = 2; int32 i = 3; uint64 u = 4;"
      "            double d = 5; E e = 6; class c = 7; M m = 8; float f = 9; }");
};

constexpr const char* kNone = "(does not fit)";

TEST_F(LiteralTest, BoolsAreTheirWords) {
  EXPECT_EQ(Literal("b", "true"), "true");
  EXPECT_EQ(Literal("b", "false"), "false");
  EXPECT_EQ(Literal("b", "1"), kNone);
  EXPECT_EQ(Literal("b", "\"true\""), kNone);
  EXPECT_EQ(Literal("b", ""), kNone);
}

TEST_F(LiteralTest, StringsKeepTheirQuotes) {
  EXPECT_EQ(Literal("s", "\"text\""), "\"text\"");
  EXPECT_EQ(Literal("s", "\"\""), "\"\"");
  EXPECT_EQ(Literal("s", "text"), kNone);
  EXPECT_EQ(Literal("s", "\""), kNone);
  EXPECT_EQ(Literal("s", "5"), kNone);
}

TEST_F(LiteralTest, NumbersAreTheirText) {
  EXPECT_EQ(Literal("i", "-3"), "-3");
  EXPECT_EQ(Literal("u", "7"), "7");
  EXPECT_EQ(Literal("d", "0.5"), "0.5");
  EXPECT_EQ(Literal("f", "1e3"), "1e3");
  EXPECT_EQ(Literal("i", "x"), kNone);
  EXPECT_EQ(Literal("i", "\"3\""), kNone);
  EXPECT_EQ(Literal("i", ""), kNone);
}

TEST_F(LiteralTest, EnumValuesAreNamedAsInTheSchema) {
  EXPECT_EQ(Literal("e", "\"MINUS\""), "static_cast<::test::v1::E>(-1)");
  EXPECT_EQ(Literal("e", "ZERO"), "static_cast<::test::v1::E>(0)");
  EXPECT_EQ(Literal("c", "\"C\""), "static_cast<::test::v1::M_class>(4)");
  EXPECT_EQ(Literal("e", "\"zero\""), kNone);
  EXPECT_EQ(Literal("e", "0"), kNone);
}

TEST_F(LiteralTest, MessagesAreMadePresent) {
  EXPECT_EQ(Literal("m", "{}"), "");
  EXPECT_EQ(Literal("m", "{\"b\":true}"), kNone);
  EXPECT_EQ(Literal("m", "null"), kNone);
}

}  // namespace
}  // namespace vecgate::codegen
