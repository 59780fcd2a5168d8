// MakePlan: what is complained about, each with its place, and the choices that rules leave to it.
#include "codegen/plan.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include "text_inputs.h"

namespace vecgate::codegen {
namespace {

constexpr std::string_view kAB =
    "message A { string name = 1; B b = 2; repeated B list = 3; } message B { int32 n = 1; }";

TEST(PlanTest, WithoutRulesMessagesAreObjectsOfTheirFields) {
  const Planned planned = PlanOf(kAB, "");
  ASSERT_TRUE(planned.complaints.empty()) << absl::StrJoin(planned.complaints.Sorted(), "\n");
  ASSERT_EQ(planned.plan->shapes.size(), 2u);
  const ShapePlan& shape = *planned.plan->shapes[0];
  EXPECT_EQ(shape.name, "A");
  EXPECT_TRUE(shape.is_default);
  EXPECT_FALSE(shape.ruled);
  EXPECT_EQ(shape.expecting, "struct A");
  ASSERT_EQ(shape.keys.size(), 3u);
  EXPECT_EQ(shape.keys[1].key, "b");
  EXPECT_EQ(shape.keys[1].value.shape, planned.plan->shapes[1].get());
  EXPECT_FALSE(shape.keys[0].null_is_absent) << "a string without presence";
  EXPECT_TRUE(shape.keys[1].null_is_absent);
  EXPECT_TRUE(shape.keys[2].null_is_absent);
}

TEST(PlanTest, ListedKeysComeFirstAndTheRestByNumber) {
  const Planned planned = PlanOf(kAB, "shape { message: 'A' key { value { field: 'list' } key: 'many' } }");
  ASSERT_TRUE(planned.complaints.empty());
  std::vector<std::string> keys;
  for (const KeyPlan& key : planned.plan->shapes[0]->keys) keys.push_back(absl::StrCat(key.key, " by ", key.origin));
  EXPECT_EQ(keys, Texts("many by rule", "name by default", "b by default"));
}

TEST(PlanTest, NamedShapesFollowTheDefaultOneAndHaveOnlyWhatTheyList) {
  const Planned planned = PlanOf(kAB, "shape { message: 'A' name: 'Short' key { value { field: 'name' } } }");
  ASSERT_TRUE(planned.complaints.empty());
  const Plan& plan = *planned.plan;
  EXPECT_EQ(plan.shapes[1]->name, "A_Short");
  EXPECT_EQ(plan.shapes[1]->keys.size(), 1u);
  EXPECT_EQ(plan.shapes[0]->keys.size(), 3u) << "what another shape maps is still the default one's";
  const auto* message = planned.schema->FindMessage("A");
  EXPECT_EQ(plan.FindShape(message, "Short"), plan.shapes[1].get());
  EXPECT_EQ(plan.FindShape(message, ""), plan.shapes[0].get());
  EXPECT_EQ(plan.FindShape(message, "A"), plan.shapes[0].get());
  EXPECT_EQ(plan.FindShape(message, "Long"), nullptr);
}

TEST(PlanTest, FieldsThatASelfTakesAreNoKeysOfTheirOwn) {
  const Planned planned = PlanOf(kAB,
                                 "shape { message: 'A' key { key: 'one' value { self: 'One' } } }"
                                 "shape { message: 'A' name: 'One' union { no_match: '' no_match: 'none'"
                                 "  variant { value { field: 'b' } } variant { value { self: 'Other' } } } }"
                                 "shape { message: 'A' name: 'Other' is { field: 'list' } }");
  ASSERT_TRUE(planned.complaints.empty()) << absl::StrJoin(planned.complaints.Sorted(), "\n");
  std::vector<std::string> keys;
  for (const KeyPlan& key : planned.plan->shapes[0]->keys) keys.push_back(key.key);
  EXPECT_EQ(keys, Texts("one", "name"));
}

TEST(PlanTest, WhatRoutesSetHasNoKey) {
  const std::string_view proto =
      "message Q { string shelf = 1; bool wait = 2; O o = 3; repeated E list = 4; string body = 5; string from = 6; "
      "string set = 7; }"
      "message O { string a = 1; string b = 2; } message E { string shelf = 1; string text = 2; } message R {}"
      "service S { rpc Do(Q) returns (R); }";
  const Planned planned =
      PlanOf(proto,
             "params { name: 'p' param { name: 'wait' field: 'wait' type: BOOL } }"
             "route { method: 'PUT' path: '/{shelf}/{rest=**}' access: READ rpc: 'S/Do' params: 'p' body: 'Q'"
             "        variable { name: 'rest' } param { name: 'a' field: 'o.a' }"
             "        copy { from: 'shelf' to: 'list.shelf' } set { field: 'set' value: '\"x\"' } }");
  ASSERT_TRUE(planned.complaints.empty()) << absl::StrJoin(planned.complaints.Sorted(), "\n");
  auto keys = [&](const char* message) {
    std::vector<std::string> names;
    for (const KeyPlan& key : planned.plan->DefaultShape(planned.schema->FindMessage(message))->keys)
      names.push_back(key.key);
    return names;
  };
  EXPECT_EQ(keys("Q"), Texts("list", "body", "from"));
  EXPECT_EQ(keys("E"), Texts("text")) << "the copy sets it in every element";
  std::vector<std::string> left_out;
  for (const auto& [field, reason] : planned.plan->DefaultShape(planned.schema->FindMessage("Q"))->left_out)
    left_out.push_back(absl::StrCat(field->name(), ": ", reason));
  EXPECT_EQ(left_out,
            Texts("shelf: set by the route", "wait: set by the route", "o: set by the route", "set: set by the route"));
}

TEST(PlanTest, FlattenedKeysCarryTheirPath) {
  const Planned planned = PlanOf("message A { B b = 1; } message B { optional int32 n = 1; string s = 2; }",
                                 "shape { message: 'A' key { value { field: 'b' } flatten: true } }"
                                 "shape { message: 'B' key { value { field: 'n' } when_absent { field: 'n' value: '1' "
                                 "} when_null { field: 's' value: '\"x\"' } } }");
  ASSERT_TRUE(planned.complaints.empty());
  const ShapePlan& shape = *planned.plan->shapes[0];
  ASSERT_EQ(shape.keys.size(), 1u) << "s is set with n and has no key of its own";
  EXPECT_EQ(shape.keys[0].key, "n");
  ASSERT_EQ(shape.keys[0].value.path.size(), 2u);
  EXPECT_EQ(shape.keys[0].value.path[0]->name(), "b");
  ASSERT_EQ(shape.keys[0].when_absent[0].path.size(), 2u);
  EXPECT_EQ(shape.keys[0].when_absent[0].path[0]->name(), "b");
  EXPECT_EQ(shape.keys[0].when_null[0].path[1]->name(), "s");
}

TEST(PlanTest, EnumDefaultsMayBeSpeltAsInJson) {
  const Planned planned = PlanOf("enum E { NO = 0; YES = 1; } message A { E e = 1; }",
                                 "enum { name: 'E' value { name: 'NO' json: 'no' } value { name: 'YES' json: 'yes' } }"
                                 "shape { message: 'A' key { value { field: 'e' } default: '\"yes\"' } }");
  ASSERT_TRUE(planned.complaints.empty());
  EXPECT_EQ(planned.plan->shapes[0]->keys[0].default_literal, "static_cast<::test::v1::E>(1)");
}

TEST(PlanTest, FlagsGetABitEach) {
  const Planned planned = PlanOf(kAB,
                                 "shape { message: 'A' key { value { field: 'name' } shown_if: 'x' }"
                                 "        key { value { field: 'b' } sets_flag_for: 'x' as: 'y' } }");
  ASSERT_TRUE(planned.complaints.empty());
  EXPECT_EQ(planned.plan->flags.at("x"), 0);
  EXPECT_EQ(planned.plan->flags.at("y"), 1);
}

TEST(ResolvePathTest, FollowsMessages) {
  const auto schema = SchemaOf(
      "message A { B b = 1; map<string, B> map = 2; repeated B list = 3; int32 n = 4; } message B { A a = 1; }");
  auto text = [&](const char* dotted) {
    const auto path = ResolvePath(schema->FindMessage("A"), dotted);
    if (!path) return std::string("none");
    std::vector<std::string> names;
    for (const auto* field : *path) names.push_back(field->name());
    return absl::StrJoin(names, ">");
  };
  EXPECT_EQ(text("n"), "n");
  EXPECT_EQ(text("b.a.b"), "b>a>b");
  EXPECT_EQ(text("list.a"), "list>a");
  EXPECT_EQ(text("x"), "none");
  EXPECT_EQ(text("n.x"), "none");
  EXPECT_EQ(text("map.a"), "none");
  EXPECT_EQ(text(""), "none");
  EXPECT_EQ(text("b."), "none");
}

// ---- complaints ---------------------------------------------------------------------------------------

TEST(PlanComplaintTest, AllComeAtOnceWithFileAndLine) {
  EXPECT_EQ(
      ComplaintsAbout("message A { oneof o { bool b = 1; } bytes x = 2; } enum E { Z = 0; }",
                      "shape { message: 'C' }\n"
                      "\n"
                      "shape {\n"
                      "  message: 'A'\n"
                      "  key { value { field: 'z' } }\n"
                      "}\n"
                      "route { path: '/' }\n"),
      Texts("rules.textproto:1: no message C", "rules.textproto:3: A has no field z",
            "rules.textproto:3: A: a key needs its name", "rules.textproto:3: field x holds bytes: it needs a rule",
            "rules.textproto:3: field A.b is not mapped",
            "rules.textproto:7: a route needs exactly one of rpc, call, local and unavailable",
            "rules.textproto:7: access is not said", "test/v1/test.proto:0: enum E is not mapped: it needs a rule"));
}

// One fault in rules of the messages below, and what is said about it, and nothing else.
struct Fault {
  const char* rules;
  const char* complaint;
};

class PlanFaultTest : public testing::TestWithParam<Fault> {};

TEST_P(PlanFaultTest, IsComplainedAbout) {
  EXPECT_EQ(ComplaintsAbout(
                "message A { string name = 1; B b = 2; repeated B list = 3; optional int32 n = 4; map<string, B> map = "
                "5; E e = 6; }"
                "message B { int32 n = 1; } message None {} enum E { NO = 0; YES = 1; }"
                "service S { rpc Do(A) returns (B); }",
                absl::StrCat("enum { name: 'E' value { name: 'NO' json: 'no' } value { name: 'YES' json: 'yes' } }\n",
                             GetParam().rules)),
            Texts(absl::StrCat("rules.textproto:2: ", GetParam().complaint)))
      << GetParam().rules;
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, PlanFaultTest,
    testing::Values(Fault{"shape { message: 'C' }", "no message C"},
                    Fault{"shape { message: 'A' unset_unless: 'name,x' }", "A has no field x"},
                    Fault{"shape { message: 'None' runtime: 'Value' is { field: 'n' } }",
                          "at most one of runtime, is, union and part"},
                    Fault{"shape { message: 'None' runtime: 'Value' key { key: 'x' ignored: true } }",
                          "None: keys belong to the object form"},
                    Fault{"shape { message: 'A' runtime: 'PointBatch' runtime_reads: 'X' }", "no message X"},
                    Fault{"shape { message: 'B' name: 'X' is { field: 'x' } }", "B has no field x"},
                    Fault{"shape { message: 'B' name: 'X' part { when_key: 'k' value { field: 'x' } } }",
                          "B has no field x"}));

INSTANTIATE_TEST_SUITE_P(
    Values, PlanFaultTest,
    testing::Values(
        Fault{"shape { message: 'A' key { key: 'k' value { self: 'X' } } }", "A has no shape X"},
        Fault{"shape { message: 'A' key { key: 'k' value { shape: 'X' } } }", "a value needs `field` or `self`"},
        Fault{"shape { message: 'A' key { key: 'k' value { runtime: 'X' } } }", "a value needs `field` or `self`"},
        Fault{"shape { message: 'A' key { key: 'k' value { field: 'list.n' } } }",
              "list.n passes through a repeated field"},
        Fault{"shape { message: 'A' key { value { field: 'b' append: true } } }", "b is not repeated"},
        Fault{"shape { message: 'A' key { value { field: 'name' one_or_many: true } } }", "name is not repeated"},
        Fault{"shape { message: 'A' key { value { field: 'name' presence: true } } }",
              "presence needs a message field"},
        Fault{"shape { message: 'A' key { value { field: 'name' spelling: 'X' } } }", "no spelling X"},
        Fault{"shape { message: 'A' key { value { field: 'b' shape: 'X' } } }", "test.v1.B has no shape X"}));

INSTANTIATE_TEST_SUITE_P(
    Keys, PlanFaultTest,
    testing::Values(
        Fault{"shape { message: 'A' key { value { field: 'x' } not_in_json: 'why' } }", "A has no field x"},
        Fault{"shape { message: 'A' key { ignored: true } }", "an ignored key needs its name"},
        Fault{"shape { message: 'B' key { value { field: 'n' } } key { key: 'n' } }", "B: key n twice"},
        Fault{"shape { message: 'A' key { value { field: 'n' } default: 'x' } }",
              "A.n: default does not fit the field"},
        Fault{"shape { message: 'A' key { value { field: 'e' } default: '\"maybe\"' } }",
              "A.e: default does not fit the field"},
        Fault{"shape { message: 'A' key { value { field: 'list' } default: '1' } }",
              "A.list: default does not fit the field"},
        Fault{"shape { message: 'A' key { value { field: 'n' } always_set: true } }",
              "A.n: always_set needs a message field"},
        Fault{"shape { message: 'A' key { value { field: 'list' } always_set: true } }",
              "A.list: always_set needs a message field"},
        Fault{"shape { message: 'A' key { value { field: 'name' } flatten: true } }",
              "A: only a message can be flattened"},
        Fault{"shape { message: 'A' key { value { field: 'list' } flatten: true } }",
              "A: only a message can be flattened"},
        Fault{"shape { message: 'A' key { value { field: 'b' } flatten: true } } shape { message: 'B' is { field: 'n' "
              "} }",
              "A: only an object can be flattened, B is none"},
        Fault{"shape { message: 'A' key { key: 'm' value { field: 'n' } } key { value { field: 'b' } flatten: true } } "
              "shape { message: 'B' check { unique: 'n' } }",
              "A: a flattened message has no checks, B does"},
        Fault{"shape { message: 'A' key { value { field: 'n' } when_absent { field: 'n' value: '\"x\"' } } }",
              "A: n cannot be set to \"x\""},
        Fault{"shape { message: 'A' key { value { field: 'n' } when_null { field: 'x' value: '1' } } }",
              "A: x cannot be set to 1"}));

INSTANTIATE_TEST_SUITE_P(
    Unions, PlanFaultTest,
    testing::Values(
        Fault{"shape { message: 'B' union { variant { value { field: 'n' } } } }", "B: a union needs no_match"},
        Fault{"shape { message: 'B' union { no_match: 'x' variant { value { field: 'n' } print_if: 'x' } } }",
              "B has no field x"},
        Fault{"shape { message: 'B' union { no_match: 'x' variant { value { field: 'n' } print_if: '!x' } } }",
              "B has no field x"},
        Fault{
            "shape { message: 'B' union { no_match: 'x' variant { literal: 'a' } variant { value { field: 'n' } } } }",
            "B: variant 1 cannot be told when printing: it needs print_if or read_only"},
        Fault{"shape { message: 'B' union { no_match: 'x' variant { keys { value { field: 'n' } } } variant { value { "
              "field: 'n' } } } }",
              "B: variant 1 cannot be told when printing: it needs print_if or read_only"},
        Fault{"shape { message: 'B' union { no_match: 'x' variant { keys { value { field: 'n' } } check { unique: 'x' "
              "} } } }",
              "B has no field x"},
        Fault{"shape { message: 'B' union { no_match: 'x' variant { value { field: 'n' } set { field: 'n' value: 'one' "
              "} } } }",
              "B: n cannot be set to one"}));

INSTANTIATE_TEST_SUITE_P(
    Checks, PlanFaultTest,
    testing::Values(Fault{"shape { message: 'A' check { text: 'x' } }", "A: a check checks nothing"},
                    Fault{"shape { message: 'A' check { same_length { a: 'list' b: 'x' } } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { unique: 'x' } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { not_empty: 'x' } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { not_empty_if_given: 'x' } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { any_set: 'name,b.x' } }", "A has no field b.x"},
                    Fault{"shape { message: 'A' check { less_than { a: 'x' b: 'n' } } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { differ { a: 'n' b: 'x' } } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { equal_rows: 'x' } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { rows_not_empty: 'x' } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { closed_ring: 'x' } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { min_items { field: 'x' n: 1 } } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { not_both_false { a: 'n' b: 'x' } } }", "A has no field x"},
                    Fault{"shape { message: 'A' check { within { field: 'x' } } }", "A has no field x"}));

INSTANTIATE_TEST_SUITE_P(Enums, PlanFaultTest,
                         testing::Values(Fault{"enum { name: 'X' }", "no enum X"},
                                         Fault{"enum { name: 'E' value { name: 'NO' } value { name: 'YES' } }",
                                               "a second rule for enum E"}));

INSTANTIATE_TEST_SUITE_P(
    Routes, PlanFaultTest,
    testing::Values(
        Fault{"route { access: READ }", "a route needs exactly one of rpc, call, local and unavailable"},
        Fault{"route { access: READ rpc: 'S/Do' unavailable: 'x' }",
              "a route needs exactly one of rpc, call, local and unavailable"},
        Fault{"route { access: READ local {} unavailable: 'x' }",
              "a route needs exactly one of rpc, call, local and unavailable"},
        Fault{"route { unavailable: 'x' }", "access is not said"},
        Fault{"route { access: READ rpc: 'S/Do' group: 'x' }", "a group is for routes that gRPC has nothing for"},
        Fault{"route { access: READ unavailable: 'x' reads_body: true group: 'x' }",
              "what has been read cannot be passed through: a group, and reads_body"},
        Fault{"route { access: READ rpc: 'S/Undo' }", "no RPC S/Undo"},
        Fault{"route { access: READ call { rpc: 'S/Undo' } }", "no RPC S/Undo"},
        Fault{"route { access: READ rpc: 'S/Do' params: 'x' }", "no params x"},
        Fault{"route { access: READ rpc: 'S/Do' param { name: 'p' field: 'x' } }", "A has no field x"},
        Fault{"route { access: READ rpc: 'S/Do' params: 'p' } params { name: 'p' param { name: 'p' field: 'b.x' } }",
              "A has no field b.x"},
        Fault{"route { access: READ rpc: 'S/Do' path: '/{x}' }", "A has no field x"},
        Fault{"route { access: READ rpc: 'S/Do' path: '/{x=**}' variable { name: 'x' field: 'y' } }",
              "A has no field y"},
        Fault{"route { access: READ rpc: 'S/Do' set { field: 'x' value: '1' } }", "A has no field x"},
        Fault{"route { access: READ rpc: 'S/Do' copy { from: 'x' to: 'name' } }", "A has no field x"},
        Fault{"route { access: READ rpc: 'S/Do' copy { from: 'name' to: 'x' } }", "A has no field x"}));

TEST(PlanComplaintTest, EveryFieldOfAMessageIsToldThatNothingMaps) {
  EXPECT_EQ(ComplaintsAbout(
                "message A { oneof o { bool b = 1; B m = 2; } string old = 3 [deprecated = true]; } message B {}", ""),
            Texts("test/v1/test.proto:0: field A.b is not mapped", "test/v1/test.proto:0: field A.m is not mapped",
                  "test/v1/test.proto:0: field A.old is not mapped"));
  EXPECT_EQ(ComplaintsAbout("message A { bool b = 1; bool c = 2; }", "shape { message: 'A' is { field: 'b' } }"),
            Texts("rules.textproto:1: field A.c is not mapped"));
  EXPECT_EQ(ComplaintsAbout("message A { bool b = 1; bool c = 2; }",
                            "shape { message: 'A' only_listed_keys: true key { value { field: 'b' } } }"),
            Texts("rules.textproto:1: field A.c is not mapped"));
  EXPECT_EQ(ComplaintsAbout("message A { oneof o { bool b = 1; bool c = 2; } }",
                            "shape { message: 'A' union { no_match: 'x' variant { value { field: 'b' } } } }"),
            Texts("rules.textproto:1: field A.c is not mapped"));
}

TEST(PlanComplaintTest, SayingWhyAFieldIsNotInJsonMapsIt) {
  EXPECT_EQ(ComplaintsAbout("message A { oneof o { bool b = 1; bool c = 2; } bytes raw = 3; }",
                            "shape { message: 'A' union { no_match: 'x' variant { value { field: 'b' } } }"
                            "        key { value { field: 'c' } not_in_json: 'old' } key { value { field: 'raw' } "
                            "not_in_json: 'bytes' } }"),
            Texts());
}

TEST(PlanComplaintTest, BytesNeedARule) {
  EXPECT_EQ(ComplaintsAbout("message A { bytes raw = 1; }", ""),
            Texts("test/v1/test.proto:0: field raw holds bytes: it needs a rule"));
}

TEST(PlanComplaintTest, MapsNotKeyedByTextHaveNoPlace) {
  EXPECT_EQ(ComplaintsAbout("message A { map<int32, bool> m = 1; }", ""),
            Texts("test/v1/test.proto:0: m: only maps keyed by text have a place in JSON"));
}

TEST(PlanComplaintTest, MessagesOfOtherPackagesNeedAFunction) {
  TemporaryFolder folder;
  const auto schema =
      SchemaOf({{"o.proto", "syntax = 'proto3'; package o; message O {}"},
                {"p.proto", "syntax = 'proto3'; package p; import 'o.proto'; message A { o.O o = 1; }"}},
               "p");
  auto complaints = [&](const char* rules) {
    Complaints found;
    std::vector<std::unique_ptr<RuleSource>> sources;
    sources.push_back(RuleSource::Load(folder.Write("r.textproto", absl::StrCat("api { name: 'p' }", rules)), &found));
    MakePlan(*schema, sources, &found);
    return found.Sorted();
  };
  EXPECT_EQ(complaints(""), Texts("p.proto:0: o.O has no shape "));
  EXPECT_EQ(complaints("shape { message: 'A' key { value { field: 'o' runtime: 'Timestamp' } } }"), Texts());
}

TEST(PlanComplaintTest, ValuesOfEnumsAreToldByTheirOwnLine) {
  EXPECT_EQ(ComplaintsAbout("enum E { NO = 0; YES = 1; MAYBE = 2; }",
                            "enum {\n"
                            "  name: 'E'\n"
                            "  value { name: 'NO' }\n"
                            "  value { name: 'NEVER' json: 'never' }\n"
                            "}"),
            Texts("rules.textproto:1: enum E: value YES is not mapped",
                  "rules.textproto:1: enum E: value MAYBE is not mapped", "rules.textproto:4: E has no value NEVER"));
  EXPECT_EQ(ComplaintsAbout("enum E { NO = 0; YES = 1; }",
                            "enum { name: 'E' unknown: 'perhaps' value { name: 'NO' } value { name: 'YES' json: 'yes' } }"),
            Texts("rules.textproto:1: enum E: no value is spelled perhaps"));
}

TEST(PlanComplaintTest, ShapesOfOneNameAreToldApartOnlyOnce) {
  EXPECT_EQ(ComplaintsAbout(kAB,
                            "shape { message: 'A' }\nshape { message: 'A' }\nshape { message: 'A' name: 'X' }\nshape { "
                            "message: 'A' name: 'X' }"),
            Texts("rules.textproto:2: a second shape A", "rules.textproto:4: a second shape A_X"));
  EXPECT_EQ(ComplaintsAbout("message A {} message A_X {}", "shape { message: 'A' name: 'X' }"),
            Texts("test/v1/test.proto:0: a named shape hides message A_X"));
}

TEST(PlanComplaintTest, KeysOfAnObjectAreCounted) {
  std::string proto = "message A {";
  for (int i = 1; i <= 65; ++i) absl::StrAppend(&proto, " bool f", i, " = ", i, ";");
  EXPECT_EQ(ComplaintsAbout(absl::StrCat(proto, " }"), ""), Texts("test/v1/test.proto:0: A: more than 64 keys"));
}

// The message has no entries of them that a check could look at.
TEST(PlanComplaintTest, NothingChecksMapsOfAnyJson) {
  constexpr std::string_view kPayload = "message A { map<string, V> payload = 1; } message V { string text = 1; }";
  constexpr std::string_view kCheck = "shape { message: 'A' check { not_empty: 'payload' text: 'x' } }";
  EXPECT_EQ(ComplaintsAbout(kPayload, kCheck), Texts());
  EXPECT_EQ(ComplaintsAbout(kPayload, std::string(kCheck) + " shape { message: 'V' runtime: 'Value' }"),
            Texts("rules.textproto:1: A: payload goes to the server unread, no check can be made of it"));
}

TEST(PlanComplaintTest, OneApiBlockIsNeeded) {
  EXPECT_EQ(ComplaintsAbout("", "\napi { name: 'test' }"), Texts("api.textproto:1: a second api block"));
  const auto schema = SchemaOf("");
  Complaints complaints;
  MakePlan(*schema, {}, &complaints);
  EXPECT_EQ(complaints.Sorted(), Texts("rules:0: no api block"));
}

TEST(PlanTest, AccessIsCheckedAgainstTheSchema) {
  constexpr std::string_view kService =
      "service S { rpc List(A) returns (C); } message A { string name = 1; int32 n = 2; }"
      "message B { string name = 1; int32 n = 2; } message C { repeated B list = 1; }";
  const auto route = [](std::string_view more) {
    return absl::StrCat("route { method: 'GET' path: '/' access: READ rpc: 'S/List' ", std::string(more), " }");
  };
  EXPECT_EQ(ComplaintsAbout(kService, route("listed { field: 'list' collection: 'name' }")), Texts());
  EXPECT_EQ(ComplaintsAbout(kService, route("listed { field: 'other' collection: 'name' }")).size(), 1u);
  EXPECT_EQ(ComplaintsAbout(kService, route("listed { field: 'list' collection: 'n' }")).size(), 1u);
  EXPECT_EQ(ComplaintsAbout(kService,
                            "route { method: 'GET' path: '/' access: READ unavailable: 'x' listed { field: 'list' } }")
                .size(),
            1u);
}

}  // namespace
}  // namespace vecgate::codegen
