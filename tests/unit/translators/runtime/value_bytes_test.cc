// Values of any JSON as bytes, read back by protobuf's own parser.
#include "runtime/value_bytes.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "parsed_body.h"
#include "qdrant/collections.pb.h"
#include "qdrant/points.pb.h"
#include "runtime/named/value.h"
#include "support/as_sent.h"

namespace vecgate::runtime {
namespace {

using google::protobuf::util::MessageDifferencer;
using qdrant::PointStruct;
using qdrant::Value;

PointStruct ReadPayload(std::string_view json, Source source) {
  const ParsedBody parsed(json, source);
  JsonReader reader(false, kTestTexts);
  PointStruct point;
  EXPECT_TRUE(ReadValueMap<Value>(reader, parsed.root(), "a map", PointStruct::kPayloadFieldNumber, &point)) << json;
  EXPECT_TRUE(TakeAsSent(&point)) << json;
  return point;
}

PointStruct Parsed(const std::string& text) {
  PointStruct point;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &point)) << text;
  return point;
}

void ExpectPayload(std::string_view json, const PointStruct& expected) {
  for (const Source source : {Source::kFast, Source::kExact}) {
    const PointStruct point = ReadPayload(json, source);
    EXPECT_TRUE(MessageDifferencer::Equals(point, expected)) << json << " became " << point.ShortDebugString();
  }
}

// A string of that many bytes and what it must become.
struct Text {
  explicit Text(size_t size) : value(size, 'x'), json('"' + value + '"') {}
  std::string value;
  std::string json;
};

// Lengths on both sides of where their varints grow.
const size_t kSizes[] = {0, 1, 100, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 16370, 16383, 16384, 70000};

TEST(ValueBytesTest, EveryKindUnderItsKey) {
  ExpectPayload(R"({"n":null,"t":true,"f":false,"i":-1,"u":18446744073709551615,"d":-1.5,"s":"x","l":[],"o":{}})",
                Parsed("payload { key: 'n' value { null_value: NULL_VALUE } } payload { key: 't' value { bool_value: true } }"
                       "payload { key: 'f' value { bool_value: false } } payload { key: 'i' value { integer_value: -1 } }"
                       "payload { key: 'u' value { double_value: 18446744073709551616 } }"
                       "payload { key: 'd' value { double_value: -1.5 } } payload { key: 's' value { string_value: 'x' } }"
                       "payload { key: 'l' value { list_value {} } } payload { key: 'o' value { struct_value {} } }"));
}

TEST(ValueBytesTest, NoMembersNoField) {
  for (const Source source : {Source::kFast, Source::kExact}) EXPECT_EQ(ReadPayload("{}", source).ByteSizeLong(), 0u);
}

TEST(ValueBytesTest, LengthsOfKeysAndTexts) {
  for (const size_t size : kSizes) {
    const Text text(size);
    PointStruct expected;
    (*expected.mutable_payload())[text.value].set_integer_value(7);
    ExpectPayload("{" + text.json + ":7}", expected);
    (*expected.mutable_payload())["second"].set_string_value(text.value);
    ExpectPayload("{" + text.json + ":7,\"second\":" + text.json + "}", expected);
  }
}

TEST(ValueBytesTest, LengthsOfContainers) {
  for (const size_t size : kSizes) {
    const Text text(size);
    PointStruct expected;
    auto* list = (*expected.mutable_payload())["a"].mutable_list_value();
    list->add_values()->set_string_value(text.value);
    Value* inner = list->add_values();
    (*inner->mutable_struct_value()->mutable_fields())["b"].set_string_value(text.value);
    list->add_values()->mutable_list_value()->add_values()->set_bool_value(true);
    (*expected.mutable_payload())["z"].set_null_value(qdrant::NULL_VALUE);
    ExpectPayload("{\"a\":[" + text.json + ",{\"b\":" + text.json + "},[true]],\"z\":null}", expected);
    // The same behind an entry that is longer or shorter.
    (*expected.mutable_payload())["0"].set_double_value(0.5);
    ExpectPayload("{\"0\":0.5,\"a\":[" + text.json + ",{\"b\":" + text.json + "},[true]],\"z\":null}", expected);
  }
}

TEST(ValueBytesTest, LastOfEqualKeysCountsAsAWhole) {
  ExpectPayload(R"({"a":{"x":1,"y":2},"b":1,"a":{"z":3}})",
                Parsed("payload { key: 'a' value { struct_value { fields { key: 'z' value { integer_value: 3 } } } } }"
                       "payload { key: 'b' value { integer_value: 1 } }"));
  ExpectPayload(R"({"a":{"b":[1],"b":{}}})",
                Parsed("payload { key: 'a' value { struct_value { fields { key: 'b' value { struct_value {} } } } } }"));
}

TEST(ValueBytesTest, AsDeepAsBodiesGo) {
  constexpr int kLevels = kTestDepth - 1;
  std::string json = "1";
  Value value;
  value.set_integer_value(1);
  for (int i = 0; i < kLevels; ++i) {
    json = i % 2 == 0 ? "[0," + json + "]" : R"({"first":"text","deep":)" + json + "}";
    Value around;
    if (i % 2 == 0) {
      around.mutable_list_value()->add_values()->set_integer_value(0);
      *around.mutable_list_value()->add_values() = value;
    } else {
      (*around.mutable_struct_value()->mutable_fields())["first"].set_string_value("text");
      (*around.mutable_struct_value()->mutable_fields())["deep"] = value;
    }
    value = around;
  }
  PointStruct expected;
  (*expected.mutable_payload())["a"] = value;
  const PointStruct point = ReadPayload("{\"a\":" + json + "}", Source::kExact);
  EXPECT_TRUE(MessageDifferencer::Equals(point, expected));
}

TEST(ValueBytesTest, OtherThanAnObjectIsRefused) {
  for (const char* json : {"1", "[]", "\"x\"", "null"}) {
    const ParsedBody parsed(json, Source::kExact);
    JsonReader reader(true, kTestTexts);
    PointStruct point;
    EXPECT_FALSE(ReadValueMap<Value>(reader, parsed.root(), "a map", PointStruct::kPayloadFieldNumber, &point)) << json;
    EXPECT_TRUE(reader.error_text().ends_with(", expected a map")) << reader.error_text();
  }
}

TEST(ValueBytesTest, FieldsWithLongerTags) {
  const ParsedBody parsed(R"({"a":1,"b":"two"})", Source::kFast);
  JsonReader reader(false, kTestTexts);
  qdrant::CreateCollection request;
  static_assert(qdrant::CreateCollection::kMetadataFieldNumber >= 16);
  ASSERT_TRUE(ReadValueMap<Value>(reader, parsed.root(), "a map", qdrant::CreateCollection::kMetadataFieldNumber, &request));
  ASSERT_TRUE(TakeAsSent(&request));
  EXPECT_EQ(request.metadata().size(), 2u);
  EXPECT_EQ(request.metadata().at("a").integer_value(), 1);
  EXPECT_EQ(request.metadata().at("b").string_value(), "two");
}

TEST(ValueBytesTest, CanBeTakenBack) {
  const ParsedBody parsed(R"({"a":1})", Source::kFast);
  JsonReader reader(false, kTestTexts);
  PointStruct point;
  ASSERT_TRUE(ReadValueMap<Value>(reader, parsed.root(), "a map", PointStruct::kPayloadFieldNumber, &point));
  ClearValueMap(PointStruct::kPayloadFieldNumber, &point);
  EXPECT_EQ(point.ByteSizeLong(), 0u);
}

}  // namespace
}  // namespace vecgate::runtime
