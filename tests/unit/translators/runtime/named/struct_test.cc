#include "runtime/named/struct.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <cmath>

#include "parsed_body.h"

namespace vecgate::runtime {
namespace {

namespace pb = google::protobuf;

pb::Value Read(std::string_view json, Source source) {
  const ParsedBody parsed(json, source);
  JsonReader reader(source == Source::kExact, kTestTexts);
  pb::Value value;
  EXPECT_TRUE(ReadValue(reader, parsed.root(), &value)) << json;
  return value;
}

std::string Written(const pb::Value& value) {
  OutputBuffer out;
  JsonWriter writer(out, JsonStyle::kGo);
  WriteValue(value, writer);
  return std::string(out.view());
}

// protobuf's own reader of JSON knows these messages, too.
pb::Value ReadByProtobuf(const std::string& json) {
  pb::Value value;
  EXPECT_TRUE(pb::util::JsonStringToMessage(json, &value).ok()) << json;
  return value;
}

TEST(StructTest, ReadsWhatProtobufReads) {
  for (const std::string json :
       {"null", "true", "false", "0", "-1.5", "9007199254740991", "1e300", R"("\u00e9\n")", R"("")", "[]", "{}",
        R"([1,[2,{"a":[null]}],"x"])", R"({"a":{"b":{"c":[]}},"n":null,"":0})"}) {
    const pb::Value expected = ReadByProtobuf(json);
    for (const Source source : {Source::kFast, Source::kExact})
      EXPECT_TRUE(pb::util::MessageDifferencer::Equals(Read(json, source), expected)) << json;
  }
}

TEST(StructTest, AllNumbersAreDoubles) {
  EXPECT_EQ(Read("9007199254740993", Source::kExact).number_value(), 9007199254740992.0);
  EXPECT_EQ(Read("18446744073709551615", Source::kFast).number_value(), 18446744073709551616.0);
  EXPECT_EQ(Read("100000000000000000000000", Source::kExact).number_value(), 1e23);
  EXPECT_TRUE(std::signbit(Read("-0", Source::kExact).number_value()));
}

TEST(StructTest, LastOfEqualKeysCounts) {
  EXPECT_EQ(Written(Read(R"({"a":[1],"a":[2],"b":{"x":1},"b":{"y":2},"c":3,"c":null})", Source::kFast)),
            R"({"a":[2],"b":{"y":2},"c":null})");
}

TEST(StructTest, PrintsKeysInTheOrderOfTheirBytes) {
  EXPECT_EQ(Written(Read(R"({"b":1,"a":[true,null,"x",1.0],"B":{},"aa":{"z":1,"y":2}})", Source::kFast)),
            R"({"B":{},"a":[true,null,"x",1],"aa":{"y":2,"z":1},"b":1})");
}

TEST(StructTest, OtherKindsAreRefused) {
  const ParsedBody list("[1]", Source::kExact);
  JsonReader reader(true, kTestTexts);
  pb::Struct object;
  EXPECT_FALSE(ReadStruct(reader, list.root(), &object));
  EXPECT_EQ(reader.error_text(), "invalid type: sequence, expected a map");
  const ParsedBody map("{}", Source::kExact);
  JsonReader again(true, kTestTexts);
  pb::ListValue values;
  EXPECT_FALSE(ReadListValue(again, map.root(), &values));
  EXPECT_EQ(again.error_text(), "invalid type: map, expected a sequence");
}

TEST(StructTest, NoKindIsNull) { EXPECT_EQ(Written(pb::Value()), "null"); }

TEST(StructTest, DeepestNestingComesBack) {
  const std::string text = std::string(kTestDepth, '[') + std::string(kTestDepth, ']');
  EXPECT_EQ(Written(Read(text, Source::kExact)), text);
}

}  // namespace
}  // namespace vecgate::runtime
