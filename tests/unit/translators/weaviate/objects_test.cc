// Single objects. Requests and replies as recorded from the server.
#include "harness.h"
#include "weaviate/operations.h"

namespace vecgate::translators::weaviate {
namespace {

constexpr std::string_view kId = "5e1f0c00-7a3b-4d2e-9c11-000000000001";
const std::string kFilter =
    R"(filters { operator: OPERATOR_EQUAL value_text: "5e1f0c00-7a3b-4d2e-9c11-000000000001" target { property: "_id" } } )";
const std::string kTimes = "creation_time_unix: true last_update_time_unix: true";
const std::string kFound =
    R"(results { properties { target_collection: "Publisher" non_ref_props { fields { key: "name" value { text_value: "N" } } )"
    R"(fields { key: "gone" value { null_value: NULL_VALUE } } } } metadata { id: "5e1f0c00-7a3b-4d2e-9c11-000000000001" )"
    R"(creation_time_unix: 5 last_update_time_unix: 6 vector_bytes: "\000\000\200?" } })";

// The harness owns what it hands out, so it is set up in place.
#define PLACE(harness, make, method, collection, id)                 \
  Harness harness(make, {}, method);                                 \
  harness.Variable("className", collection).Variable("id", id)

TEST(ObjectGetTest, WithoutSchema) {
  PLACE(harness, MakeObjectGet, "GET", "publisher", "5E1F0C00-7A3B-4D2E-9C11-000000000001");
  harness.Query("include=vector&tenant=hot&consistency_level=ONE&verbose=yes").Begin();
  EXPECT_EQ(harness.call(0), R"(Search collection: "publisher" tenant: "hot" consistency_level: CONSISTENCY_LEVEL_ONE )"
                             R"(metadata { uuid: true vector: true )" + kTimes + " } limit: 1 " + kFilter + "uses_127_api: true");
  harness.Resume({harness.Ok<v1::SearchReply>(kFound)});
  EXPECT_EQ(harness.body(),
            R"({"class":"Publisher","creationTimeUnix":5,"id":"5e1f0c00-7a3b-4d2e-9c11-000000000001","lastUpdateTimeUnix":6,)"
            R"("properties":{"name":"N"},"tenant":"hot","vector":[1],"vectorWeights":null})");
}

TEST(ObjectGetTest, WithSchema) {
  Harness harness(MakeObjectGet, {.rest = true}, "GET");
  harness.Variable("className", "article").Variable("id", kId).Begin();
  EXPECT_EQ(harness.call(0), "GET /v1/schema/Article");
  harness.Resume({Harness::Rest(R"({"class":"Article","properties":[
      {"name":"title","dataType":["text"]},{"name":"cover","dataType":["blob"]},
      {"name":"writtenBy","dataType":["Author"]},{"name":"about","dataType":["Author","Publisher"]}]})")});
  ASSERT_EQ(harness.calls().size(), 2u);
  EXPECT_EQ(harness.call(0),
            R"(Search collection: "article" properties { non_ref_properties: "title" non_ref_properties: "cover" )"
            R"(ref_properties { reference_property: "writtenBy" properties { } metadata { uuid: true } } )"
            R"(ref_properties { reference_property: "about" properties { } metadata { uuid: true } target_collection: "Author" } } )"
            R"(metadata { uuid: true )" + kTimes + " } limit: 1 " + kFilter + "uses_127_api: true");
  EXPECT_EQ(harness.call(1),
            R"(Search collection: "article" properties { ref_properties { reference_property: "about" properties { } )"
            R"(metadata { uuid: true } target_collection: "Publisher" } } metadata { uuid: true } limit: 1 )" + kFilter +
                "uses_127_api: true");
  const std::string id = R"(metadata { id: "5e1f0c00-7a3b-4d2e-9c11-000000000001" })";
  const auto about = [](std::string_view collection, std::string_view target) {
    return R"(ref_props { prop_name: "about" properties { target_collection: ")" + std::string(collection) +
           R"(" metadata { id: ")" + std::string(target) + R"(" } } } )";
  };
  harness.Resume({harness.Ok<v1::SearchReply>("results { properties { target_collection: 'Article' " + about("Author", "a") +
                                              "non_ref_props { fields { key: 'title' value { text_value: 't' } } } } " + id + " }"),
                  harness.Ok<v1::SearchReply>("results { properties { " + about("Publisher", "p") + "} " + id + " }")});
  EXPECT_EQ(harness.body(),
            R"({"class":"Article","creationTimeUnix":0,"id":"5e1f0c00-7a3b-4d2e-9c11-000000000001","lastUpdateTimeUnix":0,)"
            R"("properties":{"about":[{"beacon":"weaviate://localhost/Author/a","href":"/v1/objects/Author/a"},)"
            R"({"beacon":"weaviate://localhost/Publisher/p","href":"/v1/objects/Publisher/p"}],"title":"t"},"vectorWeights":null})");
}

