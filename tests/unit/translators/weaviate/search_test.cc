// REST search and aggregate, tenants, meta. Requests and replies as recorded from the server.
#include <regex>

#include "harness.h"
#include "weaviate/operations.h"

namespace vecgate::translators::weaviate {
namespace {

std::string WithoutTime(const std::string& body) { return std::regex_replace(body, std::regex(R"re("tookMs":\d+)re"), "\"tookMs\":0"); }

struct Search {
  explicit Search(std::string_view kind, std::string_view body, runtime::UpstreamFacts facts = {})
      : harness(MakeRestSearch, facts) {
    harness.Variable("className", "Article").Variable("kind", kind).Body(body).Begin();
  }
  std::string Asked() const {
    return harness.done() ? std::to_string(harness.status()) + " " + harness.body() : harness.call(0);
  }
  Harness harness;
};

// As a server of 1.35.2 was seen to need it: its schema has no alpha_param, and it reads an absent alpha as 0.
TEST(RestSearchTest, WeighsAsOlderServersUnderstand) {
  const auto weight = [](std::string_view body, std::string_view version) {
    runtime::UpstreamFacts facts;
    facts.version = version;
    const std::string asked = Search("hybrid", body, facts).Asked();
    const size_t begin = asked.find("hybrid_search {");
    return asked.substr(begin, asked.find('}', begin) - begin);
  };
  const std::string_view plain = R"({"query":"a"})";
  const std::string_view given = R"({"query":"a","alpha":0.25})";
  EXPECT_EQ(weight(plain, "1.35.2"), R"(hybrid_search { query: "a" alpha: 0.75 use_alpha_param: true )");
  EXPECT_EQ(weight(given, "1.35.2"), R"(hybrid_search { query: "a" alpha: 0.25 alpha_param: 0.25 use_alpha_param: true )");
  for (const std::string_view version : {"1.36.0", "1.40.0-dev", "2.0", "", "latest", "1.", "1.x"})
    EXPECT_EQ(weight(plain, version), R"(hybrid_search { query: "a" use_alpha_param: true )") << version;
}

TEST(RestSearchTest, Requests) {
  EXPECT_EQ(Search("bm25", R"({"query":"apple","queryProperties":["title^2"],"limit":2,"returnProperties":["title","writtenBy.name","writtenBy.age"],
                              "returnMetadata":["score","creationTime"],"where":{"operator":"GreaterThan","path":["pages"],"valueInt":100},
                              "tenant":"hot","consistencyLevel":"one"})").Asked(),
            R"(Search collection: "Article" tenant: "hot" consistency_level: CONSISTENCY_LEVEL_ONE properties { )"
            R"(non_ref_properties: "title" ref_properties { reference_property: "writtenBy" properties { )"
            R"(non_ref_properties: "name" non_ref_properties: "age" } metadata { uuid: true } } } metadata { uuid: true )"
            R"(creation_time_unix: true score: true } limit: 2 filters { operator: OPERATOR_GREATER_THAN value_int: 100 )"
            R"(target { property: "pages" } } bm25_search { query: "apple" properties: "title^2" } uses_127_api: true)");
  EXPECT_EQ(Search("hybrid", R"({"query":"apple","alpha":0,"fusionType":"ranked","maxVectorDistance":0.5,"targetVector":"v"})").Asked(),
            R"(Search collection: "Article" metadata { uuid: true } hybrid_search { query: "apple" fusion_type: )"
            R"(FUSION_TYPE_RANKED targets { target_vectors: "v" } alpha_param: 0 use_alpha_param: true vector_distance: 0.5 } )"
            R"(uses_127_api: true)");
  EXPECT_EQ(Search("near-object", R"({"id":"5e1f0c00-7a3b-4d2e-9c11-000000000101","targetVector":"words","returnMetadata":["certainty"],"returnProperties":[]})").Asked(),
            R"(Search collection: "Article" properties { } metadata { uuid: true distance: true certainty: true } near_object { )"
            R"(id: "5e1f0c00-7a3b-4d2e-9c11-000000000101" targets { target_vectors: "words" } } uses_127_api: true)");
  EXPECT_EQ(Search("near-text", R"({"query":["a","b"],"distance":0.25})").Asked(),
            R"(Search collection: "Article" metadata { uuid: true } near_text { query: "a" query: "b" distance: 0.25 } uses_127_api: true)");
  EXPECT_EQ(Search("near-vector", R"({"vector":[1],"certainty":0.5})").Asked(),
            R"(Search collection: "Article" metadata { uuid: true } near_vector { certainty: 0.5 vectors { )"
            R"(vector_bytes: "\000\000\200?" type: VECTOR_TYPE_SINGLE_FP32 } } uses_127_api: true)");
}

TEST(RestSearchTest, Refused) {
  EXPECT_EQ(Search("near-nothing", R"({"query":"a"})").Asked(),
            R"(404 {"error":[{"message":"path /v1/search/Article/near-nothing was not found"}]})");
  EXPECT_EQ(Search("bm25", R"({"query":"a","groupBy":"title"})").Asked(),
            R"(422 {"error":[{"message":"groupBy is not yet supported"}]})");
  // What the validation finds is told in the form of handlers here.
  EXPECT_EQ(Search("bm25", "{}").Asked(), R"(422 {"error":[{"message":"query in body is required"}]})");
  EXPECT_EQ(Search("hybrid", "null").Asked(), R"(422 {"error":[{"message":"query in body is required"}]})");
  EXPECT_EQ(Search("near-text", R"({"query":null})").Asked(), R"(422 {"error":[{"message":"query in body is required"}]})");
  EXPECT_EQ(Search("near-object", "null").Asked(), R"(422 {"error":[{"message":"id in body is required"}]})");
  EXPECT_EQ(Search("bm25", "").Asked(), R"(422 {"error":[{"message":"body in body is required"}]})");
  EXPECT_EQ(Search("bm25", "{bad").Asked(),
            R"(400 {"error":[{"message":"parsing body body from \"\" failed, because invalid character 'b' looking for )"
            R"(beginning of object key string"}]})");
  EXPECT_EQ(Search("bm25", R"({"query":""})").Asked(), R"(400 {"error":[{"message":"query must not be empty"}]})");
  EXPECT_EQ(Search("bm25", R"({"query":"a","limit":-1})").Asked(),
            R"(400 {"error":[{"message":"limit must not be negative, got -1"}]})");
  EXPECT_EQ(Search("bm25", R"({"query":"a","offset":95})", {.max_results = 100}).Asked(),
            R"(400 {"error":[{"message":"offset + limit must not exceed QUERY_MAXIMUM_RESULTS (100), got 105"}]})");
  EXPECT_EQ(Search("bm25", R"({"query":"a","returnMetadata":["id"]})").Asked(),
            R"(400 {"error":[{"message":"unknown returnMetadata entry \"id\", expected one of distance, certainty, score, )"
            R"(explainScore, creationTime, lastUpdateTime"}]})");
  EXPECT_EQ(Search("bm25", R"({"query":"a","where":{"operator":"And"}})").Asked(),
            R"(400 {"error":[{"message":"invalid where filter: operator 'And', but no operands set - add at least one operand"}]})");
  EXPECT_EQ(Search("near-object", R"({"id":"5e1f0c00-7a3b-4d2e-9c11-000000000101","distance":1,"certainty":1})").Asked(),
            R"(400 {"error":[{"message":"near_object: cannot provide both distance and certainty"}]})");
}

