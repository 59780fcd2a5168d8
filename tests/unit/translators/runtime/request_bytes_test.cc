#include "runtime/request_bytes.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "parsed_body.h"
#include "qdrant/points.pb.h"
#include "qdrant/points.translate.h"
#include "support/as_sent.h"

namespace vecgate::runtime {
namespace {

using google::protobuf::util::MessageDifferencer;

std::string BytesOf(const google::protobuf::Message& message) {
  std::string bytes(message.ByteSizeLong(), '\0');
  WriteRequest(message, bytes.size(), bytes.data());
  return bytes;
}

TEST(RequestBytesTest, EveryMapOnTheWayDownIsSetRight) {
  const ParsedBody parsed(
      R"({"operations":[{"upsert":{"points":[
           {"id":1,"vector":[0.5],"payload":{"a":1,"b":[1,2,3],"c":{"d":"e"}}},
           {"id":2,"vector":[0.5]},
           {"id":3,"vector":[0.5],"payload":{"f":null,"g":1.5}}]}},
         {"set_payload":{"payload":{"h":true,"i":[]},"points":[1]}}]})",
      Source::kFast);
  JsonReader reader(false, kTestTexts);
  qdrant::UpdateBatchPoints request;
  ASSERT_TRUE(translators::qdrant::ReadUpdateBatchPoints(reader, parsed.root(), &request)) << reader.error_text();
  const std::string bytes = BytesOf(request);
  EXPECT_EQ(bytes.size(), request.ByteSizeLong());

  qdrant::UpdateBatchPoints sent;
  ASSERT_TRUE(sent.ParseFromString(bytes));
  ASSERT_EQ(sent.operations_size(), 2);
  const auto& points = sent.operations(0).upsert().points();
  ASSERT_EQ(points.size(), 3);
  EXPECT_EQ(points[0].payload().size(), 3u);
  EXPECT_EQ(points[0].payload().at("b").list_value().values_size(), 3);
  EXPECT_EQ(points[0].payload().at("c").struct_value().fields().at("d").string_value(), "e");
  EXPECT_EQ(points[1].payload().size(), 0u);
  EXPECT_EQ(points[2].payload().at("g").double_value(), 1.5);
  EXPECT_EQ(sent.operations(1).set_payload().payload().size(), 2u);
  EXPECT_TRUE(sent.operations(1).set_payload().payload().at("h").bool_value());
}

TEST(RequestBytesTest, OrdinaryMessagesAreTheirOrdinaryBytes) {
  qdrant::UpsertPoints request;
  request.set_collection_name("c");
  for (int i = 0; i < 3; ++i) {
    qdrant::PointStruct* point = request.add_points();
    point->mutable_id()->set_num(static_cast<uint64_t>(i));
    (*point->mutable_payload())["a"].mutable_list_value()->add_values()->set_string_value(std::string(200, 'x'));
    (*(*point->mutable_payload())["b"].mutable_struct_value()->mutable_fields())["c"].set_integer_value(i);
    (*point->mutable_payload())[""];  // a value without a kind
  }
  qdrant::UpsertPoints sent;
  ASSERT_TRUE(sent.ParseFromString(BytesOf(request)));
  EXPECT_TRUE(MessageDifferencer::Equals(sent, request));
  EXPECT_EQ(BytesOf(sent), sent.SerializeAsString());
  EXPECT_EQ(BytesOf(qdrant::UpsertPoints()), "");
}

// Requests are sent again: retries, hedged reads.
TEST(RequestBytesTest, TheMessageStaysAsItWas) {
  const ParsedBody parsed(R"({"points":[{"id":1,"vector":[1],"payload":{"a":1,"b":2}}]})", Source::kFast);
  JsonReader reader(false, kTestTexts);
  qdrant::UpsertPoints request;
  ASSERT_TRUE(translators::qdrant::ReadUpsertPoints(reader, parsed.root(), &request));
  const std::string first = BytesOf(request);
  EXPECT_EQ(BytesOf(request), first);
  EXPECT_EQ(BytesOf(qdrant::UpsertPoints(request)), first);
}

}  // namespace
}  // namespace vecgate::runtime