TEST(ObjectGetTest, TargetsThatCannotBeSeenAreLeftOut) {
  for (const int code : {7, 14}) {
    Harness harness(MakeObjectGet, {.rest = true}, "GET");
    harness.Variable("className", "Article").Variable("id", kId).Begin();
    harness.Resume({Harness::Rest(R"({"class":"Article","properties":[{"name":"about","dataType":["Author","Publisher"]}]})")});
    harness.Resume({harness.Ok<v1::SearchReply>(kFound), Harness::Failed("no", code)});
    EXPECT_EQ(harness.status() == 200, code == 7);
  }
}

TEST(ObjectGetTest, SchemaThatCannotBeAskedFor) {
  Harness harness(MakeObjectGet, {.rest = true}, "GET");
  harness.Variable("className", "Author").Variable("id", kId).Begin();
  harness.Resume({Harness::Failed("no", 5)});
  EXPECT_EQ(harness.call(0).find("properties"), std::string::npos);
}

TEST(ObjectGetTest, AllNonReferencesAtOnceWithoutBlobs) {
  Harness harness(MakeObjectGet, {.rest = true}, "GET");
  harness.Variable("className", "Author").Variable("id", kId).Begin();
  harness.Resume({Harness::Rest(
      R"({"class":"Author","properties":[{"name":"name","dataType":["text"]},{"name":"employer","dataType":["Publisher"]}]})")});
  EXPECT_NE(harness.call(0).find(R"(properties { ref_properties { reference_property: "employer" properties { } )"
                                 R"(metadata { uuid: true } } return_all_nonref_properties: true })"),
            std::string::npos);
}

TEST(ObjectGetTest, NamedVectorsInOrder) {
  PLACE(harness, MakeObjectGet, "GET", "Named", kId);
  harness.Query("include=vector").Begin();
  harness.Resume({harness.Ok<v1::SearchReply>(
      R"(results { properties { target_collection: "Named" } metadata { vectors { name: "z" vector_bytes: "\000\000\200?" } )"
      R"(vectors { name: "a" type: VECTOR_TYPE_MULTI_FP32 vector_bytes: "\001\000\000\000\000@\000\000@@" } } })")});
  EXPECT_NE(harness.body().find(R"("vectorWeights":null,"vectors":{"a":[[2],[3]],"z":[1]}})"), std::string::npos);
}

