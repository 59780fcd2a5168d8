#include "runtime/named/value.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "parsed_body.h"
#include "qdrant/json_with_int.pb.h"
#include "support/as_sent.h"

namespace vecgate::runtime {
namespace {

using qdrant::Value;

Value Read(std::string_view json, Source source) {
  ParsedBody parsed(json, source);
  JsonReader reader(false, kTestTexts);
  Value value;
  EXPECT_TRUE(ReadValue(reader, parsed.root(), &value));
  EXPECT_TRUE(TakeAsSent(&value)) << json;
  return value;
}

std::string Write(const Value& value) {
  OutputBuffer out;
  JsonWriter writer(out);
  WriteValue(value, writer);
  return std::string(out.view());
}

void ExpectReads(std::string_view json, const std::string& text) {
  Value expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &expected));
  const Value value = Read(json, Source::kExact);
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(value, expected))
      << json << " became " << value.ShortDebugString();
}

// Recorded as what Qdrant's own conversion made of the same payloads.
TEST(ValueTest, KeepsTheTypeOfNumbers) {
  ExpectReads("9223372036854775807", "integer_value: 9223372036854775807");
  ExpectReads("-9223372036854775808", "integer_value: -9223372036854775808");
  ExpectReads("0", "integer_value: 0");
  ExpectReads("9223372036854775808", "double_value: 9223372036854775808");
  ExpectReads("100000000000000000000000", "double_value: 1e23");
  ExpectReads("1.0", "double_value: 1");
  ExpectReads("1e0", "double_value: 1");
  ExpectReads("-0", "double_value: -0.0");
}

TEST(ValueTest, OtherKinds) {
  ExpectReads("null", "null_value: NULL_VALUE");
  ExpectReads("true", "bool_value: true");
  ExpectReads(R"("\u00e9")", "string_value: '\xC3\xA9'");
  ExpectReads("[]", "list_value {}");
  ExpectReads("{}", "struct_value {}");
  ExpectReads(
      R"({"a":[1,{"b":null}]})",
      "struct_value { fields { key: 'a' value { list_value { values { integer_value: 1 } values { struct_value {"
      "fields { key: 'b' value { null_value: NULL_VALUE } } } } } } } }");
}

TEST(ValueTest, LastOfEqualKeysCounts) {
  ExpectReads(R"({"a":[1],"a":[2]})",
              "struct_value { fields { key: 'a' value { list_value { values { integer_value: 2 } } } } }");
  ExpectReads(
      R"({"a":{"x":1},"a":{"y":2}})",
      "struct_value { fields { key: 'a' value { struct_value { fields { key: 'y' value { integer_value: 2 } } } } } }");
}

TEST(ValueTest, PrintsKeysInTheOrderOfTheirBytes) {
  EXPECT_EQ(Write(Read(R"({"b":1,"a":[true,null,"x",1.0],"B":{},"\u00e9":-0.0,"aa":2})", Source::kFast)),
            "{\"B\":{},\"a\":[true,null,\"x\",1.0],\"aa\":2,\"b\":1,\"\xC3\xA9\":-0.0}");
}

TEST(ValueTest, NoKindIsNull) { EXPECT_EQ(Write(Value()), "null"); }

TEST(ValueTest, DeepestNestingComesBack) {
  const std::string text = std::string(127, '[') + std::string(127, ']');
  EXPECT_EQ(Write(Read(text, Source::kExact)), text);
}

}  // namespace
}  // namespace vecgate::runtime
