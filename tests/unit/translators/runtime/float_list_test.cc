#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "parsed_body.h"
#include "runtime/scalars.h"

namespace vecgate::runtime {
namespace {

using Floats = google::protobuf::RepeatedField<float>;

TEST(ReadFloatsTest, TakesEveryKindOfNumber) {
  const std::string body = "[1,-2,0.5,-0.0,18446744073709551615,9223372036854775807,1e39,16777217]";
  const std::vector<float> expected{
      1,       -2, 0.5f, -0.0f, 18446744073709551616.0f, 9223372036854775808.0f, std::numeric_limits<float>::infinity(),
      16777216};
  for (const Source source : {Source::kFast, Source::kExact}) {
    ParsedBody parsed(body, source);
    JsonReader reader(true, kTestTexts);
    Floats values;
    values.Add(7);
    ASSERT_TRUE(ReadFloats(reader, parsed.root(), &values));
    ASSERT_EQ(values.size(), 9);
    EXPECT_EQ(values.Get(0), 7);
    for (int i = 0; i < 8; ++i) EXPECT_EQ(values.Get(i + 1), expected[static_cast<size_t>(i)]) << i;
    EXPECT_TRUE(std::signbit(values.Get(4)));
  }
}

TEST(ReadPackedFloatsTest, AppendsBytes) {
  for (const Source source : {Source::kFast, Source::kExact}) {
    ParsedBody parsed("[1,-0.5,16777217]", source);
    JsonReader reader(true, kTestTexts);
    std::string bytes("x");
    ASSERT_TRUE(ReadPackedFloats(reader, parsed.root(), &bytes));
    EXPECT_EQ(bytes, std::string("x\0\0\x80\x3f\0\0\0\xbf\0\0\x80\x4b", 13));
  }
}

TEST(ReadPackedFloatsTest, RefusesWhatIsNoNumber) {
  for (const Source source : {Source::kFast, Source::kExact}) {
    ParsedBody parsed(R"([1,"2"])", source);
    JsonReader reader(source == Source::kExact, kTestTexts);
    std::string bytes;
    EXPECT_FALSE(ReadPackedFloats(reader, parsed.root(), &bytes));
  }
}

TEST(ReadFloatsTest, ListsInsideOtherValues) {
  ParsedBody parsed(R"({"a":"x","v":[[1,2],[],[3.5]],"b":[4]})", Source::kFast);
  JsonReader reader(false, kTestTexts);
  JsonValue rows;
  ASSERT_TRUE(parsed.root().Find("v", &rows));
  std::vector<std::vector<float>> read;
  for (ArrayCursor row(rows); !row.Done(); row.Advance()) {
    Floats values;
    ASSERT_TRUE(ReadFloats(reader, row.value(), &values));
    read.emplace_back(values.begin(), values.end());
  }
  EXPECT_EQ(read, (std::vector<std::vector<float>>{{1, 2}, {}, {3.5}}));
}

TEST(ReadFloatsTest, RefusesOtherValues) {
  for (const char* body : {R"([1,"a"])", "[1,null]", "[[1],2]", R"(["a",1,"b","c",2])", "[{}]", "5", "{}"}) {
    for (const Source source : {Source::kFast, Source::kExact}) {
      ParsedBody parsed(body, source);
      JsonReader reader(source == Source::kExact, kTestTexts);
      Floats values;
      EXPECT_FALSE(ReadFloats(reader, parsed.root(), &values)) << body;
      EXPECT_TRUE(reader.failed());
    }
  }
}

TEST(ReadFloatsTest, TellsWhichElementIsWrong) {
  ParsedBody parsed(R"([1, "a"])", Source::kExact);
  JsonReader reader(true, kTestTexts);
  Floats values;
  EXPECT_FALSE(ReadFloats(reader, parsed.root(), &values));
  EXPECT_EQ(reader.error_text(), "invalid type: string \"a\", expected f32");
  EXPECT_EQ(reader.error_path(), "[1]");
  EXPECT_EQ(Column(reader, parsed), 7u);
}

}  // namespace
}  // namespace vecgate::runtime
