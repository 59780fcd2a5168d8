// Queries as the official clients write them: the Python client 3 (without commas between arguments) and the JavaScript
// client 2.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "asking.h"

namespace vecgate::translators::weaviate {
namespace {

TEST(GraphQlClientsTest, PythonsQueriesAreAsked) {
  for (const std::string_view query : {
           R"({Get{A(limit: 2 ){title writtenBy{... on B{name}}}}})",
           R"({Get{A(limit: 2 offset: 3 nearVector: {vector: [1, 2, 3] distance: 0.3} ){title _additional {distance id vector }}}})",
           R"({Get{A(nearText: {concepts: ["a \"b\" c\n"] certainty: 0.7 moveTo: {force: 0.5 concepts: ["x"] objects: [{id: "5e1f0c00-7a3b-4d2e-9c11-000000000101"} ]} moveAwayFrom: {force: 0.1 concepts: ["y"]} autocorrect: false} ){title}}})",
           R"({Get{A(bm25:{query: "apple", properties: ["title^2","body"]}autocut: 1){title}}})",
           R"({Get{A(limit: 2 hybrid:{query: "apple", vector: [1, 2, 3], alpha: 0.3, properties: ["title"]}){title}}})",
           R"({Get{A(where: {operator: And operands: [{path: ["pages"] operator: GreaterThan valueInt: 3}, {path: ["loc"] operator: WithinGeoRange valueGeoRange: { geoCoordinates: { latitude: 1.5 longitude: 2.5 } distance: { max: 1000 }}}]} sort: [{ path: ["title"] order: desc } { path: ["pages"] order: asc } ]){title}}})",
           R"({Get{A(limit: 1 nearImage: {image: "aGk="} ){title}}})",
           R"({Get{A(limit: 1 ){title _additional {generate(singleResult:{prompt:"say {title}"}groupedResult:{task:"all",properties:["title"]}){error singleResult groupedResult} }}}})",
           R"({Get{A(nearVector: {vector: [1, 2, 3]} groupBy:{path:["sold"], groups:2, objectsPerGroup:3}){title _additional {group{id groupedBy{path value} count maxDistance minDistance hits{title _additional{id distance}}} }}}})",
           R"({Get{A(bm25:{query: "q"}){title _additional {rerank(property:"title" query:"x"){score} }}}})",
           R"({Get{A(consistencyLevel: ONE ){title}}})",
           R"({Aggregate{A(groupBy: ["sold"]limit: 3){groupedBy{path value} price{mean}}}})",
           R"({Aggregate{A(nearVector: {vector: [1, 2, 3] certainty: 0.5} objectLimit: 3){meta{count}}}})",
           R"({Aggregate{A(where: {path: ["pages"] operator: Equal valueInt: 3} tenant: "x"){title{count topOccurrences(limit:2){value occurs}}}}})",
       }) {
    const Asked asked = Ask(Query(query));
    EXPECT_EQ(asked.calls.size(), 1u) << query << "\n" << asked.body;
    EXPECT_EQ(ErrorsOf(asked.body), std::vector<std::string>()) << query;
  }
}

TEST(GraphQlClientsTest, JavaScriptsQueriesAreAsked) {
  for (const std::string_view query : {
           R"({Get{A(where:{operator:Equal,valueText:"x",path:["name"]},nearText:{concepts:["x"],distance:0.2},limit:5){name}}})",
           R"({Get{A(hybrid:{query:"q",alpha:0.5,searches:[{nearText:{concepts:["x"],certainty:0.8}}],fusionType:rankedFusion}){name}}})",
           R"({Get{A(hybrid:{query:"q",targetVectors:["a"],searches:[{nearVector:{vector:[1,2]}}],bm25SearchOperator:{operator:Or,minimumOrTokensMatch:2}}){name}}})",
           R"({Get{A(nearVector:{vectorPerTarget:{a:[1,2],b:[3]},targets:{combinationMethod:sum,targetVectors:["a","b"]}}){name}}})",
           R"({Get{A(sort:[{path:["name"],order:asc}],limit:2,offset:1){name}}})",
           R"({Get{A(nearObject:{id:"5e1f0c00-7a3b-4d2e-9c11-000000000101",certainty:0.7}){name _additional{certainty}}}})",
           R"({Aggregate{A(nearObject:{id:"5e1f0c00-7a3b-4d2e-9c11-000000000101"},objectLimit:10){meta{count}}}})",
       }) {
    const Asked asked = Ask(Query(query));
    EXPECT_EQ(asked.calls.size(), 1u) << query << "\n" << asked.body;
    EXPECT_EQ(ErrorsOf(asked.body), std::vector<std::string>()) << query;
  }
}

}  // namespace
}  // namespace vecgate::translators::weaviate
