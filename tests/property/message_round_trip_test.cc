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

// Fields that hold something in the message or below it.
void AddFilled(const pb::Message& message, std::set<std::string>* names) {
  const pb::Reflection* reflection = message.GetReflection();
  std::vector<const pb::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    names->insert(field->full_name());
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      AddFilled(reflection->GetMessage(message, field), names);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i)
      AddFilled(reflection->GetRepeatedMessage(message, field, i), names);
  }
}

TEST(RandomMessagesTest, HaveEveryFieldThatJsonCanCarry) {
  const RandomMessages messages(Translators::Get().plan(), LimitsOfMessages());
  std::set<std::string> filled, left_out = NamesOf(FieldsLeftOut());
  for (const ShapeEntry* shape : Shapes()) {
    for (uint64_t seed = 0; seed < 100; ++seed) {
      RandomSource random(seed);
      std::unique_ptr<pb::Message> message(shape->prototype()->New());
      messages.Fill(&random, Translators::Get().PlanOf(*shape), message.get());
      AddFilled(*message, &filled);
    }
    for (const std::string_view field : shape->left_out)
      left_out.insert(shape->prototype()->GetTypeName() + "." + std::string(field));
  }
  std::string missing;
  for (const ShapeEntry* shape : Shapes()) {
    const pb::Descriptor* message = shape->prototype()->GetDescriptor();
    for (int i = 0; shape->is_default && i < message->field_count(); ++i) {
      const std::string& name = message->field(i)->full_name();
      // Of the only value of an enum nobody can tell that it was given.
      const pb::EnumDescriptor* type = message->field(i)->enum_type();
      if (type != nullptr && type->value_count() == 1) continue;
      if (!filled.contains(name) && !left_out.contains(name)) missing += name + "\n";
    }
  }
  EXPECT_EQ(missing, "");
}

}  // namespace
}  // namespace vecgate::property