TEST(ObjectGetTest, Refused) {
  const auto answer = [](std::string_view id, std::string_view query) {
    PLACE(harness, MakeObjectGet, "GET", "Publisher", id);
    harness.Query(query).Begin();
    const runtime::Reply* const otherwise = harness.elsewhere();
    if (otherwise != nullptr) return "elsewhere, or " + std::to_string(otherwise->status) + " " + std::string(otherwise->body.view());
    EXPECT_TRUE(harness.done());
    return harness.done() ? std::to_string(harness.status()) + " " + harness.body() : std::string();
  };
  EXPECT_EQ(answer("not-a-uuid", ""), R"(422 {"code":601,"message":"id in path must be of type uuid: \"not-a-uuid\""})");
  EXPECT_EQ(answer(kId, "include=bogus"), R"(400 {"error":[{"message":"unrecognized property 'bogus' in ?include list"}]})");
  EXPECT_EQ(answer(kId, "consistency_level=one"),
            R"(400 {"error":[{"message":"unrecognized consistency level 'one', try one of the following: ['ONE', 'QUORUM', 'ALL']"}]})");
  EXPECT_EQ(answer(kId, "include=vector,"), R"(400 {"error":[{"message":"unrecognized property '' in ?include list"}]})");
  EXPECT_EQ(answer(kId, "include=classification,bogus"), answer(kId, "include=bogus"));
  EXPECT_EQ(answer(kId, "include=classification,vector"),
            R"(elsewhere, or 501 {"error":[{"message":"include=classification is not available through the gRPC upstream"}]})");
  EXPECT_EQ(answer(kId, "node_name=n1"),
            R"(elsewhere, or 501 {"error":[{"message":"node_name is not available through the gRPC upstream"}]})");
  EXPECT_TRUE(answer(kId, "node_name=n1&consistency_level=ONE").starts_with("400 "));
}

TEST(ObjectGetTest, NotFoundHasNoBody) {
  for (const std::string_view method : {"GET", "HEAD"}) {
    PLACE(harness, MakeObjectGet, method, "Publisher", kId);
    harness.Query("tenant=&include=").Begin();
    harness.Resume({harness.Ok<v1::SearchReply>("")});
    EXPECT_EQ(harness.status(), 404u);
    EXPECT_EQ(harness.body() + harness.type(), "");
    PLACE(unknown, MakeObjectGet, method, "Nope", kId);
    unknown.Begin().Resume({Harness::Failed("could not find class Nope in schema")});
    EXPECT_EQ(unknown.status(), 404u);
    EXPECT_EQ(unknown.body(), "");
  }
}

TEST(ObjectGetTest, TenantFaultsInTheRestApisWords) {
  PLACE(harness, MakeObjectGet, "GET", "Tenanted", kId);
  harness.Begin().Resume({Harness::Failed(
      "explorer: list class: search: object search at index tenanted: class Tenanted has multi-tenancy enabled, but request "
      "was without tenant")});
  EXPECT_EQ(harness.status(), 422u);
  EXPECT_EQ(harness.body(),
            R"({"error":[{"message":"repo: object by id: search index tenanted: determine shard: class Tenanted has )"
            R"(multi-tenancy enabled, but request was without tenant"}]})");
}

TEST(ObjectHeadTest, AsksForNothing) {
  PLACE(harness, MakeObjectGet, "HEAD", "Publisher", kId);
  harness.Begin();
  EXPECT_EQ(harness.call(0), R"(Search collection: "Publisher" properties { } metadata { uuid: true } limit: 1 )" + kFilter +
                                 "uses_127_api: true");
  harness.Resume({harness.Ok<v1::SearchReply>(kFound)});
  EXPECT_EQ(harness.status(), 204u);
}

std::string ListCall(std::string_view query) {
  Harness harness(MakeObjectList, {}, "GET");
  harness.Query(query).Begin();
  if (harness.elsewhere() != nullptr) return "elsewhere, or " + std::to_string(harness.elsewhere()->status);
  if (!harness.done()) return harness.call(0);
  return std::to_string(harness.status()) + " " + harness.body();
}

TEST(ObjectListTest, Requests) {
  const std::string metadata = "metadata { uuid: true " + kTimes + " } ";
  EXPECT_EQ(ListCall("class=Publisher"), R"(Search collection: "Publisher" )" + metadata + "uses_127_api: true");
  EXPECT_EQ(ListCall("class=A&limit=2&offset=3&tenant=hot"),
            R"(Search collection: "A" tenant: "hot" )" + metadata + "limit: 2 offset: 3 uses_127_api: true");
  EXPECT_EQ(ListCall("class=A&limit=2&after="),
            R"(Search collection: "A" )" + metadata +
                R"(limit: 2 after: "00000000-0000-0000-0000-000000000000" uses_127_api: true)");
  EXPECT_EQ(ListCall("class=A&sort=a,b,c&order=sideways,desc"),
            R"(Search collection: "A" )" + metadata +
                R"(sort_by { ascending: true path: "a" } sort_by { path: "b" } sort_by { ascending: true path: "c" } uses_127_api: true)");
}

