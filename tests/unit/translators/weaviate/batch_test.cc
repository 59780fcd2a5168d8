// Batches. Requests and replies as recorded from the server, but for times.
#include <regex>

#include "harness.h"
#include "weaviate/operations.h"

namespace vecgate::translators::weaviate {
namespace {

constexpr std::string_view kId1 = "5e1f0c00-7a3b-4d2e-9c11-000000000701";

std::string WithoutTimes(const std::string& body) {
  return std::regex_replace(body, std::regex(R"re("(creation|lastUpdate)TimeUnix":\d+,)re"), "");
}

TEST(BatchObjectsTest, TellsEachObjectAgain) {
  Harness harness(MakeBatchObjects);
  harness.Body(R"({"fields":["ALL"],"objects":[
      {"class":"thing","id":"5E1F0C00-7a3b-4d2e-9c11-000000000701","properties":{"title":null,"pages":12},"vector":[0.1,0.30000001192092896]},
      {"class":"Thing","id":"5e1f0c00-7a3b-4d2e-9c11-000000000702","tenant":"hot","vectors":{"c":[[1,2],[3,4]]}}]})");
  harness.Query("consistency_level=ONE").Begin();
  ASSERT_FALSE(harness.done());
  EXPECT_EQ(harness.call(0),
            R"(BatchObjects objects { uuid: "5e1f0c00-7a3b-4d2e-9c11-000000000701" properties { non_ref_properties { )"
            R"(fields { key: "pages" value { number_value: 12 } } fields { key: "title" value { null_value: NULL_VALUE } } } } )"
            R"(collection: "thing" vector_bytes: "\315\314\314=\232\231\231>" } objects { )"
            R"(uuid: "5e1f0c00-7a3b-4d2e-9c11-000000000702" collection: "Thing" tenant: "hot" vectors { name: "c" )"
            R"(vector_bytes: "\002\000\000\000\200?\000\000\000@\000\000@@\000\000\200@" type: VECTOR_TYPE_MULTI_FP32 } } )"
            R"(consistency_level: CONSISTENCY_LEVEL_ONE)");
  harness.Resume({harness.Ok<v1::BatchObjectsReply>(
      R"(errors { index: 1 error: "invalid text property 'title' on class 'Thing': not a string, but float64" })")});
  EXPECT_EQ(harness.status(), 200u);
  EXPECT_EQ(WithoutTimes(harness.body()),
            R"([{"class":"Thing","id":"5E1F0C00-7a3b-4d2e-9c11-000000000701","properties":{"pages":12},"vector":[0.1,0.3],)"
            R"("deprecations":null,"result":{"status":"SUCCESS"}},)"
            R"({"class":"Thing","id":"5e1f0c00-7a3b-4d2e-9c11-000000000702","properties":{},"tenant":"hot",)"
            R"("vectors":{"c":[[1,2],[3,4]]},"deprecations":null,"result":{"errors":{"error":[{"message":)"
            R"("invalid text property 'title' on class 'Thing': not a string, but json.Number"}]},"status":"FAILED"}}])");
}

TEST(BatchObjectsTest, MakesUpIds) {
  Harness harness(MakeBatchObjects);
  harness.Body(R"({"objects":[{"class":"Thing"},{"class":"Thing"}]})").Begin();
  const auto& request = static_cast<const v1::BatchObjectsRequest&>(*harness.calls()[0].request);
  EXPECT_EQ(request.objects(0).uuid().size(), 36u);
  EXPECT_NE(request.objects(0).uuid(), request.objects(1).uuid());
}

