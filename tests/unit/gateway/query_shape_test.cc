#include "tracing/query_shape.h"

#include <gtest/gtest.h>

#include <string>

namespace vecgate::tracing {
namespace {

TEST(QueryShapeTest, TellsKeysAndKinds) {
  EXPECT_EQ(QueryShape(R"({"query":[0.1,0.2,0.3],"limit":10,"filter":{"must":[{"key":"city","match":{"value":"Bern"}}]}})"),
            "{query: [3 numbers], limit: 10, filter: {must: [{key: text, match: {value: text}}]}}");
  EXPECT_EQ(QueryShape(R"({"a":null,"b":true,"c":{"d":false},"e":[],"f":{},"g":[1],"h":["x"]})"),
            "{a: null, b: true, c: {d: flag}, e: [], f: {}, g: [1 number], h: [text]}");
}

TEST(QueryShapeTest, OfAListTheFirstIsToldAndTheNumber) {
  EXPECT_EQ(QueryShape(R"({"points":[{"id":1,"vector":[1,2]},{"id":"x","other":3},{}]})"),
            "{points: [3 x {id: number, vector: [2 numbers]}]}");
  EXPECT_EQ(QueryShape("[[1,2],[3,4,5]]"), "[2 x [2 numbers]]");
  EXPECT_EQ(QueryShape(R"([1,"x"])"), "[2 x number]");
}

TEST(QueryShapeTest, OnlySmallNumbersOfTheOutermostObjectAreTold) {
  EXPECT_EQ(QueryShape(R"({"limit":100000,"id":100001,"negative":-1,"score":0.5,"inner":{"n":3}})"),
            "{limit: 100000, id: number, negative: number, score: number, inner: {n: number}}");
}

TEST(QueryShapeTest, NothingOfTextsAndVectorsIsTold) {
  const std::string shape = QueryShape(R"({"secret":"hunter2","vector":[0.123456],"payload":{"name":"Ada","n":42}})");
  for (const char* hidden : {"hunter2", "0.1234", "Ada", "42"}) EXPECT_EQ(shape.find(hidden), std::string::npos) << shape;
}

TEST(QueryShapeTest, BrokenBodiesAreCutOff) {
  EXPECT_EQ(QueryShape(""), "");
  EXPECT_EQ(QueryShape(R"({"a":1,)"), "{a: 1 ...}");
  EXPECT_EQ(QueryShape(R"({"a":[1,2,)"), "{a: [2... numbers]}");
  EXPECT_EQ(QueryShape("\x89PNG"), "");
}

TEST(QueryShapeTest, HasABound) {
  std::string vectors = R"({"points":[)";
  for (int i = 0; i < 10'000; ++i) vectors += R"({"id":1,"vector":[0.25,0.5,0.75,1.0]},)";
  const std::string shape = QueryShape(vectors);
  EXPECT_TRUE(shape.starts_with("{points: [")) << shape;
  EXPECT_TRUE(shape.ends_with("... x {id: number, vector: [4 numbers]}]}")) << shape;

  std::string keys = "{";
  for (int i = 0; i < 1000; ++i) keys += (i > 0 ? ",\"key" : "\"key") + std::to_string(i) + "\":\"x\"";
  EXPECT_LT(QueryShape(keys + "}").size(), 1100u);

  const std::string deep = std::string(20'000, '[') + std::string(20'000, ']');
  EXPECT_EQ(QueryShape(deep), "[[[[[[[[[...]]]]]]]]]");
}

}  // namespace
}  // namespace vecgate::tracing