TEST(ObjectListTest, AnsweredHere) {
  EXPECT_EQ(ListCall("class=A&limit=0"), R"(200 {"deprecations":[],"objects":[]})");
  EXPECT_EQ(ListCall("class=A&limit=abc"), R"(422 {"code":601,"message":"limit in query must be of type int64: \"abc\""})");
  EXPECT_EQ(ListCall("class=A&after=x"),
            R"(422 {"error":[{"message":"msg:cursor api: invalid 'after' parameter code:400 err:limit parameter must be set"}]})");
  EXPECT_EQ(ListCall("class=A&after=x&limit=2&offset=1"),
            R"(422 {"error":[{"message":"msg:cursor api: invalid 'after' parameter code:400 err:offset cannot be set with )"
            R"(after and limit parameters"}]})");
  EXPECT_TRUE(ListCall("class=A&limit=-5").starts_with("422 "));
  EXPECT_EQ(ListCall("limit=5"), "elsewhere, or 501");
  EXPECT_EQ(ListCall("class=&limit=5"), "elsewhere, or 501");
  EXPECT_EQ(ListCall("class=A&include=classification"), "elsewhere, or 501");
  EXPECT_TRUE(ListCall("include=bogus").starts_with("400 "));
}

TEST(ObjectListTest, Replies) {
  Harness harness(MakeObjectList, {}, "GET");
  harness.Query("class=Publisher&tenant=hot").Begin();
  harness.Resume({harness.Ok<v1::SearchReply>(kFound)});
  EXPECT_EQ(harness.body(),
            R"({"deprecations":[],"objects":[{"class":"Publisher","creationTimeUnix":5,)"
            R"("id":"5e1f0c00-7a3b-4d2e-9c11-000000000001","lastUpdateTimeUnix":6,"properties":{"name":"N"},"vector":[1],)"
            R"("vectorWeights":null}],"totalResults":1})");
  Harness none(MakeObjectList, {}, "GET");
  none.Query("class=Publisher").Begin();
  none.Resume({none.Ok<v1::SearchReply>("")});
  EXPECT_EQ(none.body(), R"({"deprecations":[],"objects":[]})");
}

TEST(ObjectListTest, FailuresInTheRestApisWords) {
  const auto answer = [](std::string_view message) {
    Harness harness(MakeObjectList, {}, "GET");
    harness.Query("class=Author").Begin();
    harness.Resume({Harness::Failed(message)});
    return std::to_string(harness.status()) + " " + harness.body();
  };
  EXPECT_EQ(answer("could not find class Author in schema"), "404 ");
  EXPECT_EQ(answer("invalid 'sort' parameter: sort parameter at position 0: no such prop"),
            R"(422 {"error":[{"message":"msg:sorting code:400 err:sort parameter at position 0: no such prop"}]})");
  EXPECT_EQ(answer("explorer: list class: search: invalid pagination params: query maximum results exceeded: x"),
            R"(422 {"error":[{"message":"msg:offset or limit code:400 err:query maximum results exceeded: x"}]})");
  // As a server of 1.35.2 answered both.
  EXPECT_EQ(answer("cursor api: invalid 'after' parameter: after parameter 'x' is not a valid uuid: invalid UUID length: 1"),
            R"(422 {"error":[{"message":"msg:cursor api: invalid 'after' parameter code:400 err:after parameter 'x' is not )"
            R"(a valid uuid: invalid UUID length: 1"}]})");
  EXPECT_EQ(answer("explorer: list class: search: object search at index author: tenant not found: \"zzz\""),
            R"(422 {"error":[{"message":"msg:search index author code:422 err:tenant not found: \"zzz\""}]})");
}

