#include "runtime/named/vector_output.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "qdrant/points.pb.h"

namespace vecgate::runtime {
namespace {

std::string Write(const std::string& text) {
  qdrant::VectorOutput vector;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &vector)) << text;
  OutputBuffer out;
  JsonWriter writer(out);
  WriteVectorOutput(vector, writer);
  return std::string(out.view());
}

TEST(VectorOutputTest, CurrentFields) {
  EXPECT_EQ(Write("dense { data: [1, 0.1] }"), "[1.0,0.1]");
  EXPECT_EQ(Write("sparse { indices: [3, 5] values: [1, 2] }"), R"({"indices":[3,5],"values":[1.0,2.0]})");
  EXPECT_EQ(Write("multi_dense { vectors { data: [1] } vectors { data: [2] } }"), "[[1.0],[2.0]]");
}

TEST(VectorOutputTest, FieldsOfOldServers) {
  EXPECT_EQ(Write("data: [1, 2]"), "[1.0,2.0]");
  EXPECT_EQ(Write("data: [1, 2] indices { data: [3, 5] }"), R"({"indices":[3,5],"values":[1.0,2.0]})");
  EXPECT_EQ(Write("data: [1, 2, 3, 4] vectors_count: 2"), "[[1.0,2.0],[3.0,4.0]]");
  EXPECT_EQ(Write("data: [1, 2, 3] vectors_count: 2"), "[1.0,2.0,3.0]");
  EXPECT_EQ(Write(""), "[]");
}

}  // namespace
}  // namespace vecgate::runtime
