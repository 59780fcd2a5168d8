#include "translators.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "qdrant/api.h"
#include "runtime/json_value.h"
#include "support/as_sent.h"

namespace vecgate::property {
namespace pb = google::protobuf;

using runtime::ShapeEntry;

Translators::Translators() {
  std::string error;
  codegen::Complaints complaints;
  schema_ = codegen::Schema::Load(VECGATE_DESCRIPTORS, "qdrant", &error);
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(VECGATE_RULES)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths)
    if (auto source = codegen::RuleSource::Load(path, &complaints)) sources_.push_back(std::move(source));
  if (schema_ != nullptr) plan_ = codegen::MakePlan(*schema_, sources_, &complaints);
  if (plan_ == nullptr || !complaints.empty()) {
    std::cerr << error;
    for (const std::string& line : complaints.Sorted()) std::cerr << line << "\n";
    std::abort();
  }
  for (const auto& shape : plan_->shapes) by_name_[shape->name] = shape.get();
}

const Translators& Translators::Get() {
  static const Translators& translators = *new Translators;
  return translators;
}

std::span<const ShapeEntry> Translators::shapes() const { return translators::qdrant::Shapes(); }

ReadOutcome Read(const ShapeEntry& shape, std::string_view json, pb::Message* message) {
  const auto& api = translators::qdrant::ApiSpec();
  std::string padded(json);
  padded.append(runtime::kBodyPadding, ' ');
  const std::string_view body = std::string_view(padded).substr(0, json.size());
  static auto& document = *new runtime::JsonDocument(api.max_depth);
  ReadOutcome outcome;
  runtime::SyntaxError error;
  message->Clear();
  if (!document.ParseExact(body, &error)) {
    outcome.fault = error.text;
    EXPECT_FALSE(document.ParseFast(body)) << "the sources do not agree about " << json;
    return outcome;
  }
  runtime::JsonReader exact(true, api.texts);
  outcome.read = shape.read(exact, document.root(), message);
  EXPECT_TRUE(TakeAsSent(message)) << json;
  outcome.refused = exact.refused() != 0;
  if (!outcome.read) outcome.fault = exact.error_text() + " at " + exact.error_path();
  outcome.violations = exact.violations();

  if (!document.ParseFast(body)) return outcome;
  runtime::JsonReader fast(false, api.texts);
  std::unique_ptr<pb::Message> other(message->New());
  const bool read = shape.read(fast, document.root(), other.get());
  EXPECT_TRUE(TakeAsSent(other.get())) << json;
  EXPECT_EQ(read, outcome.read) << "the sources do not agree about " << json;
  EXPECT_EQ(fast.invalid(), exact.invalid()) << "the sources do not agree about " << json;
  if (read && outcome.read) {
    EXPECT_EQ(Difference(*message, *other), "") << "the sources do not agree about " << json;
  }
  return outcome;
}

std::string Print(const ShapeEntry& shape, const pb::Message& message) {
  runtime::OutputBuffer buffer;
  runtime::JsonWriter writer(buffer);
  writer.set_flags(~runtime::Flags{0});
  shape.write(message, writer);
  return std::string(buffer.view());
}

std::string Difference(const pb::Message& expected, const pb::Message& actual) {
  pb::util::MessageDifferencer differencer;
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  if (differencer.Compare(expected, actual)) return {};
  return difference.empty() ? "they differ" : difference;
}

uint64_t SeedCount(uint64_t otherwise) {
  const char* given = std::getenv("VECGATE_SEEDS");
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

}  // namespace vecgate::property