TEST(ObjectDeleteTest, AlwaysDone) {
  PLACE(harness, MakeObjectDelete, "DELETE", "Thing", kId);
  harness.Query("tenant=warm&consistency_level=QUORUM").Begin();
  EXPECT_EQ(harness.call(0), R"(BatchDelete collection: "Thing" )" + kFilter +
                                 R"(consistency_level: CONSISTENCY_LEVEL_QUORUM tenant: "warm")");
  harness.Resume({harness.Ok<v1::BatchDeleteReply>("")});
  EXPECT_EQ(harness.status(), 204u);
  EXPECT_EQ(harness.body(), "");
}

TEST(ObjectDeleteTest, UnknownCollection) {
  PLACE(harness, MakeObjectDelete, "DELETE", "Nope", kId);
  harness.Begin().Resume({Harness::Failed("batch delete params: could not find class Nope in schema")});
  EXPECT_EQ(harness.status(), 500u);
  EXPECT_EQ(harness.body(),
            R"({"error":[{"message":"could not delete object from vector repo: delete from non-existing index for Nope"}]})");
}

constexpr std::string_view kObject =
    R"({"class":"thing","id":"5E1F0C00-7a3b-4d2e-9c11-000000000001","properties":{"title":"t","none":null,
        "about":[{"beacon":"weaviate://localhost/Author/5e1f0c00-7a3b-4d2e-9c11-000000000011"},
                 {"beacon":"weaviate://localhost/Publisher/5e1f0c00-7a3b-4d2e-9c11-000000000012"}]},"vector":[1]})";
const std::string kStored =
    R"(results { properties { target_collection: "Thing" non_ref_props { fields { key: "title" value { text_value: "t" } } } } )"
    R"(metadata { id: "5e1f0c00-7a3b-4d2e-9c11-000000000001" creation_time_unix: 7 last_update_time_unix: 8 vector_bytes: "\000\000\200?" } })";

TEST(ObjectCreateTest, LooksWritesAndReadsBack) {
  Harness harness(MakeObjectCreate);
  harness.Body(kObject).Query("consistency_level=ALL").Begin();
  EXPECT_EQ(harness.call(0), R"(Search collection: "thing" properties { } metadata { uuid: true } limit: 1 )" + kFilter +
                                 "uses_127_api: true");
  harness.Resume({harness.Ok<v1::SearchReply>("")});
  EXPECT_TRUE(harness.call(0).starts_with(R"(BatchObjects objects { uuid: "5e1f0c00-7a3b-4d2e-9c11-000000000001" )"));
  EXPECT_TRUE(harness.call(0).ends_with("consistency_level: CONSISTENCY_LEVEL_ALL"));
  harness.Resume({harness.Ok<v1::BatchObjectsReply>("")});
  ASSERT_EQ(harness.calls().size(), 2u);
  EXPECT_EQ(harness.call(0),
            R"(Search collection: "thing" properties { non_ref_properties: "title" ref_properties { reference_property: "about" )"
            R"(properties { } metadata { uuid: true } target_collection: "Author" } } metadata { uuid: true vector: true )" +
                kTimes + " } limit: 1 " + kFilter + "uses_127_api: true");
  EXPECT_EQ(harness.call(1),
            R"(Search collection: "thing" properties { ref_properties { reference_property: "about" properties { } )"
            R"(metadata { uuid: true } target_collection: "Publisher" } } metadata { uuid: true } limit: 1 )" + kFilter +
                "uses_127_api: true");
  harness.Resume({harness.Ok<v1::SearchReply>(kStored), harness.Ok<v1::SearchReply>("")});
  EXPECT_EQ(harness.status(), 200u);
  EXPECT_EQ(harness.body(),
            R"({"class":"Thing","creationTimeUnix":7,"id":"5e1f0c00-7a3b-4d2e-9c11-000000000001","lastUpdateTimeUnix":8,)"
            R"("properties":{"title":"t"},"vector":[1]})");
}

