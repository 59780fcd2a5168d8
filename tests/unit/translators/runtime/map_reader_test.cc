#include <gtest/gtest.h>

#include <vector>

#include "parsed_body.h"

namespace vecgate::runtime {
namespace {

TEST(MapReaderTest, YieldsMembersRepeatedKeysToo) {
  for (const Source source : {Source::kFast, Source::kExact}) {
    ParsedBody parsed(R"({"a":1,"b c":2,"a":3})", source);
    JsonReader reader(true, kTestTexts);
    MapReader map(reader, parsed.root(), "a map");
    std::vector<std::string> seen;
    while (map.Next()) seen.push_back(reader.JsonPath() + "=" + std::to_string(map.value().AsInteger()));
    EXPECT_TRUE(map.ok());
    EXPECT_EQ(seen, (std::vector<std::string>{"a=1", "[\"b c\"]=2", "a=3"}));
  }
}

TEST(MapReaderTest, WrongType) {
  ParsedBody parsed("[]", Source::kExact);
  JsonReader reader(true, kTestTexts);
  MapReader map(reader, parsed.root(), "a map");
  EXPECT_FALSE(map.Next());
  EXPECT_FALSE(map.ok());
  EXPECT_EQ(reader.error_text(), "invalid type: sequence, expected a map");
}

// Violates once in each member whose value is not 0, twice where it is 2.
std::vector<std::string> ViolationPaths(std::string_view body, std::string_view segment) {
  ParsedBody parsed(body, Source::kExact);
  JsonReader reader(true, kTestTexts);
  reader.set_path_prefix("vector");
  MapReader map(reader, parsed.root(), "a map", segment);
  while (map.Next()) {
    for (int64_t i = 0; i < map.value().AsInteger(); ++i) reader.Violate("values", "m");
  }
  std::vector<std::string> paths;
  for (const Violation& violation : reader.violations()) paths.push_back(violation.path);
  return paths;
}

TEST(MapReaderTest, InvalidMembersAreNumberedWhenThereAreSeveral) {
  const auto any = JsonReader::kAnyEntry;
  EXPECT_EQ(ViolationPaths(R"({"a":0,"b":1,"c":0})", any), (std::vector<std::string>{"vector.?.values"}));
  EXPECT_EQ(ViolationPaths(R"({"a":2})", any), (std::vector<std::string>{"vector.?.values", "vector.?.values"}));
  EXPECT_EQ(ViolationPaths(R"({"a":2,"b":0,"c":1})", any),
            (std::vector<std::string>{"vector.?[0].values", "vector.?[0].values", "vector.?[1].values"}));
}

TEST(MapReaderTest, ViolationsTakenBackDoNotCount) {
  ParsedBody parsed(R"({"a":1,"b":2})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  MapReader map(reader, parsed.root(), "a map");
  ASSERT_TRUE(map.Next());
  const JsonReader::Mark mark = reader.mark();
  reader.Violate("x", "m");
  reader.Rewind(mark);
  ASSERT_TRUE(map.Next());
  reader.Violate("y", "m");
  ASSERT_EQ(reader.violations().size(), 1u);
  EXPECT_EQ(reader.violations()[0].path, "?.y");
}

TEST(MapReaderTest, SegmentMayBeTheOrdinal) {
  EXPECT_EQ(ViolationPaths(R"({"a":0,"b":1})", JsonReader::kEntryOrdinal),
            (std::vector<std::string>{"vector[1].values"}));
}

}  // namespace
}  // namespace vecgate::runtime