TEST(RestSearchTest, Replies) {
  Search search("near-object", R"({"id":"5e1f0c00-7a3b-4d2e-9c11-000000000101","returnProperties":["title","writtenBy.name"],"returnMetadata":["distance","certainty"]})");
  search.harness.Resume({search.harness.Ok<v1::SearchReply>(
      R"(results { properties { target_collection: "Article" non_ref_props { fields { key: "title" value { text_value: "G" } } )"
      R"(fields { key: "gone" value { null_value: NULL_VALUE } } } ref_props { prop_name: "writtenBy" properties { )"
      R"(target_collection: "Author" metadata { id: "x" } non_ref_props { fields { key: "name" value { text_value: "Bob" } } } } } } )"
      R"(metadata { id: "i" distance: 0.027554572 distance_present: true certainty: 0.98622274 certainty_present: true } })"
      R"(results { properties { target_collection: "Article" } metadata { id: "j" } })")});
  EXPECT_EQ(WithoutTime(search.harness.body()),
            R"({"results":[{"id":"i","metadata":{"certainty":0.9862227141857147,"distance":0.027554572},)"
            R"("properties":{"title":"G"},"references":{"writtenBy":[{"name":"Bob"}]}},{"id":"j","properties":{}}],"tookMs":0})");
}

TEST(RestSearchTest, Failures) {
  const auto answer = [](std::string_view message) {
    Search search("bm25", R"({"query":"a"})");
    search.harness.Resume({Harness::Failed(message)});
    return std::to_string(search.harness.status()) + " " + search.harness.body();
  };
  EXPECT_EQ(answer("could not find class Article in schema"),
            R"(404 {"error":[{"message":"could not find collection Article in schema"}]})");
  EXPECT_EQ(answer("explorer: get class: vector search: object search at index tenanted: tenant not found: \"zzz\""),
            R"(404 {"error":[{"message":"explorer: get class: vector search: object search at index tenanted: tenant not found: \"zzz\""}]})");
  EXPECT_TRUE(answer("class X has multi-tenancy enabled, but request was without tenant").starts_with("422 "));
}

