// What GraphQL queries ask over gRPC, and how they are answered: what the recordings do not have. Forms of answers are
// those of recorded ones.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "asking.h"

namespace vecgate::translators::weaviate {
namespace {

using Calls = std::vector<std::string>;

TEST(GraphQlTest, FollowsReferencesToSeveralClasses) {
  const Asked asked = Ask(
      Query("{Get{A(limit: 1){t r{... on B{n s{... on D{x} ... on E{y}}} ... on C{m}}}}}"),
      {R"(results { metadata { id: "1" } properties { target_collection: "A" non_ref_props { fields { key: "t" value { text_value: "T" } } }
            ref_props { prop_name: "r" properties { target_collection: "B" metadata { id: "b" }
              non_ref_props { fields { key: "n" value { int_value: 7 } } }
              ref_props { prop_name: "s" properties { target_collection: "D" metadata { id: "d" }
                non_ref_props { fields { key: "x" value { bool_value: true } } } } } } } } })",
       R"(results { metadata { id: "1" } properties { ref_props { prop_name: "r" properties { target_collection: "B" metadata { id: "b" }
              ref_props { prop_name: "s" properties { target_collection: "E" metadata { id: "e" }
                non_ref_props { fields { key: "y" value { number_value: 0.5 } } } } } } } } })",
       R"(results { metadata { id: "1" } properties { ref_props { prop_name: "r" properties { target_collection: "C" metadata { id: "c" }
              non_ref_props { fields { key: "m" value { text_value: "M" } } } } } } })"});
  ASSERT_EQ(asked.calls.size(), 3u);
  EXPECT_EQ(asked.steps, std::vector<size_t>({3}));
  EXPECT_NE(asked.calls[0].find(R"(non_ref_properties: "t" ref_properties { reference_property: "r")"), std::string::npos);
  EXPECT_NE(asked.calls[1].find(R"(target_collection: "E")"), std::string::npos);
  EXPECT_EQ(asked.calls[1].find(R"("n")"), std::string::npos);
  EXPECT_NE(asked.calls[2].find(R"(target_collection: "C")"), std::string::npos);
  EXPECT_EQ(asked.body,
            R"({"data":{"Get":{"A":[{"r":[{"n":7,"s":[{"x":true},{"y":0.5}]},{"m":"M"}],"t":"T"}]}}})");
}

TEST(GraphQlTest, FragmentsAndDirectives) {
  const Asked asked = Ask(
      R"({"query":"query Q($t: Boolean!) {Get{A(limit: 2){...F ... on A @include(if: $t){y} z @skip(if: $t)}}} fragment F on A {x}",
          "variables":{"t":true}})",
      {R"(results { properties { non_ref_props { fields { key: "x" value { text_value: "<1>" } } fields { key: "y" value { int_value: 2 } } } } })"});
  EXPECT_EQ(asked.calls, Calls({R"(collection: "A" properties { non_ref_properties: "x" non_ref_properties: "y" } limit: 2 uses_127_api: true)"}));
  EXPECT_EQ(asked.body, "{\"data\":{\"Get\":{\"A\":[{\"x\":\"\\u003c1\\u003e\",\"y\":2}]}}}");
}

