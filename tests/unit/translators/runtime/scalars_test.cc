#include "runtime/scalars.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "parsed_body.h"

namespace vecgate::runtime {
namespace {

// Text of the failure, or the value read.
template <class T>
std::string ReadAs(std::string_view json, const IntegerRule& rule) {
  ParsedBody parsed(json, Source::kExact);
  JsonReader reader(true, kTestTexts);
  T value{};
  return ReadInteger(reader, parsed.root(), rule, &value) ? std::to_string(value) : reader.error_text();
}

// Texts recorded for "limit" of Qdrant 1.19.
TEST(ReadIntegerTest, TakesIntegerLexemesOnly) {
  const IntegerRule usize{"usize"};
  EXPECT_EQ(ReadAs<uint64_t>("10", usize), "10");
  EXPECT_EQ(ReadAs<uint64_t>("18446744073709551615", usize), "18446744073709551615");
  EXPECT_EQ(ReadAs<uint64_t>("10.0", usize), "invalid type: floating point `10.0`, expected usize");
  EXPECT_EQ(ReadAs<uint64_t>("-0", usize), "invalid type: floating point `-0.0`, expected usize");
  EXPECT_EQ(ReadAs<uint64_t>("\"10\"", usize), "invalid type: string \"10\", expected usize");
  EXPECT_EQ(ReadAs<uint64_t>("true", usize), "invalid type: boolean `true`, expected usize");
  EXPECT_EQ(ReadAs<uint64_t>("-5", usize), "invalid value: integer `-5`, expected usize");
  EXPECT_EQ(ReadAs<uint64_t>("18446744073709551616", usize),
            "invalid type: floating point `1.8446744073709552e+19`, expected usize");
}

TEST(ReadIntegerTest, ChecksTheRangeOfTheType) {
  EXPECT_EQ(ReadAs<uint32_t>("4294967295", {"u32"}), "4294967295");
  EXPECT_EQ(ReadAs<uint32_t>("4294967296", {"u32"}), "invalid value: integer `4294967296`, expected u32");
  EXPECT_EQ(ReadAs<int32_t>("-2147483648", {"i32"}), "-2147483648");
  EXPECT_EQ(ReadAs<int32_t>("-2147483649", {"i32"}), "invalid value: integer `-2147483649`, expected i32");
  EXPECT_EQ(ReadAs<int64_t>("-9223372036854775808", {"i64"}), "-9223372036854775808");
  EXPECT_EQ(ReadAs<int64_t>("9223372036854775808", {"i64"}),
            "invalid value: integer `9223372036854775808`, expected i64");
}

TEST(ReadIntegerTest, ZeroAndClamping) {
  EXPECT_EQ(ReadAs<uint32_t>("0", {.expected = "a nonzero u32", .nonzero = true}),
            "invalid value: integer `0`, expected a nonzero u32");
  EXPECT_EQ(ReadAs<uint32_t>("1", {.expected = "a nonzero u32", .nonzero = true}), "1");
  EXPECT_EQ(ReadAs<uint32_t>("4294967296", {.expected = "usize", .clamp = true}), "4294967295");
  EXPECT_EQ(ReadAs<uint32_t>("-1", {.expected = "usize", .clamp = true}),
            "invalid value: integer `-1`, expected usize");
}

TEST(ReadFloatTest, GoesThroughADouble) {
  struct Case {
    const char* json;
    float value;
  };
  // Recorded: what vectors of these numbers came back as.
  for (const Case& c :
       {Case{"16777217", 16777216.0f}, Case{"1.000000178813934326171875", 1.0000002f},
        Case{"1.00000005960464477539", 1.0f}, Case{"1.4e-45", 1e-45f}, Case{"7e-46", 0.0f},
        Case{"33.333333333333336", 33.333332f}, Case{"18446744073709551615", 18446744073709551616.0f}}) {
    for (const Source source : {Source::kFast, Source::kExact}) {
      ParsedBody parsed(c.json, source);
      JsonReader reader(true, kTestTexts);
      float value;
      ASSERT_TRUE(ReadFloat(reader, parsed.root(), &value));
      EXPECT_EQ(value, c.value) << c.json;
    }
  }
}

TEST(ReadFloatTest, BeyondTheTypeIsInfinite) {
  ParsedBody parsed("-1e39", Source::kFast);
  JsonReader reader(false, kTestTexts);
  float value;
  ASSERT_TRUE(ReadFloat(reader, parsed.root(), &value));
  EXPECT_EQ(value, -std::numeric_limits<float>::infinity());
}

TEST(ReadScalarTest, WrongTypes) {
  ParsedBody parsed("null", Source::kExact);
  const auto text_of = [&](auto read) {
    JsonReader reader(true, kTestTexts);
    EXPECT_FALSE(read(reader));
    return reader.error_text();
  };
  bool flag;
  std::string text;
  float f;
  double d;
  EXPECT_EQ(text_of([&](JsonReader& r) { return ReadBool(r, parsed.root(), &flag); }),
            "invalid type: null, expected a boolean");
  EXPECT_EQ(text_of([&](JsonReader& r) { return ReadString(r, parsed.root(), &text); }),
            "invalid type: null, expected a string");
  EXPECT_EQ(text_of([&](JsonReader& r) { return ReadFloat(r, parsed.root(), &f); }),
            "invalid type: null, expected f32");
  EXPECT_EQ(text_of([&](JsonReader& r) { return ReadDouble(r, parsed.root(), &d); }),
            "invalid type: null, expected f64");
}

constexpr std::array<std::string_view, 3> kWords{"upsert", "insert_only", "insert"};
constexpr std::array<int, 3> kNumbers{0, 1, 1};
constexpr EnumSpec kModes{kWords, kNumbers, std::span(kWords).first(2), {}, {}, {}};

std::string ReadMode(std::string_view json, EnumSpec spec) {
  ParsedBody parsed(json, Source::kExact);
  JsonReader reader(true, kTestTexts);
  int mode;
  return ReadEnum(reader, parsed.root(), spec, &mode) ? std::to_string(mode) : reader.error_text();
}

TEST(ReadEnumTest, TakesNamesAndAliases) {
  EXPECT_EQ(ReadMode(R"("upsert")", kModes), "0");
  EXPECT_EQ(ReadMode(R"("insert")", kModes), "1");
  EXPECT_EQ(ReadMode(R"("x")", kModes), "unknown variant `x`, expected `upsert` or `insert_only`");
  EXPECT_EQ(ReadMode("5", kModes), "expected value");
  EnumSpec own_text = kModes;
  own_text.no_match = "no such mode";
  EXPECT_EQ(ReadMode("5", own_text), "no such mode");
}

TEST(ReadEnumTest, WordsOfNumbers) {
  EXPECT_EQ(EnumWord(kModes, 1), "insert_only");
  EXPECT_EQ(EnumWord(kModes, 7), "");
  EnumSpec lenient = kModes;
  lenient.unknown = "upsert";
  EXPECT_EQ(EnumWord(lenient, 7), "upsert");
  constexpr int kWordless[] = {7};
  lenient.wordless = kWordless;
  EXPECT_EQ(EnumWord(lenient, 7), "");
}

TEST(ReadWordTest, AliasBecomesTheWord) {
  ParsedBody parsed(R"("insert")", Source::kFast);
  JsonReader reader(false, kTestTexts);
  std::string word;
  ASSERT_TRUE(ReadWord(reader, parsed.root(), kModes, &word));
  EXPECT_EQ(word, "insert_only");
}

}  // namespace
}  // namespace vecgate::runtime
