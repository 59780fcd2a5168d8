// GuardOf: the JSON types and keys that a value can begin with.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include "codegen/plan.h"
#include "text_inputs.h"

namespace vecgate::codegen {
namespace {

std::string TextOf(const GuardPlan& guard) {
  std::string text = absl::StrJoin(guard.kinds, " ");
  if (!guard.keys.empty()) absl::StrAppend(&text, " with ", absl::StrJoin(guard.keys, " "));
  return text;
}

// Guards of the keys or variants of message M's default shape, one each.
std::vector<std::string> GuardsOf(std::string_view proto, std::string_view rules) {
  const Planned planned = PlanOf(proto, rules);
  EXPECT_TRUE(planned.complaints.empty()) << absl::StrJoin(planned.complaints.Sorted(), "\n");
  if (planned.plan == nullptr) return {};
  const ShapePlan* shape = planned.plan->DefaultShape(planned.schema->FindMessage("M"));
  std::vector<std::string> guards;
  for (const KeyPlan& key : shape->keys) guards.push_back(TextOf(GuardOf(key.value)));
  for (const VariantPlan& variant : shape->variants) guards.push_back(TextOf(GuardOf(variant, *shape)));
  return guards;
}

constexpr const char* kAnyKind = "kNull kBool kInteger kUnsigned kDouble kString kArray kObject";

TEST(GuardTest, OfScalars) {
  EXPECT_EQ(
      GuardsOf("message M { bool b = 1; string s = 2; int32 i = 3; uint64 u = 4; float f = 5; double d = 6; E e = 7; }"
               "enum E { Z = 0; }",
               "enum { name: 'E' value { name: 'Z' json: 'z' } }"),
      Texts("kBool", "kString", "kInteger kUnsigned", "kInteger kUnsigned", "kInteger kUnsigned kDouble",
            "kInteger kUnsigned kDouble", "kString"));
}

TEST(GuardTest, OfContainers) {
  EXPECT_EQ(
      GuardsOf(
          "message M { repeated bool list = 1; map<string, bool> map = 2; repeated bool one = 3; repeated bool more = "
          "4; }",
          "shape { message: 'M' key { value { field: 'list' } } key { value { field: 'map' } }"
          "        key { value { field: 'one' one_or_many: true } } key { value { field: 'more' append: true } } }"),
      Texts("kArray", "kObject", "kBool kArray", "kBool"));
}

TEST(GuardTest, OfObjectsAreTheirRequiredKeys) {
  EXPECT_EQ(
      GuardsOf(
          "message M { A a = 1; B b = 2; A list = 3; Empty e = 4; } message A { bool x = 1; bool y = 2; bool z = 3; }"
          "message B { bool x = 1; } message Empty {}",
          "shape { message: 'A' key { value { field: 'x' } required: true } key { value { field: 'y' } }"
          "        key { value { field: 'z' } required: true alias: 'zz' } }"
          "shape { message: 'B' or_list: true key { value { field: 'x' } required: true } }"),
      Texts("kObject with x", "kObject kArray", "kObject with x", "kObject"));
}

TEST(GuardTest, OfOneOrManyObjectsHaveNoKeys) {
  EXPECT_EQ(GuardsOf("message M { repeated A a = 1; } message A { bool x = 1; }",
                     "shape { message: 'M' key { value { field: 'a' one_or_many: true } } }"
                     "shape { message: 'A' key { value { field: 'x' } required: true } }"),
            Texts("kObject kArray"));
}

TEST(GuardTest, OfPresenceAndWords) {
  EXPECT_EQ(GuardsOf("message M { A a = 1; string s = 2; } message A {}",
                     "shape { message: 'M' key { value { field: 'a' presence: true } } key { value { field: 's' "
                     "spelling: 'W' } } }"
                     "spelling { name: 'W' word { json: 'w' } }"),
            Texts("kBool", "kString"));
}

TEST(GuardTest, OfRuntimeFunctions) {
  EXPECT_EQ(
      GuardsOf("message M { Id id = 1; Any any = 2; string path = 3; Id other = 4; } message Id {} message Any {}",
               "shape { message: 'Id' runtime: 'PointId' } shape { message: 'Any' runtime: 'Value' }"
               "shape { message: 'M' key { value { field: 'path' runtime: 'JsonPathText' } }"
               "        key { value { field: 'other' runtime: 'Special' } } }"),
      Texts("kString", kAnyKind, "kInteger kUnsigned kString", kAnyKind));
}

TEST(GuardTest, OfOneFieldIsThatFields) {
  EXPECT_EQ(
      GuardsOf("message M { A a = 1; repeated A many = 2; } message A { repeated B b = 1; } message B { bool b = 1; }",
               "shape { message: 'A' is { field: 'b' } } shape { message: 'B' is { field: 'b' } }"),
      Texts("kArray", "kArray"));
}

TEST(GuardTest, OfVariants) {
  EXPECT_EQ(
      GuardsOf("message M { oneof o { bool b = 1; string s = 2; A a = 3; } } message A { bool x = 1; }",
               "shape { message: 'A' key { value { field: 'x' } required: true } }"
               "shape { message: 'M' union { no_match: 'none'"
               "  variant { literal: 'word' set { field: 'b' value: 'true' } }"
               "  variant { key: 'k' value { field: 'a' } }"
               "  variant { value { field: 'a' } }"
               "  variant { keys { value { field: 'b' } required: true } keys { value { field: 's' } } print_if: 'b' }"
               "  variant { value { field: 's' } } } }"),
      Texts("kString", "kObject with k", "kObject with x", "kObject with b", "kString"));
}

TEST(GuardTest, OfUnionsAreAllOfTheirVariants) {
  EXPECT_EQ(GuardsOf("message M { A a = 1; B b = 2; T t = 3; } message A { oneof o { bool b = 1; int32 i = 2; } }"
                     "message B { oneof o { bool b = 1; } } message T { oneof o { B b = 1; } }",
                     "shape { message: 'A' union { no_match: 'none' variant { value { field: 'b' } } variant { value { "
                     "field: 'i' } } } }"
                     "shape { message: 'B' union { no_match: 'none' variant { key: 'k' value { field: 'b' } } } }"
                     "shape { message: 'T' union { tag: 'type' variant { tag: 'b' value { field: 'b' } } } }"),
            Texts("kBool kInteger kUnsigned", "kObject with k", "kObject with type"));
}

}  // namespace
}  // namespace vecgate::codegen
