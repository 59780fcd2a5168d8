// Every message by every shape: printed and read it is itself, and prints the same again.
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "exclusions.h"
#include "random_message.h"
#include "translators.h"

namespace vecgate::property {
namespace {

namespace pb = google::protobuf;
using runtime::ShapeEntry;

std::vector<const ShapeEntry*> Shapes() {
  const std::set<std::string> not_read_back = NamesOf(ShapesNotReadBack());
  std::vector<const ShapeEntry*> shapes;
  for (const ShapeEntry& shape : Translators::Get().shapes())
    if (!not_read_back.contains(std::string(shape.name))) shapes.push_back(&shape);
  return shapes;
}

class MessageRoundTripTest : public testing::TestWithParam<const ShapeEntry*> {};

TEST_P(MessageRoundTripTest, ReadingWhatWasPrintedGivesTheMessage) {
  static const RandomMessages& messages = *new RandomMessages(Translators::Get().plan(), LimitsOfMessages());
  const ShapeEntry& shape = *GetParam();
  const codegen::ShapePlan& plan = Translators::Get().PlanOf(shape);
  const uint64_t seeds = SeedCount(200);
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSource random(seed);
    std::unique_ptr<pb::Message> message(shape.prototype()->New()), again(shape.prototype()->New());
    messages.Fill(&random, plan, message.get());
    const std::string text = Print(shape, *message);
    const std::string where = std::string(shape.name) + ", seed " + std::to_string(seed) + "\n" + text;
    const ReadOutcome outcome = Read(shape, text, again.get());
    ASSERT_TRUE(outcome.read) << outcome.fault << "\n" << where;
    ASSERT_EQ(Difference(*message, *again), "") << where;
    ASSERT_EQ(Print(shape, *again), text) << where;
  }
}

INSTANTIATE_TEST_SUITE_P(Qdrant, MessageRoundTripTest, testing::ValuesIn(Shapes()),
                         [](const auto& info) { return std::string(info.param->name); });

}  // namespace
}  // namespace vecgate::property
