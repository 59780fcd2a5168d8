#include "samples.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "qdrant/points.translate.h"
#include "runtime/json_reader.h"
#include "runtime/json_value.h"
#include "runtime/json_writer.h"
#include "runtime/route.h"
#include "support/as_sent.h"

namespace vecgate::bench {
namespace {

constexpr size_t kMaxDepth = 127;

void FillVector(std::mt19937& random, int length, qdrant::PointStruct* point) {
  std::normal_distribution<float> normal;
  auto* data = point->mutable_vectors()->mutable_vector()->mutable_dense()->mutable_data();
  for (int i = 0; i < length; ++i) data->Add(normal(random) * 0.05f);
}

void FillNested(std::mt19937& random, int depth, qdrant::Value* value) {
  if (depth == 0) {
    value->set_double_value(std::uniform_real_distribution<double>(-180, 180)(random));
    return;
  }
  auto& fields = *value->mutable_struct_value()->mutable_fields();
  fields["kind"].set_string_value("nested object of some depth");
  FillNested(random, depth - 1, &fields["inner"]);
}

void FillPayload(std::mt19937& random, int depth, qdrant::PointStruct* point) {
  auto& payload = *point->mutable_payload();
  std::uniform_int_distribution<int64_t> whole(-1'000'000'000, 1'000'000'000);
  std::uniform_real_distribution<double> real(-180, 180);
  for (int i = 0; i < 10; ++i) {
    const std::string number = std::to_string(i);
    payload["title_" + number].set_string_value("A title of usual length, with \"quotes\" and umlauts: \xC3\xA4\xC3\xB6\xC3\xBC");
    payload["count_" + number].set_integer_value(whole(random));
    payload["score_" + number].set_double_value(real(random));
    auto* tags = payload["tags_" + number].mutable_list_value();
    for (int tag = 0; tag < 4; ++tag) tags->add_values()->set_string_value("tag-" + std::to_string(tag));
    if (i % 2 == 0) {
      payload["flag_" + number].set_bool_value(i % 4 == 0);
    } else {
      FillNested(random, depth, &payload["place_" + number]);
    }
  }
}

}  // namespace

Body::Body(std::string json) : size_(json.size()), bytes_(std::move(json)) {
  bytes_.resize(size_ + runtime::kBodyPadding);
}

qdrant::UpsertPoints Vectors(int count, int length) {
  std::mt19937 random(1);
  qdrant::UpsertPoints points;
  for (int i = 0; i < count; ++i) {
    qdrant::PointStruct* point = points.add_points();
    point->mutable_id()->set_num(static_cast<uint64_t>(i));
    FillVector(random, length, point);
    (*point->mutable_payload())["city"].set_string_value("Berlin");
  }
  return points;
}

qdrant::UpsertPoints Payloads(int count, int depth) {
  std::mt19937 random(2);
  qdrant::UpsertPoints points;
  for (int i = 0; i < count; ++i) {
    qdrant::PointStruct* point = points.add_points();
    point->mutable_id()->set_num(static_cast<uint64_t>(i));
    FillVector(random, 4, point);
    FillPayload(random, depth, point);
  }
  return points;
}

Body JsonOf(const qdrant::UpsertPoints& points) {
  runtime::OutputBuffer out;
  runtime::JsonWriter writer(out);
  translators::qdrant::WriteUpsertPoints(points, writer);
  Body body{std::string(out.view())};
  runtime::JsonDocument document(kMaxDepth);
  Require(document.ParseFast(body.view()), "the body parses");
  const runtime::LocalTexts texts{};
  runtime::JsonReader reader(false, texts);
  qdrant::UpsertPoints read;
  Require(translators::qdrant::ReadUpsertPoints(reader, document.root(), &read), "the body reads");
  Require(TakeAsSent(&read), "what was read can be sent");
  Require(google::protobuf::util::MessageDifferencer::Equals(points, read), "what was printed reads back");
  return body;
}

std::string ProtobufJsonOf(const google::protobuf::Message& message) {
  std::string json;
  Require(google::protobuf::util::MessageToJsonString(message, &json).ok(), "protobuf prints");
  return json;
}

void Require(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "wrong answer: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

}  // namespace vecgate::bench
