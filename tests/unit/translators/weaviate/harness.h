// Runs one operation with calls that are answered by the test.
#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <weaviate/v1/aggregate.pb.h>
#include <weaviate/v1/batch.pb.h>
#include <weaviate/v1/batch_delete.pb.h>
#include <weaviate/v1/search_get.pb.h>
#include <weaviate/v1/tenants.pb.h>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/json_value.h"
#include "runtime/operation.h"
#include "runtime/params.h"
#include "runtime/route.h"

namespace vecgate::translators::weaviate {

namespace v1 = ::weaviate::v1;

template <class M>
const google::protobuf::Message* Default() {
  return &M::default_instance();
}

inline constexpr runtime::CallSpec kCalls[] = {
    {"/weaviate.v1.Weaviate/Search", Default<v1::SearchRequest>, Default<v1::SearchReply>},
    {"/weaviate.v1.Weaviate/BatchObjects", Default<v1::BatchObjectsRequest>, Default<v1::BatchObjectsReply>},
    {"/weaviate.v1.Weaviate/BatchReferences", Default<v1::BatchReferencesRequest>, Default<v1::BatchReferencesReply>},
    {"/weaviate.v1.Weaviate/BatchDelete", Default<v1::BatchDeleteRequest>, Default<v1::BatchDeleteReply>},
    {"/weaviate.v1.Weaviate/TenantsGet", Default<v1::TenantsGetRequest>, Default<v1::TenantsGetReply>},
    {"/weaviate.v1.Weaviate/Aggregate", Default<v1::AggregateRequest>, Default<v1::AggregateReply>},
};

inline const runtime::ApiSpec kSpec{.name = "weaviate", .version = "1.40", .max_depth = 100,
                                    .json_style = runtime::JsonStyle::kGo};

class Harness {
 public:
  explicit Harness(runtime::MakeOperation make, runtime::UpstreamFacts facts = {}, std::string_view method = "POST")
      : make_(make), api_(kSpec, std::move(facts)) {
    route_.method = method;
    route_.calls = kCalls;
  }

  Harness& Body(std::string_view text) {
    body_ = std::string(text);
    return *this;
  }
  Harness& Query(std::string_view text) {
    query_ = std::string(text);
    return *this;
  }
  Harness& Variable(std::string_view name, std::string_view value) {
    runtime::ParamSpec& spec = specs_.emplace_back();
    spec.name = name;
    runtime::CompiledParam& param = params_.emplace_back();
    param.spec = &spec;
    runtime::ParamValue& one = variables_.emplace_back();
    one.param = &param;
    one.text = std::string(value);
    return *this;
  }

  // Each begins or goes on with the operation; then either calls() or reply() tell what it wants.
  Harness& Begin() {
    padded_ = body_ + std::string(runtime::kBodyPadding, ' ');
    operation_ = make_({api_, route_, &arena_, variables_, {}, query_, std::string_view(padded_).substr(0, body_.size()),
                        std::chrono::steady_clock::now()});
    return Follow(operation_->Begin());
  }
  Harness& Resume(std::vector<runtime::Operation::Outcome> outcomes) { return Follow(operation_->Resume(outcomes)); }

  // Outcomes. Replies in protobuf's text format.
  template <class M>
  runtime::Operation::Outcome Ok(const std::string& text) {
    M* reply = google::protobuf::Arena::CreateMessage<M>(&arena_);
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, reply)) << text;
    return {{}, reply};
  }
  static runtime::Operation::Outcome Failed(std::string_view message, int code = 2) {
    runtime::Operation::Outcome outcome;
    outcome.status.code = code;
    outcome.status.message = std::string(message);
    return outcome;
  }
  static runtime::Operation::Outcome Rest(std::string_view body) {
    runtime::Operation::Outcome outcome;
    outcome.status.body = std::string(body);
    return outcome;
  }

  bool done() const { return std::holds_alternative<runtime::Reply>(next_); }
  // Left to the REST port; what is answered where there is none.
  const runtime::Reply* elsewhere() const {
    const auto* const next = std::get_if<runtime::Operation::Elsewhere>(&next_);
    return next == nullptr ? nullptr : &next->otherwise;
  }
  const std::vector<runtime::Operation::Call>& calls() const {
    return std::get<std::vector<runtime::Operation::Call>>(next_);
  }
  uint32_t status() const { return std::get<runtime::Reply>(next_).status; }
  std::string type() const { return std::string(std::get<runtime::Reply>(next_).content_type); }
  std::string body() const { return std::string(std::get<runtime::Reply>(next_).body.view()); }

  // One line: the method's name and the request.
  std::string call(size_t i) const {
    const runtime::Operation::Call& call = calls().at(i);
    if (call.spec == nullptr) return "GET " + call.rest_path;
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    std::string text;
    printer.PrintToString(*call.request, &text);
    if (!text.empty() && text.back() == ' ') text.pop_back();
    return std::string(call.spec->method.substr(call.spec->method.rfind('/') + 1)) + " " + text;
  }

 private:
  Harness& Follow(runtime::Operation::Next next) {
    next_ = std::move(next);
    return *this;
  }

  const runtime::MakeOperation make_;
  const runtime::Api api_;
  runtime::RouteSpec route_{};
  google::protobuf::Arena arena_;
  std::deque<runtime::ParamSpec> specs_;
  std::deque<runtime::CompiledParam> params_;
  std::vector<runtime::ParamValue> variables_;
  std::string query_, body_, padded_;
  std::unique_ptr<runtime::Operation> operation_;
  runtime::Operation::Next next_;
};

}  // namespace vecgate::translators::weaviate
