// GraphQL requests that were recorded from a real server, beside the same asked over gRPC: the operation makes the same
// calls, and of their replies the same answer.
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <weaviate/v1/aggregate.pb.h>
#include <weaviate/v1/search_get.pb.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "test_api.h"

namespace vecgate::translators::weaviate {
namespace {

using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using Json = rapidjson::Value;

// Cases whose answer is not the recorded one, and why.
const std::map<std::string, std::string>& OtherAnswers() {
  static const std::map<std::string, std::string> cases = {
#include "other_answers.inc"
  };
  return cases;
}
// Cases whose calls are made in another form that the server answers alike.
const std::map<std::string, std::string>& OtherCalls() {
  static const std::map<std::string, std::string> cases = {
#include "other_calls.inc"
  };
  return cases;
}

std::string Decoded(std::string_view base64) {
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : base64) {
    const auto at = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").find(c);
    if (at == std::string_view::npos) break;
    bits = bits << 6 | static_cast<uint32_t>(at);
    if ((count += 6) >= 8) bytes.push_back(static_cast<char>(bits >> (count -= 8) & 0xFF));
  }
  return bytes;
}

std::string Printed(const Json& json) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer writer(buffer);
  json.Accept(writer);
  return buffer.GetString();
}

// What may differ between two tellings of the same: the names an unknown one is compared with, the order of terms.
void Normalise(Json* json, rapidjson::Document::AllocatorType& allocator) {
  if (json->IsArray())
    for (Json& element : json->GetArray()) Normalise(&element, allocator);
  if (!json->IsObject()) return;
  for (auto& member : json->GetObject()) {
    const std::string_view name = member.name.GetString();
    if (name == "explainScore") member.value.SetNull();
    if (name == "message" && member.value.IsString()) {
      const std::string text = member.value.GetString();
      member.value.SetString(text.substr(0, text.find(" Did you mean")).c_str(), allocator);
    }
    Normalise(&member.value, allocator);
  }
}

struct Recorded {
  std::string method;
  std::string request;
  const Json* call;
  bool made = false;
};

struct Result {
  std::string missing;  // calls that were made and not recorded, or the other way round
  uint32_t status = 0;
  std::string body;
};

// Plays the recorded server.
Result Play(const Json& record, std::string_view path, std::string body) {
  std::vector<Recorded> recorded;
  if (record["grpc"].IsArray())
    for (const Json& call : record["grpc"].GetArray())
      recorded.push_back({call["method"].GetString(), Decoded(call["request_b64"].GetString()), &call});
  google::protobuf::Arena arena;
  const runtime::CompiledRoute& route = *TestApi().routes()[path == "/v1/graphql" ? 0 : 1];
  runtime::Translation translation(TestApi(), route, &arena);
  const size_t size = body.size();
  body.append(runtime::kBodyPadding, ' ');
  Result result;
  runtime::Step* step = &translation.Begin({{}, {}, std::string_view(body).substr(0, size)}, std::chrono::steady_clock::now());
  while (step->kind == runtime::Step::Kind::kCall) {
    runtime::CallOutcomes outcomes;
    for (const runtime::UpstreamCall& call : step->calls) {
      runtime::CallOutcome& outcome = outcomes.emplace_back();
      const auto found = std::find_if(recorded.begin(), recorded.end(), [&](const Recorded& one) {
        if (one.made || one.method != call.spec->method) return false;
        const std::unique_ptr<Message> request(call.request->New());
        return request->ParseFromString(one.request) && MessageDifferencer::Equivalent(*request, *call.request);
      });
      Recorded* answer = found == recorded.end() ? nullptr : &*found;
      if (answer == nullptr) {
        result.missing += "made: " + call.request->ShortDebugString() + "\n";
        // The next of the method answers in its place.
        for (Recorded& one : recorded)
          if (answer == nullptr && !one.made && one.method == call.spec->method) answer = &one;
      }
      if (answer == nullptr) {
        outcome.code = 2;
        outcome.message = "nothing recorded";
        continue;
      }
      answer->made = true;
      const Json& told = *answer->call;
      if (told.HasMember("error")) {
        outcome.code = std::string_view(told["error"]["code"].GetString()) == "UNKNOWN" ? 2 : 13;
        outcome.message = told["error"]["message"].GetString();
      } else {
        EXPECT_TRUE(call.response->ParseFromString(Decoded(told["reply_b64"].GetString())));
      }
    }
    step = &translation.Resume(std::move(outcomes));
  }
  for (const Recorded& one : recorded)
    if (!one.made) result.missing += "not made: " + Printed((*one.call)["request"]) + "\n";
  result.status = step->reply.status;
  result.body = std::string(step->reply.body.view());
  return result;
}

class GraphQlCorpusTest : public testing::TestWithParam<const char*> {};

TEST_P(GraphQlCorpusTest, AnswersAsRecorded) {
  std::ifstream file(std::string(VECGATE_CORPUS) + "/" + GetParam() + ".jsonl");
  ASSERT_TRUE(file);
  int played = 0;
  for (std::string line; std::getline(file, line);) {
    rapidjson::Document record;
    record.Parse(line.c_str());
    ASSERT_FALSE(record.HasParseError());
    const std::string name = record["name"].GetString();
    const Json& rest = record["rest"];
    const std::string path = rest["path"].GetString();
    if (!path.starts_with("/v1/graphql") || rest.HasMember("headers")) continue;
    SCOPED_TRACE(name);
    ++played;
    const Result result = Play(record, path, rest.HasMember("body_text") ? rest["body_text"].GetString() : Printed(rest["body"]));
    // Nothing was recorded to answer these calls: natively the schema tells what is wrong.
    if (record["grpc"].IsNull() && !result.missing.empty()) continue;
    const bool same_calls = result.missing.empty();
    if (OtherCalls().contains(name)) EXPECT_FALSE(same_calls) << "made as recorded";
    else EXPECT_TRUE(same_calls) << result.missing;
    rapidjson::Document answer;
    answer.Parse(result.body.c_str());
    ASSERT_FALSE(answer.HasParseError()) << result.body;
    Json wanted(record["rest_reply"]["body"], record.GetAllocator());
    Normalise(&answer, answer.GetAllocator());
    Normalise(&wanted, record.GetAllocator());
    const bool same = answer == wanted && result.status == record["rest_reply"]["status"].GetUint();
    if (OtherAnswers().contains(name)) EXPECT_FALSE(same) << "answered as recorded";
    else EXPECT_TRUE(same) << result.status << " " << Printed(answer) << "\nrecorded " << Printed(wanted);
  }
  EXPECT_GT(played, 20);
}

INSTANTIATE_TEST_SUITE_P(Recorded, GraphQlCorpusTest,
                         testing::Values("graphql_get", "graphql_search", "graphql_where", "graphql_errors", "aggregate"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace vecgate::translators::weaviate
