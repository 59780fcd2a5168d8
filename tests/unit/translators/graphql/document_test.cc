#include "graphql/document.h"

#include "printed.h"

namespace vecgate::graphql {
namespace {

TEST(DocumentTest, ReadsOperationsAndFragments) {
  constexpr std::string_view kText =
      "query A($n: [Int!]! $s: String = \"x\") @skip(if: false) { first: a(n: $n, s: [1 2.5e3, {k: true e: RED}]) { b ...F "
      "... on T @include(if: $s) { c } ... { d } } }\n"
      "fragment F on T { e }\n"
      "mutation M { m } subscription { s }";
  Document document;
  ASSERT_FALSE(document.Parse(kText));
  const Operation* a = document.operations().Find("A");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(Printed(a->selections),
            "first:a(n:$n s:[1, 2.5e3, {k: true, e: RED}]){b ...F ...on T @include(if:$s){c} ...on {d}}");
  EXPECT_EQ(Printed(a->directives), " @skip(if:false)");
  EXPECT_EQ(a->variables.Find("n")->type, "[Int!]!");
  EXPECT_EQ(a->variables.Find("n")->default_value, nullptr);
  EXPECT_EQ(Graphql(*a->variables.Find("s")->default_value), "\"x\"");
  ASSERT_NE(document.FindFragment("F"), nullptr);
  EXPECT_EQ(document.FindFragment("F")->type, "T");
  EXPECT_EQ(document.FindFragment("G"), nullptr);
  EXPECT_EQ(document.operations().Find("M")->type, Operation::Type::kMutation);
  EXPECT_EQ(document.operations().Find("")->type, Operation::Type::kSubscription);
}

TEST(DocumentTest, KnowsWhereThingsStand) {
  Document document;
  ASSERT_FALSE(document.Parse("query A {\n  x: Get(a: {\n    b: 1}) { ...F @skip(if: true) }\n}\nfragment F on T { y }"));
  const Operation& operation = *document.operations().first();
  const Selection& field = *operation.selections.first();
  EXPECT_EQ(document.LocationOf(operation.offset), (Location{1, 1}));
  EXPECT_EQ(document.LocationOf(operation.name_offset), (Location{1, 7}));
  EXPECT_EQ(document.LocationOf(field.offset), (Location{2, 3}));
  EXPECT_EQ(document.LocationOf(field.name_offset), (Location{2, 6}));
  EXPECT_EQ(document.LocationOf(field.selections_offset), (Location{3, 12}));
  const Value& argument = *field.arguments.first();
  EXPECT_EQ(document.LocationOf(argument.name_offset), (Location{2, 10}));
  EXPECT_EQ(document.LocationOf(argument.offset), (Location{2, 13}));
  EXPECT_EQ(document.LocationOf(argument.children.first()->offset), (Location{3, 8}));
  const Selection& spread = *field.selections.first();
  EXPECT_EQ(document.LocationOf(spread.offset), (Location{3, 14}));
  EXPECT_EQ(document.LocationOf(spread.name_offset), (Location{3, 17}));
  EXPECT_EQ(document.LocationOf(spread.directives.first()->offset), (Location{3, 19}));
  EXPECT_EQ(document.LocationOf(document.fragments().first()->offset), (Location{5, 1}));
}

TEST(DocumentTest, KeywordsAreNames) {
  Document document;
  ASSERT_FALSE(document.Parse("query query { fragment on true null ...onward } fragment onward on on { on: on }"));
  EXPECT_EQ(Printed(document.operations().first()->selections), "fragment on true null ...onward");
  EXPECT_EQ(document.FindFragment("onward")->type, "on");
}

std::string Chosen(std::string_view text, std::string_view name) {
  Document document;
  if (const auto fault = document.Parse(text)) return fault->message;
  const Operation* operation = nullptr;
  if (const auto fault = ChooseOperation(document, name, &operation)) return Printed(*fault);
  return Printed(operation->selections);
}

TEST(DocumentTest, ChoosesTheOperation) {
  EXPECT_EQ(Chosen("{ a }", ""), "a");
  EXPECT_EQ(Chosen("query A { a }", ""), "a");
  EXPECT_EQ(Chosen("query A { a } query B { b }", "B"), "b");
  EXPECT_EQ(Chosen("query A { a } query B { b }", ""),
            "Must provide operation name if query contains multiple operations. ()");
  EXPECT_EQ(Chosen("query A { a }", "B"), "Unknown operation named \"B\". ()");
  EXPECT_EQ(Chosen("fragment F on T { a }", ""), "Must provide an operation. ()");
  EXPECT_EQ(Chosen("mutation{x}", ""), "Schema is not configured for mutations (1:1)");
  EXPECT_EQ(Chosen("query A { a } subscription B { b }", "B"), "Schema is not configured for subscriptions (1:15)");
}

TEST(DocumentTest, PrintsValues) {
  Document document;
  ASSERT_FALSE(document.Parse("{ a(v: {s: \"q\\\"\\\\\\n\\u0007\xC3\xA6\", n: -0.5e-3, l: [], o: {}, e: RED, b: false, z: null, v: $x}) }"));
  const Value& value = *document.operations().first()->selections.first()->arguments.first();
  EXPECT_EQ(Json(value, Variables()),
            "{\"s\":\"q\\\"\\\\\\u000a\\u0007\xC3\xA6\",\"n\":-0.5e-3,\"l\":[],\"o\":{},\"e\":\"RED\",\"b\":false,\"z\":null,\"v\":null}");
  EXPECT_EQ(Graphql(value), "{s: \"q\\\"\\\\\\n\\a\xC3\xA6\", n: -0.5e-3, l: [], o: {}, e: RED, b: false, z: null, v: $x}");
}

}  // namespace
}  // namespace vecgate::graphql