TEST(ObjectCreateTest, TellsTimesAmongThePropertiesWhereTheyAreIndexed) {
  constexpr std::string_view kSchema = R"({"class":"Thing","invertedIndexConfig":{"indexTimestamps":true},"properties":[]})";
  Harness harness(MakeObjectCreate, {.rest = true});
  harness.Body(R"({"class":"thing","id":"5e1f0c00-7a3b-4d2e-9c11-000000000001","properties":{"title":"t"}})").Begin();
  ASSERT_EQ(harness.calls().size(), 2u);
  EXPECT_EQ(harness.call(1), "GET /v1/schema/Thing");
  harness.Resume({harness.Ok<v1::SearchReply>(""), Harness::Rest(kSchema)});
  ASSERT_EQ(harness.calls().size(), 1u);
  harness.Resume({harness.Ok<v1::BatchObjectsReply>("")});
  harness.Resume({harness.Ok<v1::SearchReply>(kStored)});
  EXPECT_EQ(harness.body(),
            R"({"class":"Thing","creationTimeUnix":7,"id":"5e1f0c00-7a3b-4d2e-9c11-000000000001","lastUpdateTimeUnix":8,)"
            R"("properties":{"_creationTimeUnix":7,"_lastUpdateTimeUnix":8,"title":"t"},"vector":[1]})");
}

TEST(ObjectCreateTest, IsThereAlready) {
  Harness harness(MakeObjectCreate);
  harness.Body(kObject).Begin();
  harness.Resume({harness.Ok<v1::SearchReply>(kStored)});
  EXPECT_EQ(harness.status(), 422u);
  EXPECT_EQ(harness.body(), R"({"error":[{"message":"id '5e1f0c00-7a3b-4d2e-9c11-000000000001' already exists"}]})");
}

TEST(ObjectCreateTest, WhatCannotBeReadMayBeWritten) {
  Harness harness(MakeObjectCreate);
  harness.Body(R"({"class":"new","id":"5e1f0c00-7a3b-4d2e-9c11-000000000001","properties":{"n":1}})").Begin();
  harness.Resume({Harness::Failed("could not find class New in schema")});
  ASSERT_FALSE(harness.done());
  harness.Resume({harness.Ok<v1::BatchObjectsReply>("")});
  harness.Resume({Harness::Failed("rbac: authorization, forbidden action", 7)});
  EXPECT_EQ(harness.status(), 200u);
  EXPECT_TRUE(harness.body().starts_with(R"({"class":"New","creationTimeUnix":)"));
  EXPECT_TRUE(harness.body().ends_with(R"("properties":{"n":1}})"));
}

TEST(ObjectCreateTest, DoesNotWriteWhatItCouldNotLookFor) {
  Harness harness(MakeObjectCreate);
  harness.Body(kObject).Begin();
  harness.Resume({Harness::Failed("connection refused", 14)});
  EXPECT_TRUE(harness.done());
}

TEST(ObjectCreateTest, MadeUpIdsAreNotLookedFor) {
  Harness harness(MakeObjectCreate);
  harness.Body(R"({"class":"Thing"})").Begin();
  EXPECT_TRUE(harness.call(0).starts_with("BatchObjects "));
}

TEST(ObjectCreateTest, RefusedObjects) {
  const auto answer = [](std::string_view error) {
    Harness harness(MakeObjectCreate);
    harness.Body(R"({"class":"Tenanted"})").Begin();
    auto reply = harness.Ok<v1::BatchObjectsReply>("");
    v1::BatchObjectsReply with_error;
    with_error.add_errors()->set_error(std::string(error));
    reply.reply = &with_error;
    harness.Resume({reply});
    return std::to_string(harness.status()) + " " + harness.body();
  };
  EXPECT_EQ(answer("invalid boolean property 'sold' on class 'Thing': not a bool, but string"),
            R"(422 {"error":[{"message":"invalid object: invalid boolean property 'sold' on class 'Thing': not a bool, but string"}]})");
  EXPECT_EQ(answer("invalid integer property 'pages' on class 'Thing': requires an integer, the given value is '1.5'"),
            R"(422 {"error":[{"message":"invalid object: invalid integer property 'pages' on class 'Thing': the JSON number )"
            R"('1.5' could not be converted to an int"}]})");
  EXPECT_EQ(answer("auto-schema: create collection: 'My-class!' is not a valid class name"),
            R"(500 {"error":[{"message":"invalid object: auto-schema: create collection: 'My-class!' is not a valid class name"}]})");
  EXPECT_EQ(answer("class Tenanted has multi-tenancy enabled, but request was without tenant"),
            R"(422 {"error":[{"message":"determine shard: class Tenanted has multi-tenancy enabled, but request was without tenant"}]})");
  EXPECT_EQ(answer("tenant not found: \"zzz\""),
            R"(422 {"error":[{"message":"put object: import into index tenanted: determine shard: tenant not found: \"zzz\""}]})");
  EXPECT_TRUE(answer("Validate vector index for x: new node has a vector with length 2").starts_with("500 "));
  EXPECT_TRUE(answer("rbac: authorization, forbidden action: user 'reader'").starts_with("403 "));
}