TEST(BatchObjectsTest, RefusedHere) {
  const auto answer = [](std::string_view body, std::string_view query = {}) {
    Harness harness(MakeBatchObjects);
    harness.Body(body).Query(query).Begin();
    EXPECT_TRUE(harness.done()) << body;
    return harness.done() ? std::to_string(harness.status()) + " " + harness.body() : std::string();
  };
  EXPECT_EQ(answer(R"({"objects":[]})"),
            R"(422 {"error":[{"message":"invalid param 'objects': cannot be empty, need at least one object for batching"}]})");
  EXPECT_EQ(answer("null"), answer(R"({"objects":null})"));
  EXPECT_EQ(answer(R"({"objects":[{"class":"Thing","id":"nope"}]})"),
            R"(422 {"code":601,"message":"body.objects.0.id in body must be of type uuid: \"nope\""})");
  EXPECT_EQ(answer(R"({"objects":[{"class":"Thing"}]})", "consistency_level=FOO"),
            R"(400 {"error":[{"message":"unrecognized consistency level 'FOO', try one of the following: )"
            R"(['ONE', 'QUORUM', 'ALL']"}]})");
  EXPECT_EQ(answer(R"([{"class":"Thing"}])"),
            R"(400 {"code":400,"message":"parsing body body from \"\" failed, because json: cannot unmarshal array into Go )"
            R"(value of type batch.BatchObjectsCreateBody"})");
  EXPECT_EQ(answer(R"({"objects":[{"class":"Thing"},{"properties":{}}]})"),
            R"x(422 {"error":[{"message":"invalid object: the given class is empty (objects[1])"}]})x");
  EXPECT_EQ(answer(R"({"objects":[null]})"),
            R"x(422 {"error":[{"message":"invalid object: must not be null (objects[0])"}]})x");
  EXPECT_EQ(answer(R"({"objects":[{"class":5}]})"),
            R"(400 {"code":400,"message":"parsing body body from \"\" failed, because json: cannot unmarshal number into Go )"
            R"(struct field Object.objects.class of type string"})");
}

TEST(BatchObjectsTest, SplitsByBytesAndKeepsPlaces) {
  // Each object takes about 450 bytes.
  std::string objects;
  for (int i = 0; i < 5; ++i)
    objects += (i == 0 ? "" : ",") + std::string(R"({"class":"C","properties":{"p":")") + std::string(400, 'x') +
               std::to_string(i) + R"("}})";
  Harness harness(MakeBatchObjects, {.max_message_bytes = 1000});
  harness.Body(R"({"objects":[)" + objects + "]}").Begin();
  std::vector<int> sizes;
  for (int part = 0; !harness.done(); ++part) {
    ASSERT_EQ(harness.calls().size(), 1u);
    const auto& request = static_cast<const v1::BatchObjectsRequest&>(*harness.calls()[0].request);
    EXPECT_LE(request.ByteSizeLong(), 1000u);
    sizes.push_back(request.objects_size());
    harness.Resume({harness.Ok<v1::BatchObjectsReply>(part == 1 ? R"(errors { index: 1 error: "no" })" : "")});
  }
  EXPECT_EQ(sizes, (std::vector<int>{2, 2, 1}));
  std::string results;
  for (size_t at = harness.body().find("\"status\":\""); at != std::string::npos;
       at = harness.body().find("\"status\":\"", at + 1))
    results += harness.body()[at + 10];
  EXPECT_EQ(results, "SSSFS");
}

TEST(BatchObjectsTest, WhatWasNotSentFails) {
  const std::string big(600, 'x');
  Harness harness(MakeBatchObjects, {.max_message_bytes = 1000});
  harness.Body(R"({"objects":[{"class":"C","properties":{"p":")" + big + R"("}},{"class":"C","properties":{"p":")" + big +
               R"("}}]})").Begin();
  harness.Resume({harness.Ok<v1::BatchObjectsReply>("")});
  ASSERT_FALSE(harness.done());
  harness.Resume({Harness::Failed("gone", 14)});
  EXPECT_EQ(harness.status(), 200u);
  EXPECT_NE(harness.body().find(R"("result":{"status":"SUCCESS"}})"), std::string::npos);
  EXPECT_NE(harness.body().find(R"("result":{"errors":{"error":[{"message":"gone"}]},"status":"FAILED"}}])"),
            std::string::npos);
}

TEST(BatchObjectsTest, ForbiddenAsAWhole) {
  Harness harness(MakeBatchObjects);
  harness.Body(R"({"objects":[{"class":"Doc"}]})").Begin();
  harness.Resume({harness.Ok<v1::BatchObjectsReply>(
      R"(errors { error: "rbac: authorization, forbidden action: user 'reader' has insufficient permissions" })")});
  EXPECT_EQ(harness.status(), 403u);
  EXPECT_EQ(harness.body(),
            R"({"error":[{"message":"rbac: authorization, forbidden action: user 'reader' has insufficient permissions"}]})");
}

constexpr std::string_view kMatch =
    R"({"match":{"class":"thing","where":{"operator":"Equal","path":["id"],"valueText":"x"}})";