TEST(RestAggregateTest, Counts) {
  Harness harness(MakeRestAggregate);
  harness.Variable("className", "Article").Body(R"({"returnMetrics":["count"],"tenant":"hot"})").Begin();
  EXPECT_EQ(harness.call(0), R"(Aggregate collection: "Article" tenant: "hot" objects_count: true)");
  harness.Resume({harness.Ok<v1::AggregateReply>("single_result { objects_count: 12 }")});
  EXPECT_EQ(WithoutTime(harness.body()), R"({"count":12,"tookMs":0})");
}

TEST(RestAggregateTest, Groups) {
  Harness harness(MakeRestAggregate);
  harness.Variable("className", "Article").Body(R"({"groupBy":"sold","limit":3})").Begin();
  EXPECT_EQ(harness.call(0),
            R"(Aggregate collection: "Article" objects_count: true group_by { property: "sold" } limit: 3)");
  harness.Resume({harness.Ok<v1::AggregateReply>(
      R"(grouped_results { groups { objects_count: 7 grouped_by { path: "sold" boolean: false } } )"
      R"(groups { objects_count: 2 grouped_by { path: "sold" number: 0.5 } } })")});
  EXPECT_EQ(WithoutTime(harness.body()),
            R"({"groups":[{"count":7,"groupedBy":{"path":["sold"],"value":false}},)"
            R"({"count":2,"groupedBy":{"path":["sold"],"value":0.5}}],"tookMs":0})");
}

TEST(RestAggregateTest, Refused) {
  const auto answer = [](std::string_view body) {
    Harness harness(MakeRestAggregate);
    harness.Variable("className", "Article").Body(body).Begin();
    return harness.done() ? std::to_string(harness.status()) + " " + harness.body() : "called";
  };
  EXPECT_EQ(answer(R"({"over":{}})"), R"(422 {"error":[{"message":"over is not yet supported"}]})");
  EXPECT_EQ(answer(R"({"returnMetrics":["pages:mean"]})"),
            R"(422 {"error":[{"message":"returnMetrics entry \"pages:mean\" is not yet supported; only \"count\" is"}]})");
  EXPECT_EQ(answer(R"({"limit":1})"),
            R"(400 {"error":[{"message":"limit is the maximum number of groups and requires groupBy"}]})");
}

