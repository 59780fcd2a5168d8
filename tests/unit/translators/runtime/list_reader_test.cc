#include <gtest/gtest.h>

#include <vector>

#include "parsed_body.h"

namespace vecgate::runtime {
namespace {

TEST(ListReaderTest, YieldsElementsWithTheirPath) {
  for (const Source source : {Source::kFast, Source::kExact}) {
    ParsedBody parsed("[5,6]", source);
    JsonReader reader(true, kTestTexts);
    ListReader list(reader, parsed.root(), "a sequence");
    EXPECT_EQ(list.size(), 2u);
    std::vector<int64_t> values;
    std::vector<std::string> paths;
    while (list.Next()) {
      values.push_back(list.value().AsInteger());
      paths.push_back(reader.JsonPath());
    }
    EXPECT_TRUE(list.ok());
    EXPECT_EQ(values, (std::vector<int64_t>{5, 6}));
    EXPECT_EQ(paths, (std::vector<std::string>{"[0]", "[1]"}));
  }
}

TEST(ListReaderTest, LoneValueIsAListOfOneWhereAsked) {
  ParsedBody parsed("5", Source::kExact);
  JsonReader reader(true, kTestTexts);
  ListReader list(reader, parsed.root(), "", true);
  EXPECT_EQ(list.size(), 1u);
  ASSERT_TRUE(list.Next());
  EXPECT_EQ(list.value().AsInteger(), 5);
  reader.Violate("limit", "m");
  EXPECT_EQ(reader.violations()[0].path, "[0].limit");
  EXPECT_FALSE(list.Next());
}

// Recorded: {"prefetch": "x"}.
TEST(ListReaderTest, LoneValueMustBeAnObjectWhereAListOfThemIsNamed) {
  constexpr std::string_view kExpecting = "null, array or map";
  JsonReader reader(true, kTestTexts);
  ParsedBody object("{}", Source::kExact);
  EXPECT_TRUE(ListReader(reader, object.root(), kExpecting, true).Next());
  ParsedBody text(R"("x")", Source::kExact);
  EXPECT_FALSE(ListReader(reader, text.root(), kExpecting, true).ok());
  EXPECT_EQ(reader.error_text(), "invalid type: string \"x\", expected null, array or map");
}

// Recorded: {"filter": {"min_should": {"conditions": {...}}}}.
TEST(ListReaderTest, WrongType) {
  ParsedBody parsed("{}", Source::kExact);
  JsonReader reader(true, kTestTexts);
  ListReader list(reader, parsed.root(), "a sequence");
  EXPECT_FALSE(list.ok());
  EXPECT_FALSE(list.Next());
  EXPECT_EQ(reader.error_text(), "invalid type: map, expected a sequence");
}

TEST(ListReaderTest, ElementsMayHaveNoSegment) {
  ParsedBody parsed("[1]", Source::kExact);
  JsonReader reader(true, kTestTexts);
  ListReader list(reader, parsed.root(), "a sequence", false, "");
  ASSERT_TRUE(list.Next());
  reader.Violate("data", "m");
  EXPECT_EQ(reader.violations()[0].path, "data");
}

}  // namespace
}  // namespace vecgate::runtime
