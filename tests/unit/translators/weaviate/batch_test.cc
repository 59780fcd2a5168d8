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

// The first letter of each item's status.
std::string Statuses(const std::string& body) {
  std::string letters;
  for (size_t at = body.find("\"status\":\""); at != std::string::npos; at = body.find("\"status\":\"", at + 1))
    letters += body[at + 10];
  return letters;
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
  EXPECT_EQ(answer(R"({"objects":[{"class":"T","properties":{"":1}}]})"),
            R"x(422 {"error":[{"message":"invalid object: a property has no name (objects[0].properties)"}]})x");
  // As a server of 1.35.2 answered.
  EXPECT_EQ(answer(R"({"fields":["ALL","nope"],"objects":[{"class":"Thing"}]})"),
            R"(422 {"code":606,"message":"body.fields.1 in body should be one of [ALL class schema id creationTimeUnix]"})");
  EXPECT_EQ(answer(R"({"fields":5})"),
            R"(400 {"code":400,"message":"parsing body body from \"\" failed, because json: cannot unmarshal number into Go )"
            R"(struct field BatchObjectsCreateBody.fields of type []*string"})");
  EXPECT_EQ(answer(R"({"objects":[{"class":"T","properties":{"n":[1,-1.5e400]}}]})"),
            R"(400 {"code":400,"message":"parsing body body from \"\" failed, because json: cannot unmarshal number -1.5e400 )"
            R"(into Go value of type float64"})");
  EXPECT_EQ(answer(R"({"objects":[{"class":5}]})"),
            R"(400 {"code":400,"message":"parsing body body from \"\" failed, because json: cannot unmarshal number into Go )"
            R"(struct field Object.objects.class of type string"})");
}

// What the schema tells is told in the server's form.
TEST(BatchObjectsTest, TellsWhatIsStored) {
  Harness harness(MakeBatchObjects, {.rest = true});
  harness.Body(R"({"objects":[{"class":"thing","id":"5e1f0c00-7a3b-4d2e-9c11-000000000701","vector":[1],"properties":{
      "Isbn":"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11","title":"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
      "codes":["A0EEBC999C0B4EF8BB6D6BB9BD380A11"],"loc":{"longitude":4.8374263,"latitude":52.3932696},
      "when":"2024-05-06T07:08:09.500+00:00","dates":["2024-05-06T07:08:09.500Z"],
      "meta":{"code":"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11","none":null},"parts":[{"at":"2024-05-06T07:08:09.000-03:30"}],
      "writtenBy":[{"beacon":"weaviate://localhost/5e1f0c00-7a3b-4d2e-9c11-000000000012","href":"/x"}],
      "about":[{"beacon":"weaviate://localhost/5e1f0c00-7a3b-4d2e-9c11-000000000012"}],
      "phone":{"input":"020 1234567","defaultCountry":"nl"},"new":[1,{"a":null}],"gone":null}},
    {"class":"Other","id":"5e1f0c00-7a3b-4d2e-9c11-000000000702","properties":{"Isbn":"A"},"vector":[1]}]})").Begin();
  ASSERT_EQ(harness.calls().size(), 3u);
  EXPECT_EQ(harness.call(1) + ", " + harness.call(2), "GET /v1/schema/Thing, GET /v1/schema/Other");
  harness.Resume({harness.Ok<v1::BatchObjectsReply>(""), Harness::Rest(R"({"class":"Thing","invertedIndexConfig":{"indexTimestamps":true},
    "vectorConfig":{"default":{}},"properties":[{"name":"isbn","dataType":["uuid"]},{"name":"title","dataType":["text"]},
      {"name":"codes","dataType":["uuid[]"]},{"name":"loc","dataType":["geoCoordinates"]},{"name":"when","dataType":["date"]},
      {"name":"dates","dataType":["date[]"]},{"name":"phone","dataType":["phoneNumber"]},
      {"name":"meta","dataType":["object"],"nestedProperties":[{"name":"code","dataType":["uuid"]}]},
      {"name":"parts","dataType":["object[]"],"nestedProperties":[{"name":"at","dataType":["date"]}]},
      {"name":"writtenBy","dataType":["Author"]},{"name":"about","dataType":["Author","Publisher"]}]})"),
                  Harness::Failed("", 5)});
  const std::string body = std::regex_replace(harness.body(), std::regex(R"re((_?(creation|lastUpdate)TimeUnix":)\d+)re"), "$1 0");
  EXPECT_EQ(body,
            R"([{"class":"Thing","creationTimeUnix": 0,"id":"5e1f0c00-7a3b-4d2e-9c11-000000000701","lastUpdateTimeUnix": 0,)"
            R"("properties":{"_creationTimeUnix": 0,"_lastUpdateTimeUnix": 0,)"
            R"("about":[{"beacon":"weaviate://localhost/5e1f0c00-7a3b-4d2e-9c11-000000000012"}],)"
            R"("codes":["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],"dates":["2024-05-06T07:08:09.500Z"],)"
            R"("isbn":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","loc":{"latitude":52.39327,"longitude":4.837426},)"
            R"("meta":{"code":"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11","none":null},"new":[1,{"a":null}],)"
            R"("parts":[{"at":"2024-05-06T07:08:09-03:30"}],"phone":{"defaultCountry":"nl","input":"020 1234567"},)"
            R"("title":"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11","when":"2024-05-06T07:08:09.5Z",)"
            R"("writtenBy":[{"beacon":"weaviate://localhost/Author/5e1f0c00-7a3b-4d2e-9c11-000000000012"}]},)"
            R"("vectors":{"default":[1]},"deprecations":null,"result":{"status":"SUCCESS"}},)"
            R"({"class":"Other","creationTimeUnix": 0,"id":"5e1f0c00-7a3b-4d2e-9c11-000000000702","lastUpdateTimeUnix": 0,)"
            R"("properties":{"isbn":"A"},"vector":[1],"deprecations":null,"result":{"status":"SUCCESS"}}])");
}

