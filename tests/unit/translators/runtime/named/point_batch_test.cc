#include "runtime/named/point_batch.h"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "parsed_body.h"
#include "qdrant/points.pb.h"
#include "support/as_sent.h"

namespace vecgate::runtime {
namespace {

using qdrant::UpsertPoints;

// Stands for the generated reader of named vectors: dense ones only.
bool ReadDenseVector(JsonReader& reader, const JsonValue& value, qdrant::Vector* vector) {
  if (!ReadFloats(reader, value, vector->mutable_dense()->mutable_data())) return false;
  if (vector->dense().data().empty()) reader.Violate("vector", "dense vector must not be empty");
  return true;
}

struct Outcome {
  UpsertPoints message;
  std::string error;
  std::string violation;
};

Outcome Read(std::string_view json) {
  Outcome outcome;
  // Both sources must agree; the exact one has the texts.
  UpsertPoints fast_message;
  ParsedBody fast(json, Source::kFast);
  JsonReader fast_reader(false, kTestTexts);
  const bool fast_ok = ReadPointBatch(fast_reader, fast.root(), &fast_message, ReadDenseVector);

  ParsedBody parsed(json, Source::kExact);
  JsonReader reader(true, kTestTexts);
  reader.set_path_prefix("batch");
  const bool ok = ReadPointBatch(reader, parsed.root(), &outcome.message, ReadDenseVector);
  EXPECT_EQ(ok, fast_ok);
  EXPECT_TRUE(TakeAsSent(&outcome.message) && TakeAsSent(&fast_message));
  EXPECT_EQ(reader.invalid(), fast_reader.invalid());
  EXPECT_TRUE(!ok || google::protobuf::util::MessageDifferencer::Equals(outcome.message, fast_message));
  outcome.error = reader.error_text();
  if (reader.invalid()) outcome.violation = reader.violations()[0].path + ": " + reader.violations()[0].message;
  return outcome;
}

void ExpectPoints(std::string_view json, const std::string& text) {
  UpsertPoints expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &expected)) << text;
  const Outcome outcome = Read(json);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.violation, "");
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(outcome.message, expected))
      << outcome.message.ShortDebugString();
}

// Recorded.
TEST(PointBatchTest, DenseVectorsWithPayloads) {
  ExpectPoints(R"({"ids": [20, "5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f", 22], "vectors": [[1, 0], [0, 1], [0.5, 0.5]],
                   "payloads": [{"a": 1}, null, {}]})",
               R"(points { id { num: 20 } payload { key: "a" value { integer_value: 1 } }
                           vectors { vector { dense { data: [1, 0] } } } }
                  points { id { uuid: "5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f" }
                           vectors { vector { dense { data: [0, 1] } } } }
                  points { id { num: 22 } vectors { vector { dense { data: [0.5, 0.5] } } } })");
}

TEST(PointBatchTest, ColumnsInAnyOrder) {
  ExpectPoints(R"({"payloads":null,"vectors":[[1]],"ids":[1],"other":5})",
               "points { id { num: 1 } vectors { vector { dense { data: 1 } } } }");
}

TEST(PointBatchTest, MultiVectors) {
  ExpectPoints(R"({"ids":[1,2],"vectors":[[[1,2],[3,4]],[[5,6]]]})",
               R"(points { id { num: 1 } vectors { vector { multi_dense { vectors { data: [1, 2] }
                                                                          vectors { data: [3, 4] } } } } }
                  points { id { num: 2 } vectors { vector { multi_dense { vectors { data: [5, 6] } } } } })");
}

TEST(PointBatchTest, NamedVectors) {
  ExpectPoints(R"({"ids":[1,2],"vectors":{"a":[[1],[2]],"b":[[3],[4]]}})",
               R"(points { id { num: 1 } vectors { vectors {
                      vectors { key: "a" value { dense { data: 1 } } }
                      vectors { key: "b" value { dense { data: 3 } } } } } }
                  points { id { num: 2 } vectors { vectors {
                      vectors { key: "a" value { dense { data: 2 } } }
                      vectors { key: "b" value { dense { data: 4 } } } } } })");
}

TEST(PointBatchTest, NoNamesMakePointsWithoutVectors) {
  ExpectPoints(R"({"ids":[1],"vectors":{}})", "points { id { num: 1 } vectors { vectors {} } }");
}

TEST(PointBatchTest, EmptyBatch) { ExpectPoints(R"({"ids":[],"vectors":[]})", ""); }

// Recorded, but for the last two.
TEST(PointBatchTest, LengthsMustAgree) {
  EXPECT_EQ(Read(R"({"ids": [1, 2, 3], "vectors": [[1, 2], [1, 2]]})").violation,
            "batch.batch: number of ids and vectors must be equal (3 != 2)");
  EXPECT_EQ(Read(R"({"ids": [1, 2], "vectors": [[1, 2], [1, 2]], "payloads": [{}]})").violation,
            "batch.batch: number of ids and payloads must be equal (2 != 1)");
  EXPECT_EQ(Read(R"({"ids": [1], "vectors": {"a": [[1]], "b": [[1], [2]]}})").violation,
            "batch.batch: number of ids and vectors must be equal (1 != 2)");
  EXPECT_EQ(Read(R"({"ids": [1], "vectors": [[[1]], [[2]]]})").violation,
            "batch.batch: number of ids and vectors must be equal (1 != 2)");
}

TEST(PointBatchTest, VectorsAreChecked) {
  EXPECT_EQ(Read(R"({"ids": [1, 2], "vectors": [[]]})").violation, "batch.vector: dense vector must not be empty");
  EXPECT_EQ(Read(R"({"ids": [1], "vectors": [[[1], []]]})").violation, "batch.data: all vectors must be non-empty");
  EXPECT_EQ(Read(R"({"ids": [1], "vectors": [[[1, 2], [1]]]})").violation,
            "batch.data: all vectors must have the same dimension, found vector with dimension 1");
  EXPECT_EQ(Read(R"({"ids": [1], "vectors": {"a": [[]]}})").violation,
            "batch.?.vector: dense vector must not be empty");
}

TEST(PointBatchTest, Refusals) {
  EXPECT_EQ(Read("5").error, "invalid type: integer `5`, expected struct Batch");
  EXPECT_EQ(Read(R"({"vectors":[]})").error, "missing field `ids`");
  EXPECT_EQ(Read(R"({"ids":[]})").error, "missing field `vectors`");
  EXPECT_EQ(Read(R"({"ids":[1],"vectors":[{"text": "quick brown fox", "model": "qdrant/bm25"}]})").error,
            "Direct Document processing is not supported in top-level batch vectors. Use named vectors.");
  for (const char* vectors : {"5", "null", R"(["a"])", "[[1],[[2]]]", R"({"a":[["x"]]})", R"({"a":5})", "[{}]"}) {
    EXPECT_EQ(Read(R"({"ids":[1],"vectors":)" + std::string(vectors) + "}").error,
              "data did not match any variant of untagged enum BatchVectorStruct")
        << vectors;
  }
  EXPECT_EQ(Read(R"({"ids":[1],"vectors":[[1]],"payloads":[5]})").error, "invalid type: integer `5`, expected a map");
}

}  // namespace
}  // namespace vecgate::runtime