TEST(GraphQlTest, SortsHitsOfASearch) {
  const Asked asked = Ask(
      Query("{Get{A(nearVector: {vector: [1]}, limit: 3, offset: 1, sort: [{path: [\"p\"], order: desc}, {path: \"t\"}]){n: p}}}"),
      {R"(results { properties { non_ref_props { fields { key: "p" value { int_value: 2 } } fields { key: "t" value { text_value: "b" } } } } }
          results { properties { non_ref_props { fields { key: "p" value { null_value: 0 } } } } }
          results { properties { non_ref_props { fields { key: "p" value { int_value: 9 } } } } }
          results { properties { non_ref_props { fields { key: "p" value { int_value: 2 } } fields { key: "t" value { text_value: "A" } } } } })"});
  ASSERT_EQ(asked.calls.size(), 1u);
  EXPECT_EQ(asked.calls[0],
            R"(collection: "A" properties { non_ref_properties: "p" non_ref_properties: "t" } limit: 4 )"
            R"(near_vector { vectors { vector_bytes: "\000\000\200?" type: VECTOR_TYPE_SINGLE_FP32 } } uses_127_api: true)");
  EXPECT_EQ(asked.body, R"({"data":{"Get":{"A":[{"n":2},{"n":2},{"n":null}]}}})");
}

TEST(GraphQlTest, GeneratesForAllRows) {
  const Asked asked = Ask(
      Query("{Get{A(limit: 2){_additional{generate(groupedResult: {task: \"sum\\\" up\", properties: [\"t\"]}){groupedResult error}}}}}"),
      {R"(results { } results { } generative_grouped_results { values { result: "all" } })"});
  EXPECT_EQ(asked.calls, Calls({R"(collection: "A" properties { } limit: 2 generative { grouped { task: "sum\" up" )"
                                R"(properties { values: "t" } } } uses_127_api: true)"}));
  EXPECT_EQ(asked.body,
            R"({"data":{"Get":{"A":[{"_additional":{"generate":{"error":null,"groupedResult":"all"}}},{"_additional":null}]}}})");
}

TEST(GraphQlTest, NearTextAndMedia) {
  EXPECT_EQ(Ask(Query("{Get{A(nearText: {concepts: [\"a\", \"b\"], certainty: 0.5, moveTo: {force: 0.25, concepts: \"c\", objects: "
                      "[{id: \"i\"}, {beacon: \"weaviate://localhost/B/5e1f0c00-7a3b-4d2e-9c11-000000000012\"}]}}){t}}}"))
                .calls,
            Calls({R"(collection: "A" properties { non_ref_properties: "t" } limit: 10000 near_text { query: "a" query: "b" certainty: 0.5 )"
                   R"(move_to { force: 0.25 concepts: "c" uuids: "i" uuids: "5e1f0c00-7a3b-4d2e-9c11-000000000012" } } uses_127_api: true)"}));
  EXPECT_EQ(Ask(Query("{Get{A(nearIMU: {imu: \"QUJD\", distance: 0.5}, offset: 4){t}}}")).calls,
            Calls({R"(collection: "A" properties { non_ref_properties: "t" } limit: 9996 offset: 4 )"
                   R"(near_imu { imu: "QUJD" distance: 0.5 } uses_127_api: true)"}));
}

TEST(GraphQlTest, TellsWhatGrpcHasNot) {
  const auto error = [](std::string_view what, std::string_view path, int column) {
    return std::string(R"("errors":[{"extensions":{"code":501},"locations":[{"column":)") + std::to_string(column) +
           R"(,"line":1}],"message":")" + std::string(what) + R"( is not available through the gRPC upstream","path":)" + std::string(path) + "}]}";
  };
  EXPECT_EQ(Ask(Query("{__schema{types{name}} Get{A(limit: 1){t}}}")).body,
            R"({"data":{"Get":{"A":[]},"__schema":null},)" + error("__schema", R"(["__schema"])", 2));
  EXPECT_EQ(Ask(Query("{Get{A(group: {type: merge, force: 0.1}){t}}}")).body,
            R"({"data":{"Get":{"A":null}},)" + error("group", R"(["Get","A"])", 6));
  EXPECT_EQ(Ask(Query("{Get{x: A{_additional{classification{id}}}}}")).body,
            R"({"data":{"Get":{"x":null}},)" + error("_additional { classification }", R"(["Get","x"])", 23));
  EXPECT_EQ(Ask(Query("{Aggregate{A(groupBy: [\"a\", \"B\", \"c\"]){meta{count}}}}")).body,
            R"({"data":{"Aggregate":{"A":null}},)" + error("groupBy with a path of several parts", R"(["Aggregate","A"])", 12));
}

TEST(GraphQlTest, MakesManyCallsSomeAtATime) {
  std::string text = "{Get{";
  for (int i = 0; i < 70; ++i) text += "a" + std::to_string(i) + ": A(limit: 1){t} ";
  const Asked asked = Ask(Query(text + "}}"));
  EXPECT_EQ(asked.calls.size(), 70u);
  EXPECT_EQ(asked.steps, std::vector<size_t>({32, 32, 6}));
}

