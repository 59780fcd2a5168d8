// Every message: printed and read it is itself, and prints the same again.
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "exclusions.h"
#include "random_message.h"
#include "translators.h"

namespace vecgate::property {
namespace {

namespace pb = google::protobuf;
using runtime::ShapeEntry;

const RandomMessages& Messages() {
  static const RandomMessages& messages = *new RandomMessages(Translators::Get(), NamesOf(ExcludedFields()));
  return messages;
}

class MessageRoundTripTest : public testing::TestWithParam<const ShapeEntry*> {};

TEST_P(MessageRoundTripTest, ReadingWhatWasPrintedGivesTheMessage) {
  const ShapeEntry& shape = *GetParam();
  const std::string name = shape.prototype()->GetTypeName();
  if (NamesOf(ExcludedMessages()).contains(name)) GTEST_SKIP();
  const uint64_t seeds = SeedCount(200);
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    RandomSource random(seed);
    std::unique_ptr<pb::Message> message(shape.prototype()->New());
    Messages().Fill(&random, message.get());
    const std::string text = Print(shape, *message);
    std::unique_ptr<pb::Message> again(message->New());
    const ReadOutcome outcome = Read(shape, text, again.get());
    ASSERT_TRUE(outcome.read) << name << ", seed " << seed << ": " << outcome.fault << "\n" << text;
    ASSERT_EQ(Difference(*message, *again), "") << name << ", seed " << seed << "\n" << text;
    ASSERT_EQ(Print(shape, *again), text) << name << ", seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Qdrant, MessageRoundTripTest, testing::ValuesIn(Translators::Get().default_shapes()),
                         [](const auto& info) { return std::string(info.param->name); });

}  // namespace
}  // namespace vecgate::property