// The server looks no further than the first fault, and tells such an object as it came.
TEST(BatchObjectsTest, TellsWhatIsNotValidAsItWasSent) {
  Harness harness(MakeBatchObjects);
  harness.Body(R"({"objects":[{"class":"Thing","id":"5e1f0c00-7a3b-4d2e-9c11-000000000701","properties":{"Title":5,"none":null}},
      {"class":"Thing","id":"5e1f0c00-7a3b-4d2e-9c11-000000000702","properties":{"Title":"t","none":null},"vector":[1]}]})").Begin();
  harness.Resume({harness.Ok<v1::BatchObjectsReply>(
      R"(errors { error: "invalid text property 'title' on class 'Thing': not a string, but float64" } )"
      R"(errors { index: 1 error: "Validate vector index for legacy: new node has a vector with length 1" })")});
  const std::string body = WithoutTimes(harness.body());
  EXPECT_NE(body.find(R"("properties":{"Title":5,"none":null},"deprecations")"), std::string::npos) << body;
  EXPECT_NE(body.find(R"("properties":{"title":"t"},"vector":[1])"), std::string::npos) << body;
}

TEST(BatchObjectsTest, WhatHasNoPropertiesAtAllFailsAlone) {
  Harness harness(MakeBatchObjects);
  harness.Body(R"({"objects":[{"class":"T","properties":5.50},{"class":"T","properties":{"a":1}},{"class":"T","properties":["x",{"b":null,"a":true}]},
      {"class":"T","properties":{"a":2}}]})").Begin();
  ASSERT_FALSE(harness.done());
  EXPECT_EQ(static_cast<const v1::BatchObjectsRequest&>(*harness.calls()[0].request).objects_size(), 2);
  harness.Resume({harness.Ok<v1::BatchObjectsReply>(R"(errors { index: 1 error: "no" })")});
  EXPECT_EQ(Statuses(harness.body()), "FSFF");
  EXPECT_NE(harness.body().find(R"("properties":5.5,"deprecations":null,"result":{"errors":{"error":[{"message":)"
                                R"("could not recognize object's properties: 5.50"}]})"), std::string::npos) << harness.body();
  EXPECT_NE(harness.body().find(R"("could not recognize object's properties: [x map[a:true b:\u003cnil\u003e]]")"), std::string::npos);
  Harness alone(MakeBatchObjects);
  alone.Body(R"({"objects":[{"class":"T","properties":"x"}]})").Begin();
  ASSERT_TRUE(alone.done());
  EXPECT_EQ(Statuses(alone.body()), "F");
}

TEST(BatchObjectsTest, AsksForNoMoreThanAFewSchemas) {
  std::string objects;
  for (int i = 0; i < 100; ++i) objects += (i == 0 ? "" : ",") + std::string(R"({"class":"C)") + std::to_string(i) + R"("})";
  Harness harness(MakeBatchObjects, {.rest = true});
  harness.Body(R"({"objects":[)" + objects + "]}").Begin();
  EXPECT_EQ(harness.calls().size(), 33u);
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
  EXPECT_EQ(Statuses(harness.body()), "SSSFS");
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

std::string Reference(int source, std::string_view property = "writtenBy") {
  return R"({"from":"weaviate://localhost/Thing/5e1f0c00-7a3b-4d2e-9c11-00000000070)" + std::to_string(source) + "/" +
         std::string(property) + R"(","to":"weaviate://localhost/5e1f0c00-7a3b-4d2e-9c11-000000000012"})";
}

TEST(BatchReferencesTest, SplitsByBytesAndKeepsPlaces) {
  // About 100 bytes each; one of them is not sent at all.
  Harness harness(MakeBatchReferences, {.max_message_bytes = 250});
  harness.Body("[" + Reference(1) + "," + Reference(2, "") + "," + Reference(3) + "," + Reference(4) + "," + Reference(5) + "," +
               Reference(6) + "]").Query("consistency_level=ALL").Begin();
  std::vector<int> sizes;
  for (int part = 0; !harness.done(); ++part) {
    const auto& request = static_cast<const v1::BatchReferencesRequest&>(*harness.calls()[0].request);
    EXPECT_LE(request.ByteSizeLong(), 250u);
    EXPECT_EQ(request.consistency_level(), v1::CONSISTENCY_LEVEL_ALL);
    sizes.push_back(request.references_size());
    harness.Resume({harness.Ok<v1::BatchReferencesReply>(part == 1 ? R"(errors { index: 1 error: "no" })" : "")});
  }
  EXPECT_EQ(sizes, (std::vector<int>{2, 2, 1}));
  EXPECT_EQ(Statuses(harness.body()), "SFSSFS");
}

TEST(BatchReferencesTest, WhatWasNotSentFails) {
  Harness harness(MakeBatchReferences, {.max_message_bytes = 250});
  harness.Body("[" + Reference(1) + "," + Reference(2) + "," + Reference(3) + "]").Begin();
  harness.Resume({harness.Ok<v1::BatchReferencesReply>("")});
  harness.Resume({Harness::Failed("gone", 14)});
  EXPECT_EQ(harness.status(), 200u);
  EXPECT_EQ(Statuses(harness.body()), "SSF");
}

TEST(BatchReferencesTest, TellsTheOnlyCollectionThereIs) {
  Harness harness(MakeBatchReferences, {.rest = true});
  harness.Body("[" + Reference(1) + "," + Reference(2, "About") + "," + Reference(3, "title") + "," + Reference(4, "WrittenBy") + "]").Begin();
  ASSERT_EQ(harness.calls().size(), 2u);
  EXPECT_EQ(harness.call(1), "GET /v1/schema/Thing");
  harness.Resume({harness.Ok<v1::BatchReferencesReply>(""), Harness::Rest(R"({"class":"Thing","properties":[
      {"name":"writtenBy","dataType":["Author"]},{"name":"about","dataType":["Author","Publisher"]},{"name":"title","dataType":["text"]}]})")});
  std::vector<std::string> targets;
  const std::string body = harness.body();
  for (size_t at = body.find("\"to\":\""); at != std::string::npos; at = body.find("\"to\":\"", at + 1))
    targets.push_back(body.substr(at + 6, body.find('"', at + 6) - at - 6));
  const std::string bare = "weaviate://localhost/5e1f0c00-7a3b-4d2e-9c11-000000000012";
  const std::string author = "weaviate://localhost/Author/5e1f0c00-7a3b-4d2e-9c11-000000000012";
  EXPECT_EQ(targets, (std::vector<std::string>{author, bare, bare, author}));
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
