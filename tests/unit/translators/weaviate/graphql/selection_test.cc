// What fields of GraphQL queries select: members that are known beforehand, names of types, statistics, orders of hits.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "asking.h"

namespace vecgate::translators::weaviate {
namespace {

using Errors = std::vector<std::string>;

TEST(GraphQlSelectionTest, UnknownMembers) {
  EXPECT_EQ(ErrorsOfQuery("{Get{A{_additional{rerank(property: \"t\"){rank} group{size groupedBy{values}} generate{nope} id{x}}}}}"),
            Errors({"1:42 Cannot query field \"rank\" on type \"AAdditionalReranker\".",
                    "1:54 Cannot query field \"size\" on type \"AAdditionalGroup\".",
                    "1:69 Cannot query field \"values\" on type \"AAdditionalGroupGroupedBy\".",
                    "1:87 Cannot query field \"nope\" on type \"AAdditionalGenerate\".",
                    "1:95 Field \"id\" of type \"String\" must not have a sub selection."}));
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A{meta{sum} groupedBy{key} t{top topOccurrences{v} count{x}}}}}"),
            Errors({"1:19 Cannot query field \"sum\" on type \"AggregateAMetaObject\".",
                    "1:34 Cannot query field \"key\" on type \"AggregateAGroupedByObj\".",
                    "1:41 Cannot query field \"top\" on type \"AggregateAtObj\".",
                    "1:60 Cannot query field \"v\" on type \"AggregateAtTopOccurrencesObj\".",
                    "1:68 Field \"count\" of type \"Int\" must not have a sub selection."}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A{_additional{group rerank vectors generate}}}}"),
            Errors({"1:20 Field \"group\" of type \"AAdditionalGroup\" must have a sub selection.",
                    "1:26 Field \"rerank\" of type \"[AAdditionalReranker]\" must have a sub selection.",
                    "1:33 Field \"vectors\" of type \"AAdditionalVectors\" must have a sub selection.",
                    "1:41 Field \"generate\" of type \"AAdditionalGenerate\" must have a sub selection."}));
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A{meta groupedBy t{topOccurrences}}}}"),
            Errors({"1:14 Field \"meta\" of type \"AggregateAMetaObject\" must have a sub selection.",
                    "1:19 Field \"groupedBy\" of type \"AggregateAGroupedByObj\" must have a sub selection.",
                    "1:31 Field \"topOccurrences\" of type \"[AggregateAtTopOccurrencesObj]\" must have a sub selection."}));
}

TEST(GraphQlSelectionTest, Typenames) {
  EXPECT_EQ(Ask(Query("{Aggregate{A{__typename meta{__typename} t{__typename topOccurrences{__typename}}}}}"),
                {R"(single_result { objects_count: 1 aggregations { aggregations { property: "t" text { top_occurences { items { value: "x" occurs: 1 } } } } } })"})
                .body,
            R"({"data":{"Aggregate":{"A":[{"__typename":"AggregateA","meta":{"__typename":"AggregateAMetaObject"},)"
            R"("t":{"__typename":"AggregateAtObj","topOccurrences":[{"__typename":"AggregateAtTopOccurrencesObj"}]}}]}}})");
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1){r{... on B{_additional{__typename id}}} _additional{__typename rerank(property: \"t\"){__typename score}}}}}"),
                {R"(results { metadata { rerank_score: 2 rerank_score_present: true } properties { ref_props { prop_name: "r" properties { target_collection: "B" metadata { id: "b" } } } } })"})
                .body,
            R"({"data":{"Get":{"A":[{"_additional":{"__typename":"AAdditional","rerank":[{"__typename":"AAdditionalReranker","score":2}]},)"
            R"("r":[{"_additional":{"__typename":"BAdditional","id":"b"}}]}]}}})");
}

TEST(GraphQlSelectionTest, HitsOfGroups) {
  const Asked asked = Ask(Query("{Get{A(nearVector: {vector: [1]}, limit: 2, groupBy: {path: [\"p\"], groups: 1, objectsPerGroup: 1})"
                                "{_additional{group{__typename a: hits{__typename t _additional{vector}} b: hits{n}}}}}}"),
                          {R"(group_by_results { name: "g" number_of_objects: 1 objects { properties { non_ref_props {
                                fields { key: "t" value { text_value: "T" } } fields { key: "n" value { int_value: 7 } } } } } })"});
  ASSERT_EQ(asked.calls.size(), 1u);
  EXPECT_NE(asked.calls[0].find(R"(non_ref_properties: "t" non_ref_properties: "n")"), std::string::npos);
  EXPECT_EQ(asked.calls[0].find("metadata"), std::string::npos);  // vectors of hits are those of the rows
  EXPECT_EQ(asked.body, R"({"data":{"Get":{"A":[{"_additional":{"group":{"__typename":"AAdditionalGroup",)"
                        R"("a":[{"__typename":"AAdditionalGroupHits","_additional":{"vector":[]},"t":"T"}],"b":[{"n":7}]}}}]}}})");
}