TEST(BatchDeleteTest, Verbose) {
  Harness harness(MakeBatchDelete, {}, "DELETE");
  harness.Body(std::string(kMatch) + R"(,"dryRun":true,"output":"verbose"})").Query("tenant=hot&consistency_level=ALL").Begin();
  EXPECT_EQ(harness.call(0),
            R"(BatchDelete collection: "thing" filters { operator: OPERATOR_EQUAL value_text: "x" target { property: "_id" } } )"
            R"(verbose: true dry_run: true consistency_level: CONSISTENCY_LEVEL_ALL tenant: "hot")");
  harness.Resume({harness.Ok<v1::BatchDeleteReply>(
      R"(matches: 2 successful: 2 objects { uuid: "\136\037\014\000\172\073\115\056\234\021\000\000\000\000\007\002" successful: true } )"
      R"(objects { uuid: "\136\037\014\000\172\073\115\056\234\021\000\000\000\000\007\001" successful: true })")});
  EXPECT_EQ(harness.body(),
            R"({"deletionTimeUnixMilli":-62135596800000,"dryRun":true,"match":{"class":"Thing","where":{"operands":null,)"
            R"("operator":"Equal","path":["id"],"valueText":"x"}},"output":"verbose","results":{"failed":0,"limit":10000,)"
            R"("matches":2,"objects":[{"id":")" + std::string(kId1) + R"(","status":"DRYRUN"},)"
            R"({"id":"5e1f0c00-7a3b-4d2e-9c11-000000000702","status":"DRYRUN"}],"successful":0}})");
}

TEST(BatchDeleteTest, MinimalAndNothingFound) {
  Harness harness(MakeBatchDelete, {.max_results = 50}, "DELETE");
  harness.Body(std::string(kMatch) + R"(,"deletionTimeUnixMilli":1700000000000})").Begin();
  harness.Resume({harness.Ok<v1::BatchDeleteReply>("")});
  EXPECT_EQ(harness.body(),
            R"({"deletionTimeUnixMilli":1700000000000,"dryRun":false,"match":{"class":"Thing","where":{"operands":null,)"
            R"("operator":"Equal","path":["id"],"valueText":"x"}},"output":"minimal","results":{"failed":0,"limit":50,)"
            R"("matches":0,"objects":null,"successful":0}})");
}

TEST(BatchDeleteTest, Refused) {
  const auto answer = [](std::string_view body) {
    Harness harness(MakeBatchDelete, {}, "DELETE");
    harness.Body(body).Begin();
    EXPECT_TRUE(harness.done()) << body;
    return harness.done() ? std::to_string(harness.status()) + " " + harness.body() : std::string();
  };
  EXPECT_EQ(answer("{}"), R"(422 {"error":[{"message":"validate: empty match clause"}]})");
  EXPECT_EQ(answer(R"({"match":{"where":{"operator":"Equal","path":["n"],"valueInt":1}}})"),
            R"(422 {"error":[{"message":"validate: empty match.class clause"}]})");
  EXPECT_EQ(answer(R"({"match":{"class":"T"}})"), R"(422 {"error":[{"message":"validate: empty match.where clause"}]})");
  EXPECT_EQ(answer(std::string(kMatch) + R"(,"output":"loud"})"),
            R"(500 {"error":[{"message":"validate: invalid output: \"loud\", possible values are: \"minimal\", \"verbose\""}]})");
  EXPECT_EQ(answer(R"({"match":{"class":"T","where":{"operator":"And"}}})"),
            R"(422 {"error":[{"message":"validate: failed to parse where filter: invalid where filter: operator 'And', but no )"
            R"(operands set - add at least one operand"}]})");
  EXPECT_TRUE(answer(R"({"match":{"class":"T","where":{"operator":"Sounds","path":["t"],"valueText":"x"}}})")
                  .starts_with(R"(422 {"code":606,"message":"match.match.where.operator in body should be one of [And Or )"));
}

TEST(BatchDeleteTest, FailuresOfTheServer) {
  const auto answer = [](std::string_view message) {
    Harness harness(MakeBatchDelete, {}, "DELETE");
    harness.Body(std::string(kMatch) + "}").Begin();
    harness.Resume({Harness::Failed(message)});
    return std::to_string(harness.status()) + " " + harness.body();
  };
  EXPECT_EQ(answer("batch delete params: could not find class Nope in schema"),
            R"(422 {"error":[{"message":"validate: failed to get class: thing"}]})");
  EXPECT_EQ(answer("batch delete params: no such prop with name 'nope' found"),
            R"(422 {"error":[{"message":"validate: invalid where filter: no such prop with name 'nope' found"}]})");
  EXPECT_EQ(answer("batch delete: cannot find objects: class Tenanted has multi-tenancy enabled, but request was without tenant"),
            R"(422 {"error":[{"message":"batch delete objects: cannot find objects: class Tenanted has multi-tenancy )"
            R"(enabled, but request was without tenant"}]})");
}

