// Messages of graphql-go. "variable-undefined" was recorded from a server.
#include "graphql/validate.h"

#include "printed.h"

namespace vecgate::graphql {
namespace {

using Faults = std::vector<std::string>;

TEST(ValidateTest, FindsNothingWrong) {
  EXPECT_EQ(FaultsOf("query A($n: Int) { a(n: $n) { ...F } } query B { b { ...F @skip(if: true) } } fragment F on T { c ...G } "
                     "fragment G on T { d(a: {x: 1 y: {x: 2}}) }"),
            Faults());
}

TEST(ValidateTest, Variables) {
  EXPECT_EQ(FaultsOf("{Get{Article(limit: $n){title}}}"), Faults({"Variable \"$n\" is not defined. (1:21, 1:1)"}));
  EXPECT_EQ(FaultsOf("query A { a { ...F } } fragment F on T { b(x: [{y: $n}]) }"),
            Faults({"Variable \"$n\" is not defined by operation \"A\". (1:52, 1:1)"}));
  EXPECT_EQ(FaultsOf("query($n: Int) { a }"), Faults({"Variable \"$n\" is never used. (1:7)"}));
  EXPECT_EQ(FaultsOf("query A($n: Int) { a }"), Faults({"Variable \"$n\" is never used in operation \"A\". (1:9)"}));
  EXPECT_EQ(FaultsOf("query($n: Int, $n: Int) { a(n: $n) }"), Faults({"There can only be one variable named \"n\". (1:8, 1:17)"}));
  EXPECT_EQ(FaultsOf("query($n: Int! = 1) { a(n: $n) }"),
            Faults({"Variable \"$n\" of type \"Int!\" is required and will not use the default value. Perhaps you meant to use "
                    "type \"Int\". (1:18)"}));
}

TEST(ValidateTest, VariablesFitTheirPlace) {
  EXPECT_EQ(FaultsOf("query($b: Boolean!) { a @skip(if: $b) }"), Faults());
  EXPECT_EQ(FaultsOf("query($b: Boolean = true) { a @skip(if: $b) }"), Faults());
  EXPECT_EQ(FaultsOf("query($b: Boolean) { a @skip(if: $b) }"),
            Faults({"Variable \"$b\" of type \"Boolean\" used in position expecting type \"Boolean!\". (1:7, 1:34)"}));
  EXPECT_EQ(FaultsOf("query($n: [Int] = [1, \"x\", 2.5]) { a(n: $n) }"),
            Faults({"Variable \"$n\" has invalid default value: [1, \"x\", 2.5].\nIn element #1: Expected type \"Int\", found "
                    "\"x\".\nIn element #1: Expected type \"Int\", found 2.5. (1:19)"}));
}

TEST(ValidateTest, UniqueNames) {
  EXPECT_EQ(FaultsOf("{ a(n: 1, n: 2) }"), Faults({"There can be only one argument named \"n\". (1:5, 1:11)"}));
  EXPECT_EQ(FaultsOf("{ a(n: {x: 1 x: 2}) }"), Faults({"There can be only one input field named \"x\". (1:9, 1:14)"}));
  EXPECT_EQ(FaultsOf("query A { a } query A { b }"), Faults({"There can only be one operation named \"A\". (1:7, 1:21)"}));
  EXPECT_EQ(FaultsOf("{ ...F } fragment F on T { a } fragment F on T { b }"),
            Faults({"There can only be one fragment named \"F\". (1:19, 1:41)"}));
}

TEST(ValidateTest, LoneAnonymousOperation) {
  EXPECT_EQ(FaultsOf("{ a } query B { b }"), Faults({"This anonymous operation must be the only defined operation. (1:1)"}));
}

TEST(ValidateTest, Fragments) {
  EXPECT_EQ(FaultsOf("{ a { ...Nope } }"), Faults({"Unknown fragment \"Nope\". (1:10)"}));
  EXPECT_EQ(FaultsOf("{ a } fragment F on T { b }"), Faults({"Fragment \"F\" is never used. (1:7)"}));
  EXPECT_EQ(FaultsOf("{ ...F } fragment F on T { a { ...F } }"),
            Faults({"Cannot spread fragment \"F\" within itself. (1:32)"}));
  EXPECT_EQ(FaultsOf("{ ...A } fragment A on T { ...B } fragment B on T { ...C } fragment C on T { x { ...A } }"),
            Faults({"Cannot spread fragment \"A\" within itself via B, C. (1:28, 1:53, 1:82)"}));
}

TEST(ValidateTest, Directives) {
  EXPECT_EQ(FaultsOf("{ a @nope }"), Faults({"Unknown directive \"nope\". (1:5)"}));
  EXPECT_EQ(FaultsOf("{ a @include }"),
            Faults({"Directive \"@include\" argument \"if\" of type \"Boolean!\" is required but not provided. (1:5)"}));
  EXPECT_EQ(FaultsOf("{ a @skip(if: 1) }"),
            Faults({"Argument \"if\" has invalid value 1.\nExpected type \"Boolean\", found 1. (1:15)"}));
  EXPECT_EQ(FaultsOf("{ a @skip(if: true, so: 1) }"), Faults({"Unknown argument \"so\" on directive \"@skip\". (1:21)"}));
  EXPECT_EQ(FaultsOf("query @skip(if: true) { a }"), Faults({"Directive \"skip\" may not be used on QUERY. (1:7)"}));
  EXPECT_EQ(FaultsOf("{ ...F } fragment F on T @include(if: true) { a }"),
            Faults({"Directive \"include\" may not be used on FRAGMENT_DEFINITION. (1:26)"}));
  EXPECT_EQ(FaultsOf("{ a @deprecated }"), Faults({"Directive \"deprecated\" may not be used on FIELD. (1:5)"}));
}

TEST(ValidateTest, TellsSeveralButNotAll) {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += " a" + std::to_string(i) + " @nope";
  EXPECT_EQ(FaultsOf(text + "}").size(), kMaxFaults);
}

TEST(ValidateTest, LongChainsOfFragments) {
  std::string text = "{ ...F0 }";
  constexpr int kLength = 20'000;
  for (int i = 0; i < kLength; ++i)
    text += " fragment F" + std::to_string(i) + " on T { ...F" + std::to_string((i + 1) % kLength) + " }";
  const Faults faults = FaultsOf(text);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(faults[0].starts_with("Cannot spread fragment \"F0\" within itself via F1, F2, "));
}

TEST(ValidateTest, LargeFragmentsOfManyOperations) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "query Q" + std::to_string(i) + "{...F}";
  text += "fragment F on T {";
  for (int i = 0; i < 20'000; ++i) text += "a" + std::to_string(i) + " ";
  EXPECT_EQ(FaultsOf(text + "}"), Faults({"Document is too complex. ()"}));
}

}  // namespace
}  // namespace vecgate::graphql