// What a row has nothing of is not an object of nulls.
TEST(GraphQlSelectionTest, AdditionalOfNothing) {
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1){t _additional{distance certainty} more: _additional{group{count} __typename}}}}"), {"results { }"}).body,
            R"({"data":{"Get":{"A":[{"_additional":null,"more":null,"t":null}]}}})");
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1){_additional{distance score}}}}"), {"results { }"}).body,
            R"({"data":{"Get":{"A":[{"_additional":{"distance":null,"score":"0"}}]}}})");
}

TEST(GraphQlSelectionTest, DirectivesMayLeaveNothing) {
  EXPECT_EQ(Ask(Query("{Get{A @include(if: false){t}}}")).body, R"({"data":{"Get":{}}})");
  EXPECT_EQ(Ask(Query("{Get{A(limit: 1){t @skip(if: true)}}}"), {"results { }"}).body, R"({"data":{"Get":{"A":[{}]}}})");
  EXPECT_EQ(Ask(Query("{Get @skip(if: true){A{t}}}")).body, R"({"data":{}})");
}

TEST(GraphQlSelectionTest, UnknownMembersOfPlacesAndNumbers) {
  EXPECT_EQ(ErrorsOfQuery("{Get{A(limit: 1){loc{nope}}}}",
                          {R"(results { properties { non_ref_props { fields { key: "loc" value { geo_value { latitude: 1 } } } } } })"}),
            Errors({"1:22 Cannot query field \"nope\" on type \"AlocGeoCoordinatesObj\"."}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A(limit: 1){tel{nope}}}}",
                          {R"(results { properties { non_ref_props { fields { key: "tel" value { phone_value { valid: true } } } } } })"}),
            Errors({"1:22 Cannot query field \"nope\" on type \"AtelPhoneNumberObj\"."}));
}

TEST(GraphQlSelectionTest, StatisticsOfAKind) {
  const std::string text = R"(single_result { aggregations { aggregations { property: "t" text { count: 2 } } } })";
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A{t{count mean}}}}", {text}),
            Errors({"1:22 Cannot query field \"mean\" on type \"AggregateAtObj\"."}));
  const std::string date = R"(single_result { aggregations { aggregations { property: "d" date { count: 2 minimum: "2020-01-01T00:00:00Z" } } } })";
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A{d{minimum type}}}}", {date}),
            Errors({"1:24 Cannot query field \"type\" on type \"AggregateAdObj\"."}));
  EXPECT_EQ(Ask(Query("{Aggregate{A{d{minimum}}}}"), {date}).body, R"({"data":{"Aggregate":{"A":[{"d":{"minimum":"2020-01-01T00:00:00Z"}}]}}})");
  EXPECT_EQ(ErrorsOfQuery("{Aggregate{A{u{count}}}}", {"!aggregate: shard x: aggregate properties: property u: unrecoginzed dataType uuid"}),
            Errors({"1:14 Cannot query field \"u\" on type \"AggregateA\"."}));
}

TEST(GraphQlSelectionTest, ModulesAreAskedOnce) {
  EXPECT_EQ(ErrorsOfQuery("{Get{A(limit: 1){_additional{a: generate(singleResult: {prompt: \"x\"}){singleResult} b: generate(singleResult: "
                          "{prompt: \"y\"}){singleResult}}}}}"),
            Errors({"1:30 Get.A more than one generate is not available through the gRPC upstream"}));
  EXPECT_EQ(ErrorsOfQuery("{Get{A(limit: 1){_additional{generate(singleResult: {prompt: \"x\", openai: {model: \"m\"}}){singleResult}}}}}"),
            Errors({"1:30 Get.A generate(singleResult{openai}) is not available through the gRPC upstream"}));
  const Asked asked = Ask(
      R"({"query":"query($t: String, $p: [String]) {Get{A(limit: 1){_additional{generate(singleResult: {prompt: $t, debug: true} groupedResult: {task: $t, properties: $p}){groupedResult debug{prompt}}}}}}",
          "variables":{"t":"say \"it\"","p":["a","b"]}})",
      {R"(results { generative { values { result: "r" debug { full_prompt: "full" } } } } generative_grouped_results { values { result: "g" } })"});
  EXPECT_EQ(asked.calls, std::vector<std::string>({R"(collection: "A" properties { } limit: 1 generative { single { prompt: "say \"it\"" debug: true } )"
                                                   R"(grouped { task: "say \"it\"" properties { values: "a" values: "b" } } } uses_127_api: true)"}));
  EXPECT_EQ(asked.body,
            R"({"data":{"Get":{"A":[{"_additional":{"generate":{"debug":{"prompt":"full"},"groupedResult":"g"}}}]}}})");
}