TEST(TenantsTest, All) {
  Harness harness(MakeTenants, {}, "GET");
  harness.Variable("className", "Tenanted").Begin();
  EXPECT_EQ(harness.call(0), R"(TenantsGet collection: "Tenanted")");
  harness.Resume({harness.Ok<v1::TenantsGetReply>(
      R"(tenants { name: "cold" activity_status: TENANT_ACTIVITY_STATUS_COLD } tenants { name: "hot" activity_status: TENANT_ACTIVITY_STATUS_HOT })")});
  EXPECT_EQ(harness.body(), R"([{"activityStatus":"COLD","name":"cold"},{"activityStatus":"HOT","name":"hot"}])");
}

TEST(TenantsTest, Failures) {
  Harness harness(MakeTenants, {}, "GET");
  harness.Variable("className", "Nope").Begin();
  harness.Resume({Harness::Failed("get tenants: failed to execute query: could not get tenants: class not found")});
  EXPECT_EQ(harness.status(), 422u);
  EXPECT_EQ(harness.body(),
            R"({"error":[{"message":"failed to execute query: could not get tenants: class not found"}]})");
}

TEST(TenantTest, OneOrNone) {
  for (const std::string_view method : {"GET", "HEAD"}) {
    Harness harness(MakeTenant, {}, method);
    harness.Variable("className", "Tenanted").Variable("tenantName", "hot").Begin();
    EXPECT_EQ(harness.call(0), R"(TenantsGet collection: "Tenanted" names { values: "hot" })");
    harness.Resume({harness.Ok<v1::TenantsGetReply>(R"(tenants { name: "hot" activity_status: TENANT_ACTIVITY_STATUS_HOT })")});
    EXPECT_EQ(harness.status(), 200u);
    EXPECT_EQ(harness.body(), method == "HEAD" ? "" : R"({"activityStatus":"HOT","name":"hot"})");
    Harness none(MakeTenant, {}, method);
    none.Variable("className", "Tenanted").Variable("tenantName", "zzz").Begin();
    none.Resume({none.Ok<v1::TenantsGetReply>("")});
    EXPECT_EQ(none.status(), 404u);
    EXPECT_EQ(none.body(), "");
  }
}

TEST(MetaTest, FromTheConfiguration) {
  Harness harness(MakeMeta, {.hostname = "http://127.0.0.1:8085"}, "GET");
  // An empty batch tells whether the caller is known, and nothing else.
  EXPECT_EQ(harness.Begin().call(0), "BatchObjects ");
  harness.Resume({Harness::Failed("nothing to write")});
  EXPECT_EQ(harness.body(),
            R"({"grpcMaxMessageSize":104858000,"hostname":"http://127.0.0.1:8085","modules":{},"version":"1.40"})");
}

TEST(MetaTest, FromTheRestPort) {
  Harness harness(MakeMeta, {.version = "1.2.3", .rest = true}, "GET");
  harness.Begin();
  EXPECT_EQ(harness.call(0), "GET /v1/meta");
  harness.Resume({Harness::Rest(R"({"version":"1.40.0-dev","modules":{"m":{}}})")});
  EXPECT_EQ(harness.body(), R"({"version":"1.40.0-dev","modules":{"m":{}}})");
  Harness away(MakeMeta, {.version = "1.2.3", .rest = true}, "GET");
  EXPECT_EQ(away.Begin().Resume({Harness::Failed("refused", 14)}).call(0), "BatchObjects ");
  away.Resume({Harness::Failed("nothing to write")});
  EXPECT_NE(away.body().find(R"("version":"1.2.3")"), std::string::npos);
}

}  // namespace
}  // namespace vecgate::translators::weaviate
