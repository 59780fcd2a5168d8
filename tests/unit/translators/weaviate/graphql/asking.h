// GraphQL requests asked of the operations, with replies that are told as text.
#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "test_api.h"

namespace vecgate::translators::weaviate {

struct Asked {
  std::vector<std::string> calls;  // requests as text
  std::vector<size_t> steps;       // how many calls were made at a time
  uint32_t status = 0;
  std::string body;
};

// `replies`: as text, in the order of the calls; "!text" is a failure.
inline Asked Ask(std::string body, const std::vector<std::string>& replies = {}, size_t route = 0) {
  google::protobuf::Arena arena;
  runtime::Translation translation(TestApi(), *TestApi().routes()[route], &arena);
  const size_t size = body.size();
  body.append(runtime::kBodyPadding, ' ');
  Asked asked;
  runtime::Step* step = &translation.Begin({{}, {}, std::string_view(body).substr(0, size)}, std::chrono::steady_clock::now());
  while (step->kind == runtime::Step::Kind::kCall) {
    asked.steps.push_back(step->calls.size());
    runtime::CallOutcomes outcomes;
    for (const runtime::UpstreamCall& call : step->calls) {
      runtime::CallOutcome& outcome = outcomes.emplace_back();
      const std::string reply = asked.calls.size() < replies.size() ? replies[asked.calls.size()] : "";
      asked.calls.push_back(call.request->ShortDebugString());
      if (reply.starts_with("!")) {
        outcome.code = 2;
        outcome.message = reply.substr(1);
      } else {
        EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(reply, call.response)) << reply;
      }
    }
    step = &translation.Resume(std::move(outcomes));
  }
  asked.status = step->reply.status;
  asked.body = std::string(step->reply.body.view());
  return asked;
}

inline std::string Query(std::string_view text) {
  std::string body = "{\"query\":\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') body += '\\';
    body += c;
  }
  return body + "\"}";
}

// The answer's errors: "1:5 message" of those that refuse the document, "1:5 Get.A message" of those of a field.
inline std::vector<std::string> ErrorsOf(const std::string& body) {
  rapidjson::Document answer;
  answer.Parse(body.c_str());
  EXPECT_FALSE(answer.HasParseError()) << body;
  std::vector<std::string> errors;
  if (answer.HasParseError() || !answer.HasMember("errors")) return errors;
  for (const auto& error : answer["errors"].GetArray()) {
    std::string& text = errors.emplace_back();
    if (error["locations"].IsArray())
      for (const auto& location : error["locations"].GetArray())
        text += std::to_string(location["line"].GetUint()) + ":" + std::to_string(location["column"].GetUint()) + " ";
    if (error["path"].IsArray()) {
      for (const auto& key : error["path"].GetArray()) text.append(text.ends_with(' ') ? "" : ".").append(key.GetString());
      text += ' ';
    }
    text += error["message"].GetString();
  }
  return errors;
}

inline std::vector<std::string> ErrorsOfQuery(std::string_view query, const std::vector<std::string>& replies = {}) {
  return ErrorsOf(Ask(Query(query), replies).body);
}

}  // namespace vecgate::translators::weaviate