TEST(GraphQlTest, FailuresOfTheRequestAreHttpErrors) {
  const Asked asked = Ask(Query("{Get{A(limit: 1){t} B(limit: 1){t}}}"), {"", "!extract auth: unauthorized: invalid api key"});
  EXPECT_NE(asked.status, 200u);
  EXPECT_EQ(asked.body.find("data"), std::string::npos);
}

TEST(GraphQlTest, NamesThatTheSchemaLacks) {
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1){nope}}}"),
                {"!no such prop with name 'nope' found in class 'A' in the schema. Check your schema files for which properties in this "
                 "class are available"})
                .body,
            R"({"errors":[{"locations":[{"column":18,"line":1}],"message":"Cannot query field \"nope\" on type \"A\".","path":null}]})");
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1){r{... on Nope{n}}}}}"), {"!could not find class Nope in schema"}).body,
            R"({"errors":[{"locations":[{"column":27,"line":1}],"message":"Unknown type \"Nope\".","path":null}]})");
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1){t{x}}}}"), {R"(results { properties { non_ref_props { fields { key: "t" value { text_value: "x" } } } } })"})
                .body,
            R"({"errors":[{"locations":[{"column":19,"line":1}],"message":"Field \"t\" of type \"String\" must not have a sub selection.","path":null}]})");
}

TEST(GraphQlTest, AFaultOfTheDocumentStopsAllOfIt) {
  const Asked asked = Ask(Query("{Get{A(limit: 1){t} B(lmit: 1){t}}}"));
  EXPECT_EQ(asked.calls, Calls());
  EXPECT_EQ(asked.body, R"({"errors":[{"locations":[{"column":23,"line":1}],"message":"Unknown argument \"lmit\" on field \"B\" of type )"
                        R"(\"GetObjectsObj\". Did you mean \"limit\"?","path":null}]})");
}

TEST(GraphQlTest, Batches) {
  const Asked asked = Ask("[{\"query\":\"{Get{A(limit: 1){t}}}\"},{\"query\":\"{\"},{\"query\":\"{Aggregate{A{meta{count}}}}\"}]",
                          {"", "single_result { objects_count: 3 }"}, 1);
  EXPECT_EQ(asked.calls.size(), 2u);
  EXPECT_TRUE(asked.body.starts_with(R"([{"data":{"Get":{"A":[]}}},{"errors":[{"locations":[{"column":2,"line":1}],"message":"Syntax Error)"));
  EXPECT_TRUE(asked.body.ends_with(R"(},{"data":{"Aggregate":{"A":[{"meta":{"count":3}}]}}}])"));
  // What the server's handler fills nothing into.
  EXPECT_EQ(Ask("[]", {}, 1).status, 422u);
  EXPECT_EQ(Ask("[]", {}, 1).body, R"({"error":null})");
}

TEST(GraphQlTest, OneOfABatchFails) {
  const Asked asked = Ask("[{\"query\":\"{Get{A(nearVector: {vector: [0]}, limit: 1){_additional{distance}}}}\"},{\"query\":\"{Get{A(limit: 1){t}}}\"},"
                          "{\"query\":\"{Get{A(limit: 1){t}}}\",\"variables\":[1]}]",
                          {"results { metadata { distance: inf distance_present: true } }", ""}, 1);
  EXPECT_EQ(asked.status, 200u);
  EXPECT_EQ(asked.body,
            R"([{"errors":[{"locations":null,"message":"422: The request is well-formed but was unable to be followed due to semantic )"
            R"(errors.","path":null}]},{"data":{"Get":{"A":[]}}},{"errors":[{"locations":null,"message":"422: variables must be a JSON )"
            R"(object, got []interface {}","path":null}]}])");
}

