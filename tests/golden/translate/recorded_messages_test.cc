// Every recorded gRPC request and reply, both ways: message -> JSON -> message gives the message back, and the JSON of
// that is the same text. The messages are the real server's and the official client's, so nothing here was made by us.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "qdrant/api.h"
#include "runtime/json_value.h"
#include "support/as_sent.h"

namespace vecgate {
namespace {

namespace pb = google::protobuf;
using runtime::ShapeEntry;

using Shapes = std::map<const pb::Descriptor*, const ShapeEntry*>;

Shapes DefaultShapes() {
  Shapes shapes;
  for (const ShapeEntry& shape : translators::qdrant::Shapes())
    if (shape.is_default) shapes[shape.prototype()->GetDescriptor()] = &shape;
  return shapes;
}

// Recorded requests that are no message of the API: the server refused them, and so do the readers.
const std::set<std::string>& Refused() {
  static const auto& names = *new std::set<std::string>{
      "idx/err-no-schema",          // no type of index, which prints as the zero of the enum
      "idx/err-path",               // no JSON path
      "upd/batch-err-no-points",    // an upsert of nothing
      "pts/err-none",               // an upsert of nothing
      "cluster/key-err-zero-shards" // no shards
  };
  return names;
}

// Fields that say the same in another way once they went through JSON.
bool SaidOtherwise(const pb::Message& message, const pb::FieldDescriptor* field) {
  // Its timestamp is printed as text, which is read as StartFrom.datetime: the same instant for the server.
  if (field->full_name() == "qdrant.OrderBy.start_from")
    return message.GetReflection()->GetMessage(message, field).ByteSizeLong() > 0;
  // The automatic number of threads is printed as null, and null is no setting.
  if (field->full_name() == "qdrant.OptimizersConfigDiff.max_optimization_threads") {
    const pb::Message& threads = message.GetReflection()->GetMessage(message, field);
    return threads.GetReflection()->HasField(threads, field->message_type()->FindFieldByName("setting"));
  }
  // Nothing was measured: no different from no usage at all.
  const std::string& type = field->message_type() == nullptr ? field->name() : field->message_type()->full_name();
  return (type == "qdrant.Usage" || type == "qdrant.InferenceUsage") &&
         message.GetReflection()->GetMessage(message, field).ByteSizeLong() <= 2;
}

// Takes out of `message` what JSON has no place for.
void Prune(pb::Message* message, const Shapes& shapes) {
  const pb::Reflection* reflection = message->GetReflection();
  if (auto shape = shapes.find(message->GetDescriptor()); shape != shapes.end())
    for (std::string_view name : shape->second->left_out)
      reflection->ClearField(message, message->GetDescriptor()->FindFieldByName(std::string(name)));
  std::vector<const pb::FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  for (const pb::FieldDescriptor* field : fields) {
    if (field->message_type() != nullptr && !field->is_repeated() && SaidOtherwise(*message, field)) {
      reflection->ClearField(message, field);
      continue;
    }
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      Prune(reflection->MutableMessage(message, field), shapes);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(*message, field); ++i)
      Prune(reflection->MutableRepeatedMessage(message, field, i), shapes);
  }
}

std::string Print(const ShapeEntry& shape, const pb::Message& message) {
  runtime::OutputBuffer buffer;
  runtime::JsonWriter writer(buffer);
  writer.set_flags(~runtime::Flags{0});  // everything that a request may ask to be shown
  shape.write(message, writer);
  return std::string(buffer.view());
}

struct Recorded {
  std::string name;
  std::unique_ptr<pb::Message> message;
};

std::unique_ptr<pb::Message> Parse(const pb::Message& prototype, const std::string& base64) {
  std::string bytes;
  if (!absl::Base64Unescape(base64, &bytes)) return nullptr;
  std::unique_ptr<pb::Message> message(prototype.New());
  pb::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  pb::io::CodedInputStream input(&stream);
  input.SetRecursionLimit(1000);
  return message->ParseFromCodedStream(&input) ? std::move(message) : nullptr;
}

// gRPC methods as the routes call them.
std::map<std::string, const runtime::CallSpec*> Methods() {
  std::map<std::string, const runtime::CallSpec*> methods;
  for (const runtime::RouteSpec& route : translators::qdrant::ApiSpec().routes)
    for (const runtime::CallSpec& call : route.calls) methods[std::string(call.method)] = &call;
  return methods;
}

std::vector<Recorded> ReadCorpus(bool replies) {
  const auto methods = Methods();
  std::vector<Recorded> all;
  for (const auto& file : std::filesystem::directory_iterator(VECGATE_CORPUS)) {
    if (file.path().extension() != ".jsonl") continue;
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);) {
      rapidjson::Document record;
      record.Parse<rapidjson::kParseFullPrecisionFlag | rapidjson::kParseIterativeFlag>(line.c_str());
      if (record.HasParseError() || !record["grpc"].IsArray()) continue;
      for (const auto& call : record["grpc"].GetArray()) {
        const auto found = methods.find(call["method"].GetString());
        const char* key = replies ? "reply_b64" : "request_b64";
        if (found == methods.end() || !call.HasMember(key) || !call[key].IsString()) continue;
        auto message = Parse(replies ? *found->second->response() : *found->second->request(), call[key].GetString());
        if (message != nullptr && !Refused().contains(record["name"].GetString())) all.push_back({record["name"].GetString(), std::move(message)});
      }
    }
  }
  return all;
}

void RoundTrip(const Recorded& recorded, const Shapes& shapes) {
  SCOPED_TRACE(recorded.name);
  std::unique_ptr<pb::Message> message(recorded.message->New());
  message->CopyFrom(*recorded.message);
  Prune(message.get(), shapes);
  const ShapeEntry& shape = *shapes.at(message->GetDescriptor());
  std::string text = Print(shape, *message);
  std::string padded = text;
  padded.resize(text.size() + runtime::kBodyPadding);
  runtime::JsonDocument document(1000);
  runtime::SyntaxError error;
  ASSERT_TRUE(document.ParseExact({padded.data(), text.size()}, &error)) << error.text << "\n" << text;
  runtime::JsonReader reader(true, translators::qdrant::ApiSpec().texts);
  std::unique_ptr<pb::Message> again(message->New());
  ASSERT_TRUE(shape.read(reader, document.root(), again.get())) << reader.error_text() << " at " << reader.error_path() << "\n"
                                                               << text;
  ASSERT_TRUE(TakeAsSent(again.get()));
  pb::util::MessageDifferencer differencer;
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(*message, *again)) << text << "\n" << difference;
  EXPECT_EQ(Print(shape, *again), text);
}

TEST(RecordedMessagesTest, RequestsSurviveJson) {
  const Shapes shapes = DefaultShapes();
  const std::vector<Recorded> all = ReadCorpus(false);
  EXPECT_GT(all.size(), 900u);
  for (const Recorded& recorded : all) RoundTrip(recorded, shapes);
}

TEST(RecordedMessagesTest, RepliesSurviveJson) {
  const Shapes shapes = DefaultShapes();
  const std::vector<Recorded> all = ReadCorpus(true);
  EXPECT_GT(all.size(), 700u);
  for (const Recorded& recorded : all) RoundTrip(recorded, shapes);
}

}  // namespace
}  // namespace vecgate
