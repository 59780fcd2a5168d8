#include "graphql/variables.h"

#include "printed.h"

namespace vecgate::graphql {
namespace {

// The argument `v` of the only field as JSON.
std::string Bound(std::string_view text, std::vector<Variables::Given> given) {
  Document document;
  if (const auto fault = document.Parse(text)) return fault->message;
  Variables variables;
  if (const auto fault = variables.Bind(document, *document.operations().first(), given)) return Printed(*fault);
  return Json(*document.operations().first()->selections.first()->arguments.Find("v"), variables);
}

TEST(VariablesTest, StandForWhatWasGiven) {
  EXPECT_EQ(Bound("query($a: String) { f(v: [$a, {k: $a}]) }", {{"a", "\"x\""}, {"other", "1"}}), "[\"x\",{\"k\":\"x\"}]");
  EXPECT_EQ(Bound("query($a: Own) { f(v: $a) }", {{"a", "{\"deep\":[1,null]}"}}), "{\"deep\":[1,null]}");
  EXPECT_EQ(Bound("query($a: Int) { f(v: $a) }", {}), "null");
}

TEST(VariablesTest, HaveDefaults) {
  EXPECT_EQ(Bound("query($a: [Int] = [1, 2]) { f(v: $a) }", {}), "[1,2]");
  EXPECT_EQ(Bound("query($a: [Int] = [1, 2]) { f(v: $a) }", {{"a", "null"}}), "[1,2]");
  EXPECT_EQ(Bound("query($a: [Int] = [1, 2]) { f(v: $a) }", {{"a", "[3]"}}), "[3]");
}

TEST(VariablesTest, AreOfTheirType) {
  EXPECT_EQ(Bound("query($a: String!) { f(v: $a) }", {}), "Variable \"$a\" of required type \"String!\" was not provided. (1:7)");
  EXPECT_EQ(Bound("query($a: Int) { f(v: $a) }", {{"a", "\"two\""}}),
            "Variable \"$a\" got invalid value \"two\".\nExpected type \"Int\", found \"two\". (1:7)");
  EXPECT_EQ(Bound("query($a: Int) { f(v: $a) }", {{"a", "3000000000"}}),
            "Variable \"$a\" got invalid value 3000000000.\nExpected type \"Int\", found \"3000000000\". (1:7)");
  EXPECT_EQ(Bound("query($a: [Float!]) { f(v: $a) }", {{"a", "[1,null,[2],{\"x\":\"]\"}]"}}),
            "Variable \"$a\" got invalid value [1,null,[2],{\"x\":\"]\"}].\nIn element #1: Expected \"Float!\", found null.\n"
            "In element #1: Expected type \"Float\", found \"[2]\".\n"
            "In element #1: Expected type \"Float\", found \"{\"x\":\"]\"}\". (1:7)");
  EXPECT_EQ(Bound("query($a: [String]) { f(v: $a) }", {{"a", "\"alone\""}}), "\"alone\"");
}

TEST(VariablesTest, StandWhereTheirTypeIsTaken) {
  const auto may = [](std::string_view definition, std::string_view type) {
    Document document;
    const std::string text = "query($a: " + std::string(definition) + ") { f(v: $a) }";
    EXPECT_FALSE(document.Parse(text));
    return MayStandFor(*document.operations().first()->variables.first(), type);
  };
  EXPECT_TRUE(may("String", "String"));
  EXPECT_TRUE(may("String!", "String"));
  EXPECT_FALSE(may("String", "String!"));
  EXPECT_TRUE(may("String = \"x\"", "String!"));
  EXPECT_TRUE(may("[String!]", "[String]"));
  EXPECT_FALSE(may("[String]", "[String!]"));
  EXPECT_FALSE(may("String", "[String]"));
  EXPECT_FALSE(may("[String]", "String"));
  EXPECT_FALSE(may("Int", "Float"));
}

}  // namespace
}  // namespace vecgate::graphql
