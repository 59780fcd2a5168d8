#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include "codegen/emit.h"
#include "text_inputs.h"

namespace vecgate::codegen {
namespace {

std::string ReportOf(std::string_view proto, std::string_view rules) {
  const Planned planned = PlanOf(proto, rules);
  EXPECT_TRUE(planned.complaints.empty()) << absl::StrJoin(planned.complaints.Sorted(), "\n");
  return planned.plan == nullptr ? "" : Report(*planned.plan);
}

TEST(ReportTest, NamesEveryFieldAndHowItIsMapped) {
  EXPECT_EQ(ReportOf("message Q { string shelf = 1; string text = 2; bool old = 3 [deprecated = true]; A any = 4; U u "
                     "= 5; P p = 6; }"
                     "message A { int32 n = 1; }"
                     "message U { oneof o { bool b = 1; string s = 2; A a = 3; } bool set = 4; }"
                     "message P { string path = 1; }"
                     "message L { repeated A list = 1; }"
                     "message R {}"
                     "service S { rpc Do(Q) returns (R); }",
                     "shape { message: 'Q' key { value { field: 'text' } key: 'words' } key { value { field: 'old' } "
                     "not_in_json: 'gone' } }"
                     "shape { message: 'A' runtime: 'Value' }"
                     "shape { message: 'U' union { no_match: 'x'"
                     "  variant { literal: 'yes' set { field: 'set' value: 'true' } }"
                     "  variant { key: 'a' value { field: 'a' } }"
                     "  variant { value { field: 'b' } }"
                     "  variant { value { field: 's' } } } }"
                     "shape { message: 'P' is { field: 'path' runtime: 'JsonPathText' } }"
                     "shape { message: 'P' name: 'Path' key { value { field: 'path' } } }"
                     "route { method: 'GET' path: '/{shelf}' access: READ rpc: 'S/Do' }"),
            R"(Q: object (rule)
  shelf: not in JSON: set by the route
  text: rule: "words"
  old: not in JSON: gone
  any: default: "any"
  u: default: "u"
  p: default: "p"
A: runtime Value (rule)
  n: runtime Value
U: union (rule)
  b: rule: variant by JSON type
  s: rule: variant by JSON type
  a: rule: variant "a"
  set: rule: set by a variant
P: one field (rule)
  path: rule: "path" in P_Path; rule: the whole value, runtime JsonPathText
L: object (default)
  list: default: "list"
R: object (default)
6 messages, 13 fields, 1 routes, 2 runtime functions, 0 operations; none unmapped
)");
}

TEST(ReportTest, TellsOfParts) {
  EXPECT_EQ(
      ReportOf("message A { repeated B list = 1; } message B { bool b = 1; }",
               "shape { message: 'A' part { when_key: 'x' value { field: 'list' append: true } } no_part: 'none' }"),
      R"(A: parts (rule)
  list: rule: part with "x"
B: object (default)
  b: default: "b"
2 messages, 2 fields, 0 routes, 0 runtime functions, 0 operations; none unmapped
)");
}

}  // namespace
}  // namespace vecgate::codegen