// --- hits that are sorted here ---------------------------------------------------------------------------------

std::string Sorted(std::string_view sort, const std::string& reply) {
  return Ask(Query("{Get{A(nearVector: {vector: [1]}, limit: 9, sort: [{path: [\"p\"]" + std::string(sort) + "}]){n}}}"), {reply}).body;
}

std::string Hits(const std::vector<std::string>& values) {
  std::string reply;
  for (size_t i = 0; i < values.size(); ++i)
    reply += "results { properties { non_ref_props { fields { key: \"n\" value { int_value: " + std::to_string(i) +
             " } } fields { key: \"p\" value { " + values[i] + " } } } } }";
  return reply;
}

std::string Order(const std::vector<int>& order) {
  std::string rows;
  for (const int n : order) rows += (rows.empty() ? "" : ",") + ("{\"n\":" + std::to_string(n) + "}");
  return "{\"data\":{\"Get\":{\"A\":[" + rows + "]}}}";
}

TEST(GraphQlSortTest, ByTextsRegardlessOfCase) {
  EXPECT_EQ(Sorted("", Hits({"text_value: \"b\"", "text_value: \"A\"", "null_value: 0", "text_value: \"a\"", "text_value: \"ÅL\"", "text_value: \"åk\""})),
            Order({2, 1, 3, 0, 5, 4}));
  EXPECT_EQ(Sorted(", order: desc", Hits({"text_value: \"b\"", "text_value: \"A\"", "null_value: 0"})), Order({0, 1, 2}));
}

TEST(GraphQlSortTest, ByTimes) {
  EXPECT_EQ(Sorted("", Hits({"date_value: \"2020-01-01T12:00:00+02:00\"", "date_value: \"2020-01-01T10:30:00Z\"",
                             "date_value: \"2020-01-01T10:00:00.25Z\"", "date_value: \"1969-12-31T23:59:59Z\""})),
            Order({3, 0, 2, 1}));
}

TEST(GraphQlSortTest, ByListsPlacesAndNumbers) {
  EXPECT_EQ(Sorted("", Hits({R"(list_value { number_values { values: "\000\000\000\000\000\000\360?\000\000\000\000\000\000\360?" } })",
                             R"(list_value { number_values { values: "\000\000\000\000\000\000\360?" } })",
                             R"(list_value { number_values { values: "\000\000\000\000\000\000\360\277" } })"})),
            Order({2, 1, 0}));
  EXPECT_EQ(Sorted("", Hits({"geo_value { longitude: 5 latitude: 1 }", "geo_value { longitude: -5 latitude: 9 }", "geo_value { longitude: 5 latitude: 0 }"})),
            Order({1, 2, 0}));
  EXPECT_EQ(Sorted("", Hits({"phone_value { country_code: 47 national: 1 }", "phone_value { country_code: 31 national: 9 }",
                             "phone_value { country_code: 31 national: 2 }"})),
            Order({2, 1, 0}));
  EXPECT_EQ(Sorted("", Hits({"list_value { text_values { values: \"a\" values: \"b\" } }", "list_value { text_values { values: \"A\" } }"})),
            Order({1, 0}));
}

TEST(GraphQlSortTest, Refusals) {
  const std::string before = "1:6 Get.A invalid 'sort' parameter: sort parameter at position 0: ";
  const auto errors = [](std::string_view sort, const std::vector<std::string>& replies = {}) {
    return ErrorsOfQuery("{Get{A(nearVector: {vector: [1]}, sort: " + std::string(sort) + "){n}}}", replies);
  };
  EXPECT_EQ(errors("[{order: asc}]"), Errors({before + "path parameter cannot be empty"}));
  EXPECT_EQ(errors("[{path: [\"r\", \"B\", \"p\"]}]"),
            Errors({before + "sorting by reference not supported, path must have exactly one argument"}));
  EXPECT_EQ(errors("{path: \"p\"}", {Hits({"uuid_value: \"u\""})}),
            Errors({before + "prop \"p\" is of type uuid/uuid[]: sorting by uuid is currently not supported - if you believe it should be, "
                             "please open a feature request on github.com/weaviate/weaviate"}));
  const std::string unknown = "no such prop with name 'p' found in class 'A' in the schema. Check your schema files for which properties "
                              "in this class are available";
  EXPECT_EQ(errors("{path: \"p\"}", {"!" + unknown}), Errors({before + unknown}));
}

}  // namespace
}  // namespace vecgate::translators::weaviate
