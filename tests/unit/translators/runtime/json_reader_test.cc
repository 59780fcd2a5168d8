#include "runtime/json_reader.h"

#include <gtest/gtest.h>

#include "parsed_body.h"
#include "runtime/scalars.h"

namespace vecgate::runtime {
namespace {

using Frame = JsonReader::Frame;

// The value under a chain of keys.
JsonValue Under(const ParsedBody& parsed, std::initializer_list<std::string_view> keys) {
  JsonValue value = parsed.root();
  for (const std::string_view key : keys) {
    JsonValue next;
    EXPECT_TRUE(value.Find(key, &next)) << key;
    value = next;
  }
  return value;
}

JsonValue FirstElement(const JsonValue& list) { return ArrayCursor(list).value(); }

TEST(JsonReaderTest, FastSourceBuildsNoText) {
  ParsedBody parsed(R"({"a":"x"})", Source::kFast);
  JsonReader reader(false, kTestTexts);
  EXPECT_FALSE(reader.FailType(Under(parsed, {"a"}), "f32"));
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.error_text(), "");
  reader.Violate("a", "wrong");
  EXPECT_TRUE(reader.invalid());
  EXPECT_TRUE(reader.violations().empty());
}

TEST(JsonReaderTest, KeepsTheFirstFailure) {
  ParsedBody parsed(R"({"a":"x"})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  reader.FailType(Under(parsed, {"a"}), "f32");
  reader.FailMissing(parsed.root(), "b");
  EXPECT_EQ(reader.error_text(), "invalid type: string \"x\", expected f32");
}

// Columns recorded from Qdrant 1.19.

TEST(JsonReaderTest, ScalarOfWrongTypeIsLocatedAtItsEnd) {
  ParsedBody parsed(R"({"shard_key": "q", "shards_number": 0})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  reader.FailValue(Under(parsed, {"shards_number"}), "a nonzero u32");
  EXPECT_EQ(reader.error_text(), "invalid value: integer `0`, expected a nonzero u32");
  EXPECT_EQ(Column(reader, parsed), 37u);
}

TEST(JsonReaderTest, ContainerOfWrongTypeIsLocatedBeforeItsBracket) {
  ParsedBody parsed(R"({"vectors": {"size": 4, "distance": "Cosine"}, "metadata": []})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  reader.FailType(Under(parsed, {"metadata"}), "a map");
  EXPECT_EQ(reader.error_text(), "invalid type: sequence, expected a map");
  EXPECT_EQ(Column(reader, parsed), 59u);
}

TEST(JsonReaderTest, MissingFieldIsLocatedAtTheEndOfTheObject) {
  ParsedBody parsed(R"({"field_schema": "bool"})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  reader.FailMissing(parsed.root(), "field_name");
  EXPECT_EQ(reader.error_text(), "missing field `field_name`");
  EXPECT_EQ(Column(reader, parsed), 24u);
}

TEST(JsonReaderTest, UnknownWordIsLocatedAtItsEnd) {
  ParsedBody parsed(R"({"sparse_vectors": {"s": {"modifier": "x"}}})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  constexpr std::array<std::string_view, 2> kKnown{"none", "idf"};
  reader.FailUnknownWord(Under(parsed, {"sparse_vectors", "s", "modifier"}), kKnown);
  EXPECT_EQ(reader.error_text(), "unknown variant `x`, expected `none` or `idf`");
  EXPECT_EQ(Column(reader, parsed), 41u);
}

TEST(JsonReaderTest, RefusedValueIsLocatedWhereReadingGoesOn) {
  struct Case {
    std::string body;
    std::initializer_list<std::string_view> keys;
    size_t column;
  };
  for (const Case& c : {
           Case{R"({"field_name": "a[", "field_schema": "bool"})", {"field_name"}, 19},
           Case{R"({"payload": {"a": 1}, "points": [1], "key": "a["})", {"key"}, 49},
           Case{R"({"shard_key": null})", {"shard_key"}, 19},
           Case{R"({"vectors": {"size": 4, "distance": "Cosine"}, )"
                R"("optimizers_config": {"max_optimization_threads": "many"}})",
                {"optimizers_config", "max_optimization_threads"},
                104},
       }) {
    ParsedBody parsed(c.body, Source::kExact);
    JsonReader reader(true, kTestTexts);
    reader.FailText(Under(parsed, c.keys), "no");
    EXPECT_EQ(Column(reader, parsed), c.column) << c.body;
  }
}

TEST(JsonReaderTest, RefusedElementIsLocatedBehindTheListItCloses) {
  ParsedBody parsed(R"({"actions": [{}]})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  reader.FailText(FirstElement(Under(parsed, {"actions"})), "no");
  EXPECT_EQ(Column(reader, parsed), 16u);
}

TEST(JsonReaderTest, ErrorsInABufferedValueHaveItsPlace) {
  const std::string body = R"({"filter": {"must": [{"key": "a", "range": {"gt": "x"}}]}, "limit": 1})";
  ParsedBody parsed(body, Source::kExact);
  JsonReader reader(true, kTestTexts);
  const JsonValue condition = FirstElement(Under(parsed, {"filter", "must"}));
  {
    JsonReader::BufferScope outer(reader, Under(parsed, {"filter"}));
    JsonReader::BufferScope inner(reader, condition);
    reader.FailMissing(condition, "match");
  }
  EXPECT_EQ(Column(reader, parsed), body.find(", \"limit\""));
  reader.Rewind(JsonReader(true, kTestTexts).mark());
  reader.FailMissing(condition, "match");
  EXPECT_EQ(Column(reader, parsed), condition.end_offset());
}

TEST(JsonReaderTest, ErrorsInAnObjectWithFlattenedPartsAreLocatedAtItsEnd) {
  ParsedBody parsed(R"({"searches": [{"limit": -1} ]})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  const JsonValue search = FirstElement(Under(parsed, {"searches"}));
  JsonReader::BufferScope scope(reader, search, JsonReader::Buffered::kMembers);
  JsonValue limit;
  ASSERT_TRUE(search.Find("limit", &limit));
  uint64_t number;
  EXPECT_FALSE(ReadInteger(reader, limit, {"usize"}, &number));
  EXPECT_EQ(reader.error_text(), "invalid value: integer `-1`, expected usize");
  EXPECT_EQ(Column(reader, parsed), search.end_offset());
}

// Texts recorded from conditions of filters.
TEST(JsonReaderTest, RephrasesInScope) {
  ParsedBody parsed(R"({"a": "1", "b": -1})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  const JsonReader::Mark mark = reader.mark();
  {
    JsonReader::PhraseScope rephrased(reader, true);
    reader.FailType(Under(parsed, {"a"}), "f64");
    EXPECT_EQ(reader.error_text(), "Invalid type string \"1\". Expected f64");
    reader.Rewind(mark);
    reader.FailValue(Under(parsed, {"b"}), "usize");
    EXPECT_EQ(reader.error_text(), "Invalid value integer `-1`. Expected usize");
    reader.Rewind(mark);
    reader.FailMissing(parsed.root(), "lat");
    EXPECT_EQ(reader.error_text(), "Missing field lat");
    reader.Rewind(mark);
  }
  reader.FailMissing(parsed.root(), "lat");
  EXPECT_EQ(reader.error_text(), "missing field `lat`");
}

TEST(JsonReaderTest, RewindTakesBackFailureAndViolations) {
  ParsedBody parsed("{}", Source::kExact);
  JsonReader reader(true, kTestTexts);
  reader.Violate("a", "kept");
  const JsonReader::Mark mark = reader.mark();
  reader.Violate("b", "dropped");
  reader.FailMissing(parsed.root(), "c");
  reader.Rewind(mark);
  EXPECT_FALSE(reader.failed());
  EXPECT_TRUE(reader.invalid());
  ASSERT_EQ(reader.violations().size(), 1u);
  EXPECT_EQ(reader.violations()[0].message, "kept");
}

TEST(JsonReaderTest, JsonPathQuotesWhatIsNoIdentifier) {
  JsonReader reader(true, kTestTexts);
  Frame points{.key = "points"}, third{.index = 3}, vector{.key = "vector"}, odd{.key = "a b\""};
  for (Frame* frame : {&points, &third, &vector, &odd}) reader.Push(frame);
  EXPECT_EQ(reader.JsonPath(), R"(points[3].vector["a b\""])");
  reader.Pop();
  EXPECT_EQ(reader.JsonPath(), "points[3].vector");
}

TEST(JsonReaderTest, ViolationPathsUseSegments) {
  JsonReader reader(true, kTestTexts);
  reader.set_path_prefix("internal");
  Frame prefetch{.key = "prefetch"}, first{.index = 0}, hidden{.key = "query", .segment = ""};
  for (Frame* frame : {&prefetch, &first, &hidden}) reader.Push(frame);
  reader.Violate("limit", "m");
  reader.Violate("", "m");
  EXPECT_EQ(reader.violations()[0].path, "internal.prefetch[0].limit");
  EXPECT_EQ(reader.violations()[1].path, "internal.prefetch[0]");
}

TEST(JsonReaderTest, UncheckedPartsHaveNoViolations) {
  JsonReader reader(true, kTestTexts);
  {
    JsonReader::UncheckedScope unchecked(reader);
    reader.Violate("a", "m");
  }
  EXPECT_FALSE(reader.invalid());
  reader.Violate("a", "m");
  EXPECT_TRUE(reader.invalid());
}

TEST(FitsTest, LooksAtTypeAndKeys) {
  constexpr std::array<std::string_view, 2> kKeys{"a", "b"};
  const Guard guard{static_cast<uint16_t>(Bit(Kind::kObject) | Bit(Kind::kArray)), kKeys};
  for (const Source source : {Source::kFast, Source::kExact}) {
    EXPECT_TRUE(Fits(ParsedBody(R"({"b":1,"a":2,"c":3})", source).root(), guard));
    EXPECT_FALSE(Fits(ParsedBody(R"({"a":2})", source).root(), guard));
    EXPECT_TRUE(Fits(ParsedBody("[]", source).root(), guard));
    EXPECT_FALSE(Fits(ParsedBody("1", source).root(), guard));
  }
}

}  // namespace
}  // namespace vecgate::runtime
