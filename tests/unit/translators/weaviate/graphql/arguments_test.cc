// Arguments: what each takes, in the words that graphql-go has for a type's faults, and what they become over gRPC. Names
// of types are the server's.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "asking.h"

namespace vecgate::translators::weaviate {
namespace {

using Errors = std::vector<std::string>;

TEST(GraphQlArgumentsTest, AreOfTheirTypes) {
  EXPECT_EQ(ErrorsOfQuery("{Get{A(where: {operator: Equal, path: [\"p\"], valueDate: 5}){t}}}"),
            Errors({"1:15 Argument \"where\" has invalid value {operator: Equal, path: [\"p\"], valueDate: 5}.\n"
                    "In field \"valueDate\": Expected type \"TextDateGetObjectsA\", found 5."}));
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A(where: {operator: Equal, path: [\"p\"], valueString: true}){meta{count}}}}"),
            Errors({"1:21 Argument \"where\" has invalid value {operator: Equal, path: [\"p\"], valueString: true}.\n"
                    "In field \"valueString\": Expected type \"TextStringAggregateObjectsA\", found true."}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A(nearVector: {vector: 1}){t}}}"),
            Errors({"1:20 Argument \"nearVector\" has invalid value {vector: 1}.\n"
                    "In field \"vector\": Expected type \"GetObjectsANearVectorVectorScalar\", found 1."}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A(nearVector: {vectorPerTarget: {a: [1, \"x\"]}}){t}}}"),
            Errors({"1:20 Argument \"nearVector\" has invalid value {vectorPerTarget: {a: [1, \"x\"]}}.\n"
                    "In field \"vectorPerTarget\": Expected type \"VectorPerTarget\", found {a: [1, \"x\"]}."}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A(hybrid: {query: \"q\", bm25SearchOperator: {operator: Nor}}){t}}}"),
            Errors({"1:16 Argument \"hybrid\" has invalid value {query: \"q\", bm25SearchOperator: {operator: Nor}}.\n"
                    "In field \"bm25SearchOperator\": In field \"operator\": Expected type \"ASubSearchSearchesOperator\", found Nor."}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A(nearObject: {id: \"i\", targets: {targetVectors: [\"a\"], combinationMethod: best}}){t}}}"),
            Errors({"1:20 Argument \"nearObject\" has invalid value {id: \"i\", targets: {targetVectors: [\"a\"], combinationMethod: best}}.\n"
                    "In field \"targets\": In field \"combinationMethod\": Expected type \"targetCombinationEnum\", found best."}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A(limit: 99999999999999999999, nearVector: {vector: [1], distance: 1e999}){t}}}"),
            Errors({"1:15 Argument \"limit\" has invalid value 99999999999999999999.\nExpected type \"Int\", found 99999999999999999999.",
                    "1:49 Argument \"nearVector\" has invalid value {vector: [1], distance: 1e999}.\n"
                    "In field \"distance\": Expected type \"Float\", found 1e999."}));
}

TEST(GraphQlArgumentsTest, HaveWhatIsRequired) {
  EXPECT_EQ(ErrorsOfQuery("{Get{A(where: {operator: WithinGeoRange, path: [\"p\"], valueGeoRange: {geoCoordinates: {latitude: 1}}}){t}}}"),
            Errors({"1:15 Argument \"where\" has invalid value {operator: WithinGeoRange, path: [\"p\"], valueGeoRange: {geoCoordinates: "
                    "{latitude: 1}}}.\n"
                    "In field \"valueGeoRange\": In field \"geoCoordinates\": In field \"longitude\": Expected \"Float!\", found null.\n"
                    "In field \"valueGeoRange\": In field \"distance\": Expected \"GetObjectsAWhereGeoRangeDistanceInpObj!\", found null."}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A(nearText: {moveTo: {concepts: [\"c\"]}}){t}}}"),
            Errors({"1:18 Argument \"nearText\" has invalid value {moveTo: {concepts: [\"c\"]}}.\n"
                    "In field \"moveTo\": In field \"force\": Expected \"Float!\", found null.\n"
                    "In field \"concepts\": Expected \"String!\", found null."}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A(bm25: {query: \"q\"}, groupBy: {path: [\"p\"], groups: 2}){t}}}"),
            Errors({"1:37 Argument \"groupBy\" has invalid value {path: [\"p\"], groups: 2}.\n"
                    "In field \"objectsPerGroup\": Expected \"Int!\", found null."}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A(nearImage: {distance: 0.1}){t}}}"),
            Errors({"1:19 Argument \"nearImage\" has invalid value {distance: 0.1}.\nIn field \"image\": Expected \"String!\", found null."}));
}

TEST(GraphQlArgumentsTest, DifferUnderAggregate) {
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A(nearVector: {vector: [1], targets: {targetVectors: [\"a\"]}}){meta{count}}}}"),
            Errors({"1:26 Argument \"nearVector\" has invalid value {vector: [1], targets: {targetVectors: [\"a\"]}}.\n"
                    "In field \"targets\": Unknown field."}));
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A(hybrid: {query: \"q\", fusionType: rankedFusion}){meta{count}}}}"),
            Errors({"1:22 Argument \"hybrid\" has invalid value {query: \"q\", fusionType: rankedFusion}.\n"
                    "In field \"fusionType\": Unknown field."}));
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A(bm25: {query: \"q\"}){meta{count}}}}").size(), 1u);
  // There a vector of a hybrid search may have two dimensions.
  EXPECT_EQ(Ask(Query("{Aggregate{A(hybrid: {query: \"q\", vector: [[1]]}, objectLimit: 2){meta{count}}}}")).calls,
            std::vector<std::string>({R"(collection: "A" objects_count: true object_limit: 2 hybrid { query: "q" use_alpha_param: true )"
                                      R"(vectors { vector_bytes: "\001\000\000\000\200?" type: VECTOR_TYPE_MULTI_FP32 } })"}));
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A(nearVector: {vector: [1]}, objectLimit: 0){meta{count}}}}"),
            Errors({"1:12 Aggregate.A objectLimit must be a positive integer"}));
}

TEST(GraphQlArgumentsTest, OnlyFieldsOfClassesTakeMost) {
  EXPECT_EQ(ErrorsOfQuery("{Get{A{t(limit: 1) r{... on B{n(x: 2)}} _additional(a: 1){id(b: 2) rerank(prop: \"t\"){score}}}}}"),
            Errors({"1:10 Unknown argument \"limit\" on field \"t\" of type \"A\".",
                    "1:33 Unknown argument \"x\" on field \"n\" of type \"B\".",
                    "1:53 Unknown argument \"a\" on field \"_additional\" of type \"A\".",
                    "1:62 Unknown argument \"b\" on field \"id\" of type \"AAdditional\".",
                    "1:75 Unknown argument \"prop\" on field \"rerank\" of type \"AAdditional\". Did you mean \"property\"?"}));
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A{t{topOccurrences(limit: \"x\"){value} count(limit: 1)}}}}"),
            Errors({"1:38 Argument \"limit\" has invalid value \"x\".\nExpected type \"Int\", found \"x\".",
                    "1:56 Unknown argument \"limit\" on field \"count\" of type \"AggregateAtObj\"."}));
}

TEST(GraphQlArgumentsTest, VariablesHaveTheTypeOfTheirPlace) {
  const auto errors = [](std::string_view query, std::string_view variables) {
    std::string body = Query(query);
    body.insert(body.size() - 1, std::string(",\"variables\":") + std::string(variables));
    return ErrorsOf(Ask(body).body);
  };
  EXPECT_EQ(errors("query($n: Int){Get{A(where: {path: [\"p\"], operator: Equal, valueInt: $n}){t}}}", "{\"n\":1}"),
            Errors({"1:7 1:70 Variable \"$n\" of type \"Int\" used in position expecting type \"IntGetObjectsA\"."}));
  EXPECT_EQ(errors("query($p: String){Get{A(bm25: {query: \"q\", properties: $p}){t}}}", "{\"p\":\"x\"}"),
            Errors({"1:7 1:56 Variable \"$p\" of type \"String\" used in position expecting type \"[String]\"."}));
  EXPECT_EQ(errors("query($p: String){Get{A(bm25: {query: \"q\", properties: [$p]}){t}}}", "{\"p\":\"x\"}"), Errors());
  EXPECT_EQ(errors("query($c: [String]){Get{A(nearText: {concepts: $c}){t}}}", "{\"c\":[\"x\"]}"),
            Errors({"1:7 1:48 Variable \"$c\" of type \"[String]\" used in position expecting type \"[String]!\"."}));
  EXPECT_EQ(errors("query($c: [String!]!){Get{A(nearText: {concepts: $c}){t}}}", "{\"c\":[\"x\"]}"), Errors());
  EXPECT_EQ(errors("query($l: Long){Get{A(limit: $l){t}}}", "{\"l\":1}"), Errors({"1:11 Unknown type \"Long\"."}));
  // A fault of the document comes before one of a value.
  EXPECT_EQ(errors("query($l: Int){Get{A(limit: $l, lmit: 1){t}}}", "{\"l\":\"x\"}").size(), 1u);
  EXPECT_EQ(errors("query($l: Int){Get{A(limit: $l, lmit: 1){t}}}", "{\"l\":\"x\"}")[0].substr(0, 27), "1:33 Unknown argument \"lmit");
}

TEST(GraphQlArgumentsTest, OfNearVector) {
  const auto error = [](std::string_view near) {
    return ErrorsOfQuery("{Get{A(nearVector: " + std::string(near) + "){t}}}");
  };
  const std::string before = "1:6 Get.A failed to extract nearVector params: ";
  EXPECT_EQ(error("{vector: [1], vectorPerTarget: {a: [1]}}"), Errors({before + "vector or vectorPerTarget is required field"}));
  EXPECT_EQ(error("{vectorPerTarget: {a: [1]}, targetVectors: [\"a\", \"b\"]}"),
            Errors({before + "vectorPerTarget for target b is not provided"}));
  EXPECT_EQ(error("{vectorPerTarget: {a: [[1], [2]], b: [1]}, targetVectors: [\"a\", \"b\", \"a\"]}"),
            Errors({before + "target a is not in the correct order"}));
  EXPECT_EQ(error("{vector: [1], targets: {combinationMethod: sum}}"), Errors({before + "targetVectors is required field"}));
  EXPECT_EQ(error("{vector: [1], targets: {targetVectors: [\"a\", \"b\"], combinationMethod: manualWeights, weights: {a: 1}}}"),
            Errors({before + "weight for target b is not provided"}));
  EXPECT_EQ(error("{vector: [1], distance: 1, certainty: 1, targets: {combinationMethod: sum}}"),
            Errors({before + "cannot provide distance and certainty"}));
}

TEST(GraphQlArgumentsTest, SeveralVectorsOfOneTarget) {
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1, nearVector: {vectorPerTarget: {a: [[1], [2]], b: [1]}, targets: {targetVectors: [\"a\", \"a\", \"b\"], "
                      "combinationMethod: manualWeights, weights: {a: [0.5, 0.25], b: 2}}}){t}}}"))
                .calls,
            std::vector<std::string>(
                {R"(collection: "A" properties { non_ref_properties: "t" } limit: 1 near_vector { targets { target_vectors: "a" )"
                 R"(target_vectors: "a" target_vectors: "b" combination: COMBINATION_METHOD_TYPE_MANUAL )"
                 R"(weights_for_targets { target: "a" weight: 0.5 } weights_for_targets { target: "a" weight: 0.25 } )"
                 R"(weights_for_targets { target: "b" weight: 2 } } vector_for_targets { name: "a" )"
                 R"(vectors { name: "a" vector_bytes: "\000\000\200?" type: VECTOR_TYPE_SINGLE_FP32 } )"
                 R"(vectors { name: "a" vector_bytes: "\000\000\000@" type: VECTOR_TYPE_SINGLE_FP32 } } vector_for_targets { name: "b" )"
                 R"(vectors { name: "b" vector_bytes: "\000\000\200?" type: VECTOR_TYPE_SINGLE_FP32 } } } uses_127_api: true)"}));
}

TEST(GraphQlArgumentsTest, OfHybrid) {
  const auto error = [](std::string_view hybrid) { return ErrorsOfQuery("{Get{A(hybrid: " + std::string(hybrid) + "){t}}}"); };
  const std::string before = "1:6 Get.A failed to extract hybrid params: ";
  EXPECT_EQ(error("{query: \"q\", vector: [1], searches: {nearVector: {vector: [1]}}}"),
            Errors({before + "cannot have both vector and nearVectorParams"}));
  EXPECT_EQ(error("{query: \"q\", vector: [1], searches: {nearText: {concepts: [\"c\"]}}}"),
            Errors({before + "cannot have both vector and nearTextParams"}));
  EXPECT_EQ(error("{query: \"q\", searches: {nearVector: {vector: [1]}, nearText: {concepts: [\"c\"]}}}"),
            Errors({before + "hybrid search cannot have both nearText and nearVector parameters"}));
  EXPECT_EQ(error("{query: \"q\", searches: {nearVector: {vectorPerTarget: {a: [1]}}}}"),
            Errors({before + "targetVectors need to be set in the hybrid search to be handled correctly"}));
  EXPECT_EQ(error("{query: \"q\", alpha: -0.1}"), Errors({before + "alpha should be between 0.0 and 1.0"}));
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1, hybrid: {query: \"q\", targetVectors: [\"a\"], searches: [{nearVector: {vectorPerTarget: {a: [1]}}}]}){t}}}"))
                .calls,
            std::vector<std::string>({R"(collection: "A" properties { non_ref_properties: "t" } limit: 1 hybrid_search { query: "q" near_vector { )"
                                      R"(vector_for_targets { name: "a" vectors { name: "a" vector_bytes: "\000\000\200?" type: )"
                                      R"(VECTOR_TYPE_SINGLE_FP32 } } } targets { target_vectors: "a" } use_alpha_param: true } uses_127_api: true)"}));
}

TEST(GraphQlArgumentsTest, ALoneValueIsAListOfIt) {
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1, sort: {path: \"p\"}, where: {operator: Not, operands: {operator: Equal, path: \"p\", valueInt: 1}}){t}}}")).calls,
            Ask(Query("{Get{A(limit: 1, sort: [{path: [\"p\"]}], where: {operator: Not, operands: [{operator: Equal, path: [\"p\"], "
                      "valueInt: 1}]}){t}}}"))
                .calls);
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1, where: {operator: Not, operands: {operator: Equal, path: \"p\", valueInt: 1}}){t}}}")).calls.size(), 1u);
}

TEST(GraphQlArgumentsTest, PathsOfGroups) {
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A(groupBy: []){meta{count}}}}"),
            Errors({"1:12 Aggregate.A could not extract groupBy path: missing an argument after 'A'"}));
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A(groupBy: [\"r\", \"B\"]){meta{count}}}}"),
            Errors({"1:12 Aggregate.A could not extract groupBy path: missing an argument after 'B'"}));
}

TEST(GraphQlArgumentsTest, ALimitOfNothing) {
  EXPECT_EQ(ErrorsOfQuery("{Get{A(limit: 0, bm25: {query: \"q\"}){t}}}"),
            Errors({"1:6 Get.A explorer: get class: vector search: invalid pagination params: invalid default limit: 0"}));
}

}  // namespace
}  // namespace vecgate::translators::weaviate
