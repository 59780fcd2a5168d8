// The generated readers against a slow one that goes by the letter of the rules: whatever a text holds, they accept and
// refuse the same and read the same message.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exclusions.h"
#include "random_json.h"
#include "slow_reader.h"
#include "support/as_sent.h"
#include "translators.h"

namespace vecgate::property {
namespace {

namespace pb = google::protobuf;
using runtime::ShapeEntry;

std::vector<const rules::RuleFile*> RuleFiles() {
  auto& complaints = *new codegen::Complaints;
  std::vector<const rules::RuleFile*> files;
  for (const auto& entry : std::filesystem::directory_iterator(VECGATE_RULES))
    files.push_back(&codegen::RuleSource::Load(entry.path(), &complaints).release()->file());
  return files;
}

const RuleIndex& Rules() {
  static const RuleIndex& rules = *new RuleIndex(RuleFiles(), *Translators::Get().plan().schema);
  return rules;
}

const RandomJson& Texts() {
  static const RandomJson& texts = *new RandomJson(Translators::Get().plan(), LimitsOfMessages());
  return texts;
}

// The names that the keys of a shape's object go by, as its rule has them.
std::vector<std::string> NamesOf(const pb::Descriptor* message, const std::string& shape) {
  std::vector<std::string> names;
  for (const RuleKey& key : Rules().KeysOf(message, Rules().FindShape(message, shape))) {
    names.push_back(key.name());
    names.insert(names.end(), key.rule->alias().begin(), key.rule->alias().end());
  }
  return names;
}

// Some key under another name, beside itself under another name, or twice: what the generator forgot is not in texts
// that were made by its plan. `own`: names that the outermost object knows.
std::string Renamed(RandomSource* random, const std::string& text, const std::vector<std::string>& own) {
  static const std::vector<std::string>& all = *new std::vector<std::string>(Rules().KeyNames());
  std::optional<JsonTree> tree = ParseTree(text, 1000);
  if (!tree) return text;
  JsonTree* at = &*tree;
  const bool outermost = !own.empty() && random->Chance(60);
  for (int depth = outermost ? 0 : static_cast<int>(random->Below(5)); depth > 0; --depth) {
    if (at->is_list() && !at->elements.empty()) at = &at->elements[random->Below(at->elements.size())];
    else if (at->is_object() && !at->members.empty()) at = &at->members[random->Below(at->members.size())].second;
  }
  if (!at->is_object() || at->members.empty()) return text;
  const size_t which = random->Below(at->members.size());
  const std::string name = random->OneOf(outermost ? own : all);
  switch (random->Below(3)) {
    case 0:
      at->members[which].first = name;
      break;
    case 1:
      at->members.emplace_back(name, JsonTree(at->members[which].second));
      break;
    default:
      at->members.push_back(decltype(at->members)::value_type(at->members[which]));
  }
  return tree->ToText();
}

void Compare(const ShapeEntry& shape, const std::string& json, const std::string& where) {
  const codegen::ShapePlan& plan = Translators::Get().PlanOf(shape);
  std::unique_ptr<pb::Message> quick(shape.prototype()->New()), slow(shape.prototype()->New());
  const ReadOutcome got = Read(shape, json, quick.get());
  const std::optional<JsonTree> tree = ParseTree(json, 127);
  SlowOutcome wanted;
  if (tree) wanted = SlowReader(Rules()).Read(plan.rule_name, *tree, slow.get());
  ASSERT_EQ(got.read, wanted.read) << got.fault << "\n" << where << "\n" << json;
  ASSERT_EQ(got.refused, wanted.refused) << got.fault << "\n" << where << "\n" << json;
  if (!got.read) return;
  ASSERT_EQ(!got.violations.empty(), wanted.invalid)
      << (got.violations.empty() ? "" : got.violations[0].path + ": " + got.violations[0].message) << "\n"
      << where << "\n"
      << json;
  ASSERT_TRUE(TakeAsSent(slow.get())) << where << "\n" << json;  // some functions it shares leave bytes, too
  ASSERT_EQ(Difference(*slow, *quick), "") << where << "\n" << json;
}

class DifferentialTest : public testing::TestWithParam<const ShapeEntry*> {};

TEST_P(DifferentialTest, GeneratedReaderGoesByTheRules) {
  const ShapeEntry& shape = *GetParam();
  const codegen::ShapePlan& plan = Translators::Get().PlanOf(shape);
  const std::vector<std::string> own = NamesOf(shape.prototype()->GetDescriptor(), plan.rule_name);
  const uint64_t seeds = SeedCount(100);
  for (uint64_t seed = 0; seed < seeds && !HasFailure(); ++seed) {
    RandomSource random(seed);
    const std::string where = std::string(shape.name) + ", seed " + std::to_string(seed);
    const std::string text = Texts().Text(&random, plan);
    Compare(shape, text, where + ", valid");
    Compare(shape, Renamed(&random, text, own), where + ", renamed");
    Compare(shape, RandomJson::Broken(&random, text), where + ", broken");
    Compare(shape, RandomJson::Any(&random), where + ", anything");
  }
}

std::vector<const ShapeEntry*> Shapes() {
  std::vector<const ShapeEntry*> shapes;
  for (const ShapeEntry& shape : Translators::Get().shapes()) shapes.push_back(&shape);
  return shapes;
}

INSTANTIATE_TEST_SUITE_P(Qdrant, DifferentialTest, testing::ValuesIn(Shapes()),
                         [](const auto& info) { return std::string(info.param->name); });

}  // namespace
}  // namespace vecgate::property
