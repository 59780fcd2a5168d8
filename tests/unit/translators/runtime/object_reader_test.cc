#include <gtest/gtest.h>

#include <array>
#include <map>

#include "parsed_body.h"

namespace vecgate::runtime {
namespace {

constexpr std::array<std::string_view, 3> kNames{"limit", "id", "vector"};
constexpr std::array<KeySpec, 4> kKeys{{{"id", 1}, {"limit", 0}, {"vector", 2}, {"vectors", 2}}};
constexpr std::array<std::string_view, 3> kSegments{JsonReader::kSameAsKey, "", "renamed"};

constexpr ObjectSpec kSpec{
    .expecting = "struct Point",
    .keys = kKeys,
    .names = kNames,
    .segments = kSegments,
    .required = 0b010,
    .reject_unknown = false,
    .last_key_wins = false,
    .or_list = false,
};

struct Outcome {
  std::map<size_t, int64_t> values;  // by index
  bool ok = false;
  std::string error;
  size_t column = 0;
  std::string path;
};

Outcome Read(std::string_view body, ObjectSpec spec, Source source = Source::kExact) {
  ParsedBody parsed(body, source);
  JsonReader reader(source == Source::kExact, kTestTexts);
  Outcome outcome;
  {
    ObjectReader object(reader, parsed.root(), spec);
    while (object.Next()) {
      EXPECT_FALSE(outcome.values.contains(object.index()));
      outcome.values[object.index()] = object.value().AsInteger();
    }
    outcome.ok = object.Finish();
  }
  outcome.error = reader.error_text();
  outcome.column = Column(reader, parsed);
  outcome.path = reader.error_path();
  EXPECT_EQ(reader.JsonPath(), "");
  return outcome;
}

TEST(ObjectReaderTest, YieldsKnownKeysAndPassesOverOthers) {
  for (const Source source : {Source::kFast, Source::kExact}) {
    const Outcome outcome = Read(R"({"x":9,"limit":1,"idx":9,"id":2,"vectors":3})", kSpec, source);
    EXPECT_TRUE(outcome.ok);
    EXPECT_EQ(outcome.values, (std::map<size_t, int64_t>{{0, 1}, {1, 2}, {2, 3}}));
  }
}

TEST(ObjectReaderTest, WrongType) {
  const Outcome outcome = Read(R"(["x"])", kSpec);
  EXPECT_FALSE(outcome.ok);
  EXPECT_EQ(outcome.error, "invalid type: sequence, expected struct Point");
  EXPECT_EQ(outcome.column, 0u);
  EXPECT_FALSE(Read("5", kSpec, Source::kFast).ok);
}

TEST(ObjectReaderTest, MissingKey) {
  const Outcome outcome = Read(R"({"limit": 1} )", kSpec);
  EXPECT_EQ(outcome.error, "missing field `id`");
  EXPECT_EQ(outcome.column, 12u);
  EXPECT_EQ(outcome.path, "");
}

TEST(ObjectReaderTest, RepeatedKeyIsLocatedBeforeItsColon) {
  Outcome outcome = Read(R"({"id":1,"id":2})", kSpec);
  EXPECT_EQ(outcome.error, "duplicate field `id`");
  EXPECT_EQ(outcome.column, 12u);
  outcome = Read(R"({"id":1,"id"  :2})", kSpec);
  EXPECT_EQ(outcome.column, 14u);
}

TEST(ObjectReaderTest, NameAndAliasTogetherAreADuplicate) {
  ObjectSpec spec = kSpec;
  const std::string body = R"({"id":1,"vector":1,"vectors":2})";
  EXPECT_EQ(Read(body, spec).error, "duplicate field `vector`");
  spec.last_key_wins = true;
  EXPECT_EQ(Read(body, spec).error, "duplicate field `vector`");
}

TEST(ObjectReaderTest, LastOfEqualKeysCountsWhereAsked) {
  ObjectSpec spec = kSpec;
  spec.last_key_wins = true;
  for (const Source source : {Source::kFast, Source::kExact}) {
    const Outcome outcome = Read(R"({"id":1,"limit":2,"id":3,"id":4})", spec, source);
    EXPECT_TRUE(outcome.ok);
    EXPECT_EQ(outcome.values, (std::map<size_t, int64_t>{{0, 2}, {1, 4}}));
  }
}

// Text and column as recorded for {"filter": {"mustt": []}}, less the part around the filter.
TEST(ObjectReaderTest, UnknownKeyIsRefusedWhereAsked) {
  ObjectSpec spec = kSpec;
  spec.reject_unknown = true;
  const Outcome outcome = Read(R"({"id":1,"mustt":2})", spec);
  EXPECT_EQ(outcome.error, "unknown field `mustt`, expected one of `limit`, `id`, `vector`");
  EXPECT_EQ(outcome.column, 15u);
  EXPECT_EQ(outcome.path, "mustt");
}

TEST(ObjectReaderTest, ListHoldsValuesInOrder) {
  ObjectSpec spec = kSpec;
  spec.or_list = true;
  spec.list_required = 0b010;
  for (const Source source : {Source::kFast, Source::kExact}) {
    EXPECT_EQ(Read("[7,8,9]", spec, source).values, (std::map<size_t, int64_t>{{0, 7}, {1, 8}, {2, 9}}));
    EXPECT_TRUE(Read("[7,8]", spec, source).ok);
    EXPECT_FALSE(Read("[7]", spec, source).ok);
    EXPECT_FALSE(Read("[1,2,3,4]", spec, source).ok);
  }
  EXPECT_EQ(Read("[7]", spec).error, "invalid length 1, expected struct Point with 3 elements");
  EXPECT_EQ(Read("[1,2,3,4]", spec).error, "invalid length 4, expected 3 elements in sequence");
}

TEST(ObjectReaderTest, KeepsThePath) {
  ParsedBody parsed(R"({"limit":1,"id":2,"vectors":3})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  ObjectReader object(reader, parsed.root(), kSpec);
  while (object.Next()) reader.Violate("end", reader.JsonPath());
  ASSERT_EQ(reader.violations().size(), 3u);
  EXPECT_EQ(reader.violations()[0].path, "limit.end");
  EXPECT_EQ(reader.violations()[1].path, "end");
  EXPECT_EQ(reader.violations()[2].path, "renamed.end");
  EXPECT_EQ(reader.violations()[2].message, "vectors");
}

TEST(ObjectReaderTest, UnseenKeyIsMissing) {
  ParsedBody parsed(R"({"id":null})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  ObjectReader object(reader, parsed.root(), kSpec);
  while (object.Next()) object.Unsee();
  EXPECT_FALSE(object.Finish());
  EXPECT_EQ(reader.error_text(), "missing field `id`");
}

}  // namespace
}  // namespace vecgate::runtime
