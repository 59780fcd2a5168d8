// Every shape: JSON that its rules accept is read, and survives being printed and read again. And whatever a text
// holds, both sources of tokens judge it alike.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "exclusions.h"
#include "random_json.h"
#include "translators.h"

namespace vecgate::property {
namespace {

namespace pb = google::protobuf;
using runtime::ShapeEntry;

const RandomJson& Texts() {
  static const RandomJson& texts = *new RandomJson(Translators::Get().plan(), LimitsOfMessages());
  return texts;
}

std::vector<const ShapeEntry*> Shapes() {
  std::vector<const ShapeEntry*> shapes;
  for (const ShapeEntry& shape : Translators::Get().shapes()) shapes.push_back(&shape);
  return shapes;
}

class JsonRoundTripTest : public testing::TestWithParam<const ShapeEntry*> {};

TEST_P(JsonRoundTripTest, WhatWasReadSurvivesPrinting) {
  const ShapeEntry& shape = *GetParam();
  const codegen::ShapePlan& plan = Translators::Get().PlanOf(shape);
  const bool read_back = !NamesOf(ShapesNotReadBack()).contains(std::string(shape.name));
  const uint64_t seeds = SeedCount(200);
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSource random(seed);
    const std::string json = Texts().Text(&random, plan);
    const std::string where = std::string(shape.name) + ", seed " + std::to_string(seed) + "\n" + json;
    std::unique_ptr<pb::Message> message(shape.prototype()->New()), again(shape.prototype()->New());
    const ReadOutcome outcome = Read(shape, json, message.get());
    ASSERT_TRUE(outcome.read) << outcome.fault << "\n" << where;
    if (!read_back) continue;
    const std::string text = Print(shape, *message);
    const ReadOutcome second = Read(shape, text, again.get());
    ASSERT_TRUE(second.read) << second.fault << "\n" << where << "\nprinted " << text;
    ASSERT_EQ(Difference(*message, *again), "") << where << "\nprinted " << text;
    ASSERT_EQ(Print(shape, *again), text) << where;
  }
}

TEST_P(JsonRoundTripTest, BothSourcesJudgeBrokenTextsAlike) {
  const ShapeEntry& shape = *GetParam();
  const codegen::ShapePlan& plan = Translators::Get().PlanOf(shape);
  const uint64_t seeds = SeedCount(200);
  for (uint64_t seed = 0; seed < seeds && !HasFailure(); ++seed) {
    RandomSource random(seed);
    std::unique_ptr<pb::Message> message(shape.prototype()->New());
    // Read tells of a difference.
    Read(shape, RandomJson::Broken(&random, Texts().Text(&random, plan)), message.get());
    Read(shape, RandomJson::Any(&random), message.get());
  }
}

INSTANTIATE_TEST_SUITE_P(Qdrant, JsonRoundTripTest, testing::ValuesIn(Shapes()),
                         [](const auto& info) { return std::string(info.param->name); });

}  // namespace
}  // namespace vecgate::property