// Every bound refuses in GraphQL's form, and makes no call.
TEST(GraphQlTest, Bounds) {
  const auto refused = [](const std::string& query) {
    const Asked asked = Ask(Query(query));
    EXPECT_EQ(asked.calls, Calls());
    EXPECT_EQ(asked.status, 200u);
    const std::vector<std::string> errors = ErrorsOf(asked.body);
    return errors.empty() ? std::string() : errors[0].substr(0, 200);
  };
  std::string nested = "{Get{A{";
  for (int i = 0; i < 300; ++i) nested += "r{... on A{";
  EXPECT_EQ(refused(nested), "1:1096 Document is nested too deeply.");
  EXPECT_EQ(refused("{Get{A(where: {path: " + std::string(400, '[')), "1:219 Document is nested too deeply.");
  EXPECT_EQ(refused("{Get{A{t}}} #" + std::string(17 << 20, 'x')), "1:1 Document is too large.");
  std::string aliases = "{Get{";
  for (int i = 0; i < 3000; ++i) aliases += "a" + std::to_string(i) + ": A(limit: 1){t} ";
  EXPECT_EQ(refused(aliases + "}}"), "Document asks for too many fields.");
  std::string roots = "{";
  for (int i = 0; i < 3000; ++i) roots += "g" + std::to_string(i) + ": Get{A{t}} ";
  EXPECT_EQ(refused(roots + "}"), "Document asks for too many fields.");
  std::string spreads = "{Get{A{r{...F0}}}}";
  for (int i = 0; i < 30; ++i)
    spreads += "fragment F" + std::to_string(i) + " on B{...F" + std::to_string(i + 1) + " ...F" + std::to_string(i + 1) + "}";
  EXPECT_EQ(refused(spreads + "fragment F30 on B{t}"), "Document asks for too many fields.");
  std::string classes = "{Get{A{r{";
  for (int i = 0; i < 33; ++i) classes += "... on B" + std::to_string(i) + "{t}";
  EXPECT_EQ(refused(classes + "}}}}"), "1:8 Get.A Document follows references to too many classes");
  std::string unknown = "{Get{A(";
  for (int i = 0; i < 10'000; ++i) unknown += "x: 1 ";
  EXPECT_EQ(refused(unknown + "){t}}}").find("There can be only one argument named"), 5u + 4u);
  std::string faults = "{Get{";
  for (int i = 0; i < 1000; ++i) faults += "a" + std::to_string(i) + ": A(x: 1){t} ";
  EXPECT_EQ(ErrorsOfQuery(faults + "}}").size(), 20u);
  std::string batch = "[";
  for (int i = 0; i < 1001; ++i) batch += std::string(i == 0 ? "" : ",") + "{\"query\":\"{Get{A{t}}}\"}";
  EXPECT_EQ(Ask(batch + "]", {}, 1).body, R"({"error":[{"message":"a batch takes at most 1000 queries"}]})");
}

// A variable may be used often, and stand for much.
TEST(GraphQlTest, ArgumentsAreBoundWithTheirVariables) {
  std::string query = "query($w: GetObjectsAWhereInpObj){Get{";
  for (int i = 0; i < 70; ++i) query += "a" + std::to_string(i) + ": A(where: $w){t} ";
  std::string body = Query(query + "}}");
  body.insert(body.size() - 1, ",\"variables\":{\"w\":{\"path\":[\"p\"],\"operator\":\"Equal\",\"valueText\":\"" + std::string(1 << 20, 'x') + "\"}}");
  const Asked asked = Ask(body);
  EXPECT_EQ(asked.calls, Calls());
  ASSERT_FALSE(ErrorsOf(asked.body).empty());
  EXPECT_TRUE(ErrorsOf(asked.body)[0].ends_with("Arguments are too large."));
}

TEST(GraphQlTest, Typenames) {
  EXPECT_EQ(Ask(Query("{__typename Get{__typename A(limit: 1){__typename}}}"), {"results { }"}).body,
            R"({"data":{"Get":{"A":[{"__typename":"A"}],"__typename":"GetObjectsObj"},"__typename":"WeaviateObj"}})");
}

}  // namespace
}  // namespace vecgate::translators::weaviate