TEST(ObjectCreateTest, PropertiesAreAnObject) {
  Harness harness(MakeObjectCreate);
  harness.Body(R"({"class":"Thing","properties":["x",1.50]})").Begin();
  ASSERT_TRUE(harness.done());
  EXPECT_EQ(std::to_string(harness.status()) + " " + harness.body(),
            R"(422 {"error":[{"message":"invalid object: could not recognize object's properties: [x 1.50]"}]})");
}

TEST(ObjectCreateTest, RefusedBodies) {
  const auto answer = [](std::string_view body) {
    Harness harness(MakeObjectCreate);
    harness.Body(body).Begin();
    return harness.done() ? std::to_string(harness.status()) + " " + harness.body() : "called";
  };
  EXPECT_EQ(answer("null"), R"(422 {"error":[{"message":"invalid object: the given class is empty"}]})");
  EXPECT_EQ(answer(""), R"(422 {"code":602,"message":"body in body is required"})");
  EXPECT_EQ(answer("[]"), R"(400 {"code":400,"message":"parsing body body from \"\" failed, because json: cannot unmarshal )"
                          R"(array into Go value of type models.Object"})");
  EXPECT_EQ(answer("{bad"), R"(400 {"code":400,"message":"parsing body body from \"\" failed, because invalid character 'b' )"
                            R"(looking for beginning of object key string"})");
}

TEST(ObjectReplaceTest, MustBeThere) {
  PLACE(harness, MakeObjectReplace, "PUT", "Thing", kId);
  harness.Body(kObject).Begin();
  harness.Resume({harness.Ok<v1::SearchReply>("")});
  EXPECT_EQ(harness.status(), 404u);
  EXPECT_EQ(harness.body(), "");
}

TEST(ObjectReplaceTest, Writes) {
  PLACE(harness, MakeObjectReplace, "PUT", "Thing", kId);
  harness.Body(R"({"class":"Thing","id":"5e1f0c00-7a3b-4d2e-9c11-000000000001","properties":{"title":"t"},"vector":[1]})").Begin();
  harness.Resume({harness.Ok<v1::SearchReply>(kStored)});
  EXPECT_TRUE(harness.call(0).starts_with("BatchObjects "));
  harness.Resume({harness.Ok<v1::BatchObjectsReply>("")});
  harness.Resume({harness.Ok<v1::SearchReply>(kStored)});
  EXPECT_EQ(harness.body(),
            R"({"class":"Thing","creationTimeUnix":7,"id":"5e1f0c00-7a3b-4d2e-9c11-000000000001","lastUpdateTimeUnix":8,)"
            R"("properties":{"title":"t"},"vector":[1]})");
}

TEST(ObjectReplaceTest, IdsDoNotChange) {
  PLACE(harness, MakeObjectReplace, "PUT", "Thing", kId);
  harness.Body(R"({"class":"Thing","id":"5e1f0c00-7a3b-4d2e-9c11-000000000002"})").Begin();
  EXPECT_EQ(harness.status(), 422u);
}

