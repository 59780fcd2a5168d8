#include "graphql/expand.h"

#include "printed.h"

namespace vecgate::graphql {
namespace {

TEST(ExpandTest, PutsFragmentsInPlace) {
  EXPECT_EQ(Expanded("{ Get { A { ...F ... { y } z } } } fragment F on A { x ...G } fragment G on A { w }"),
            "Get{A{<A>x <A>w y z}}");
  EXPECT_EQ(Expanded("{ A { ref { ... on T { n } ... on U { n ... on V { m } } __typename } } }"),
            "A{ref{<T>n <U>n <V>m __typename}}");
}

TEST(ExpandTest, MergesFieldsOfOneKey) {
  EXPECT_EQ(Expanded("{ A(n: 1) { x } A(n: 1) { y x } b: B }"), "A(n:1){x y} b:B");
  EXPECT_EQ(Expanded("{ A { r { ... on T { s { x } } } r { ... on T { s { y } } ... on U { s { z } } } } }"),
            "A{r{<T>s{x y} <U>s{z}}}");
  EXPECT_EQ(Expanded("{ a: x a: y }"), "Fields \"a\" conflict because x and y are different fields. Use different aliases on the fields to fetch both if this was intentional. (1:3, 1:8)");
  EXPECT_EQ(Expanded("{ a(n: 1) a }"), "Fields \"a\" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional. (1:3, 1:11)");
  EXPECT_EQ(Expanded("{ a(n: 1, m: 2) a(m: 2 n: 1) }"), "a(n:1 m:2)");
}

TEST(ExpandTest, ObeysDirectives) {
  EXPECT_EQ(Expanded("query($y: Boolean!, $n: Boolean = false) { a @include(if: $y) b @include(if: $n) c @skip(if: $y) d @skip(if: $n) "
                     "... @include(if: false) { e } ...F @skip(if: true) f @include(if: true) @skip(if: true) } fragment F on T { g }",
                     {{"y", "true"}}),
            "a d");
}

TEST(ExpandTest, HoldsItsBounds) {
  Options options;
  options.max_fields = 5;
  EXPECT_EQ(Expanded("{ a b c d e }", {}, options), "a b c d e");
  EXPECT_EQ(Expanded("{ a b c d e f }", {}, options), "Document asks for too many fields. ()");
  // Each doubles the one before it, though no field is ever reached.
  std::string bomb = "{ ...F0 }";
  for (int i = 0; i < 60; ++i) {
    const std::string next = " ...F" + std::to_string(i + 1);
    bomb += " fragment F" + std::to_string(i) + " on T {" + next + next + " }";
  }
  EXPECT_EQ(Expanded(bomb + " fragment F60 on T { a }"), "Document asks for too many fields. ()");
  std::string deep = "{ ...F0 }";
  for (int i = 0; i < 500; ++i)
    deep += " fragment F" + std::to_string(i) + " on T { ...F" + std::to_string(i + 1) + " }";
  EXPECT_EQ(Expanded(deep + " fragment F500 on T { a }"), "Document is nested too deeply. ()");
}

}  // namespace
}  // namespace vecgate::graphql