TEST(BatchReferencesTest, KeepsPlaces) {
  Harness harness(MakeBatchReferences);
  harness.Body(R"([
      {"from":"weaviate://localhost/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000714","to":"weaviate://localhost/Author/5e1f0c00-7a3b-4d2e-9c11-000000000012"},
      {"from":"weaviate://localhost/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000714/writtenBy","to":"weaviate://localhost/Author/nope"},
      {"from":"weaviate://localhost/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000714/writtenBy","to":"weaviate://localhost/5e1f0c00-7a3b-4d2e-9c11-000000000012","tenant":"hot"},
      {"from":"weaviate://localhost/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000714/about","to":"weaviate://localhost/Author/5e1f0c00-7a3b-4d2e-9c11-000000000012"}])");
  harness.Query("consistency_level=QUORUM").Begin();
  EXPECT_EQ(harness.call(0),
            R"(BatchReferences references { name: "writtenBy" from_collection: "Thing" )"
            R"(from_uuid: "5e1f0c00-7a3b-4d2e-9c11-000000000714" to_collection: "Author" to_uuid: "nope" } )"
            R"(references { name: "writtenBy" from_collection: "Thing" )"
            R"(from_uuid: "5e1f0c00-7a3b-4d2e-9c11-000000000714" to_uuid: "5e1f0c00-7a3b-4d2e-9c11-000000000012" tenant: "hot" } )"
            R"(references { name: "about" from_collection: "Thing" from_uuid: "5e1f0c00-7a3b-4d2e-9c11-000000000714" )"
            R"(to_collection: "Author" to_uuid: "5e1f0c00-7a3b-4d2e-9c11-000000000012" } consistency_level: CONSISTENCY_LEVEL_QUORUM)");
  harness.Resume({harness.Ok<v1::BatchReferencesReply>(R"(errors { index: 2 error: "ref batch: no" } )"
                                                             R"(errors { error: "invalid cref URI: 2nd path segment must be uuid, but got 'nope'" })")});
  EXPECT_EQ(harness.body(),
            R"([{"to":"weaviate://localhost/Author/5e1f0c00-7a3b-4d2e-9c11-000000000012","result":{"errors":{"error":[{"message":)"
            R"("invalid cref URI: must use long-form: path must be of format '/\u003cclassName\u003e/\u003cuuid\u003e/)"
            R"(\u003cpropertyName\u003e', but got '/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000714'"}]},"status":"FAILED"}},)"
            R"({"from":"weaviate://localhost/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000714/writtenBy","result":{"errors":{"error":)"
            R"([{"message":"invalid cref URI: 2nd path segment must be uuid, but got 'nope'"}]},"status":"FAILED"}},)"
            R"({"from":"weaviate://localhost/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000714/writtenBy",)"
            R"("to":"weaviate://localhost/5e1f0c00-7a3b-4d2e-9c11-000000000012","result":{"status":"SUCCESS"}},)"
            R"({"from":"weaviate://localhost/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000714/about",)"
            R"("to":"weaviate://localhost/Author/5e1f0c00-7a3b-4d2e-9c11-000000000012","result":{"errors":{"error":)"
            R"([{"message":"ref batch: no"}]},"status":"FAILED"}}])");
}

TEST(BatchReferencesTest, Refused) {
  Harness empty(MakeBatchReferences);
  empty.Body("[]").Begin();
  EXPECT_EQ(empty.status(), 422u);
  EXPECT_EQ(empty.body(),
            R"({"error":[{"message":"invalid params: length cannot be 0, need at least one reference for batching"}]})");
  Harness bogus(MakeBatchReferences);
  bogus.Body(R"([{"from":"bogus","to":"bogus"}])").Begin();
  EXPECT_EQ(bogus.status(), 422u);
  EXPECT_EQ(bogus.body(), R"({"code":601,"message":"from in body must be of type uri: \"bogus\""})");
}

}  // namespace
}  // namespace vecgate::translators::weaviate