class ReferenceAppendTest : public testing::Test {
 protected:
  ReferenceAppendTest() : harness_(MakeReferenceAppend) {
    harness_.Variable("className", "Thing").Variable("id", kId).Variable("propertyName", "writtenBy");
    harness_.Body(R"({"beacon":"weaviate://localhost/Author/5e1f0c00-7a3b-4d2e-9c11-000000000012"})");
  }
  Harness harness_;
};

TEST_F(ReferenceAppendTest, LooksFirst) {
  harness_.Begin();
  ASSERT_EQ(harness_.calls().size(), 2u);
  harness_.Resume({harness_.Ok<v1::SearchReply>(kStored), harness_.Ok<v1::SearchReply>(kStored)});
  EXPECT_EQ(harness_.call(0),
            R"(BatchReferences references { name: "writtenBy" from_collection: "Thing" )"
            R"(from_uuid: "5e1f0c00-7a3b-4d2e-9c11-000000000001" to_collection: "Author" )"
            R"(to_uuid: "5e1f0c00-7a3b-4d2e-9c11-000000000012" })");
  harness_.Resume({harness_.Ok<v1::BatchReferencesReply>("")});
  EXPECT_EQ(harness_.status(), 200u);
  EXPECT_EQ(harness_.body() + harness_.type(), "");
}

TEST_F(ReferenceAppendTest, TargetIsMissing) {
  harness_.Begin().Resume({harness_.Ok<v1::SearchReply>(kStored), harness_.Ok<v1::SearchReply>("")});
  EXPECT_EQ(harness_.status(), 422u);
  EXPECT_EQ(harness_.body(),
            R"({"error":[{"message":"msg:validate existence code:400 err:validate reference: no object with id )"
            R"(5e1f0c00-7a3b-4d2e-9c11-000000000012 found"}]})");
}

TEST_F(ReferenceAppendTest, SourceIsMissing) {
  harness_.Begin().Resume({harness_.Ok<v1::SearchReply>(""), harness_.Ok<v1::SearchReply>(kStored)});
  EXPECT_EQ(harness_.status(), 404u);
  EXPECT_EQ(harness_.body(), "");
}

TEST_F(ReferenceAppendTest, PropertyIsMissing) {
  harness_.Begin().Resume({Harness::Failed("no such prop with name 'writtenBy' found in class 'Thing' in the schema."),
                           harness_.Ok<v1::SearchReply>(kStored)});
  EXPECT_EQ(harness_.status(), 422u);
  EXPECT_EQ(harness_.body(),
            R"({"error":[{"message":"msg:validate inputs code:400 err:no such prop with name 'writtenBy' found in class )"
            R"('Thing' in the schema."}]})");
}

TEST_F(ReferenceAppendTest, FailuresOfTheWrite) {
  harness_.Begin().Resume({Harness::Failed("?"), Harness::Failed("?")});
  harness_.Resume({harness_.Ok<v1::BatchReferencesReply>(R"(errors { error: "ref batch: prop writtenBy is present, but not a ref, got: string" })")});
  EXPECT_EQ(harness_.status(), 422u);
  EXPECT_EQ(harness_.body(),
            R"({"error":[{"message":"msg:validate inputs code:400 err:property 'writtenBy' is not a reference-type"}]})");
}

TEST_F(ReferenceAppendTest, BeaconMustBeAUri) {
  harness_.Body(R"({"beacon":"nonsense"})").Begin();
  EXPECT_EQ(harness_.status(), 422u);
  EXPECT_EQ(harness_.body(), R"({"code":601,"message":"beacon in body must be of type uri: \"nonsense\""})");
}

TEST_F(ReferenceAppendTest, BeaconMustNameAnObjectHere) {
  harness_.Body(R"({"beacon":"weaviate://localhost/Author/nope"})").Begin();
  EXPECT_EQ(harness_.body(), R"({"error":[{"message":"msg:validate inputs code:400 err:invalid reference: invalid cref URI: )"
                             R"(2nd path segment must be uuid, but got 'nope'"}]})");
  harness_.Body(R"({"beacon":"weaviate://remote/Author/5e1f0c00-7a3b-4d2e-9c11-000000000011"})").Begin();
  EXPECT_EQ(harness_.body(), R"({"error":[{"message":"msg:validate inputs code:400 err:unrecognized cross-ref ref format"}]})");
}

}  // namespace
}  // namespace vecgate::translators::weaviate
