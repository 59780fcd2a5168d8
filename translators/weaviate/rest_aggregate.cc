// POST /v1/aggregate/{className}: counts.
#include <weaviate/v1/aggregate.pb.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/go_values.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/search_faults.h"
#include "weaviate/where.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::JsonWriter;
using runtime::Kind;
using ::weaviate::v1::AggregateReply;
using ::weaviate::v1::AggregateRequest;
using GroupedBy = AggregateReply::Group::GroupedBy;

constexpr std::string_view kStruct = "AggregateRequest";

template <class Values, class Print>
void WriteList(const Values& values, JsonWriter& writer, const Print& print) {
  writer.StartArray();
  for (const auto& value : values) print(value);
  writer.EndArray();
}

void WriteGroupValue(const GroupedBy& group, JsonWriter& writer) {
  switch (group.value_case()) {
    case GroupedBy::kText: writer.String(group.text()); return;
    case GroupedBy::kInt: writer.Int64(group.int_()); return;
    case GroupedBy::kBoolean: writer.Bool(group.boolean()); return;
    case GroupedBy::kNumber: writer.Double(group.number()); return;
    case GroupedBy::kTexts:
      WriteList(group.texts().values(), writer, [&](const std::string& text) { writer.String(text); });
      return;
    case GroupedBy::kInts:
      WriteList(group.ints().values(), writer, [&](int64_t number) { writer.Int64(number); });
      return;
    case GroupedBy::kBooleans:
      WriteList(group.booleans().values(), writer, [&](bool flag) { writer.Bool(flag); });
      return;
    case GroupedBy::kNumbers:
      WriteList(group.numbers().values(), writer, [&](double number) { writer.Double(number); });
      return;
    case GroupedBy::kGeo:
      writer.StartObject();
      writer.Key("latitude");
      writer.Float(group.geo().latitude());
      writer.Key("longitude");
      writer.Float(group.geo().longitude());
      writer.EndObject();
      return;
    case GroupedBy::VALUE_NOT_SET: writer.Null(); return;
  }
}

class RestAggregate final : public runtime::Operation {
 public:
  explicit RestAggregate(const runtime::OperationContext& context)
      : context_(context),
        collection_(Variable(context_, "className")),
        request_(NewMessage<AggregateRequest>(context)) {}

  Next Begin() override {
    const auto fault = ReadJsonBody(context_.api, context_.body, [this](JsonReader& reader, const JsonValue& root) {
      request_->Clear();
      body_ = {};
      return ReadBody(reader, root);
    });
    if (fault) return SearchFault(*fault, body_.where_failed);
    if (auto refusal = Check()) return std::move(*refusal);
    request_->set_collection(std::string(collection_));
    request_->set_objects_count(true);
    if (!body_.group_by.empty()) request_->mutable_group_by()->set_property(body_.group_by);
    if (body_.limit) request_->set_limit(static_cast<uint32_t>(std::min<int64_t>(*body_.limit, UINT32_MAX)));
    return std::vector<Call>{CallOf(context_, "Aggregate", request_)};
  }

  Next Resume(std::span<Outcome> outcomes) override {
    const Outcome& outcome = outcomes[0];
    if (outcome.status.code != 0) return SearchFailure(context_, collection_, outcome.status);
    return JsonReply([&](JsonWriter& writer) { Write(ReplyOf<AggregateReply>(outcome), writer); });
  }

 private:
  struct Body {
    std::string group_by;
    std::optional<int64_t> limit;
    std::vector<std::string> metrics;
    std::string reserved;
    bool where_failed = false;
  };

  bool ReadBody(JsonReader& reader, const JsonValue& root) {
    if (root.is_null()) return true;
    if (root.kind() != Kind::kObject) return FailType(reader, root, {{}, "models.AggregateRequest"});
    runtime::MapReader members(reader, root, {});
    while (members.Next())
      if (!members.value().is_null() && !ReadMember(reader, members.key(), members.value())) return false;
    return !reader.failed();
  }

  bool ReadMember(JsonReader& reader, std::string_view key, const JsonValue& value) {
    if (Names(key, "groupBy")) return ReadText(reader, value, kStruct, &body_.group_by);
    if (Names(key, "limit")) return ReadInt(reader, value, kStruct, &body_.limit.emplace());
    if (Names(key, "tenant")) return ReadText(reader, value, kStruct, request_->mutable_tenant());
    if (Names(key, "returnMetrics")) return ReadMetrics(reader, value);
    if (Names(key, "over")) body_.reserved = "over";
    if (Names(key, "objectLimit") && body_.reserved.empty()) body_.reserved = "objectLimit";
    if (!Names(key, "where")) return true;
    body_.where_failed = !ReadWhere(reader, value, WhereForm::kRest, kStruct, request_->mutable_filters());
    return !body_.where_failed;
  }

  bool ReadMetrics(JsonReader& reader, const JsonValue& value) {
    if (value.kind() != Kind::kArray) return FailType(reader, value, {kStruct, "[]string"});
    runtime::ListReader list(reader, value, {});
    while (list.Next())
      if (!ReadText(reader, list.value(), kStruct, &body_.metrics.emplace_back())) return false;
    return !reader.failed();
  }

  std::optional<runtime::Reply> Check() const {
    if (!body_.reserved.empty()) return HandlerError(422, body_.reserved + " is not yet supported");
    for (const std::string& metric : body_.metrics) {
      if (metric == "count") continue;
      if (metric.find(':') != std::string::npos)
        return HandlerError(422, Concat("returnMetrics entry \"", metric, "\" is not yet supported; only \"count\" is"));
      return HandlerError(422, Concat("unknown returnMetrics entry \"", metric, "\", expected \"count\""));
    }
    if (body_.group_by.find('.') != std::string::npos)
      return HandlerError(422, Concat("groupBy \"", body_.group_by,
                                      "\" is not yet supported, groupBy must be a bare property name"));
    if (!body_.limit) return std::nullopt;
    if (body_.group_by.empty())
      return HandlerError(400, "limit is the maximum number of groups and requires groupBy");
    if (*body_.limit <= 0) return HandlerError(400, Concat("limit must be positive, got ", std::to_string(*body_.limit)));
    return std::nullopt;
  }

  void Write(const AggregateReply& reply, JsonWriter& writer) const {
    writer.StartObject();
    if (body_.group_by.empty()) {
      writer.Key("count");
      writer.Int64(reply.single_result().objects_count());
    } else if (!reply.grouped_results().groups().empty()) {
      writer.Key("groups");
      writer.StartArray();
      for (const auto& group : reply.grouped_results().groups()) WriteGroup(group, writer);
      writer.EndArray();
    }
    writer.Key("tookMs");
    writer.Int64(Took(context_));
    writer.EndObject();
  }

  static void WriteGroup(const AggregateReply::Group& group, JsonWriter& writer) {
    writer.StartObject();
    writer.Key("count");
    writer.Int64(group.objects_count());
    writer.Key("groupedBy");
    writer.StartObject();
    writer.Key("path");
    writer.StartArray();
    for (const std::string& step : group.grouped_by().path()) writer.String(step);
    writer.EndArray();
    writer.Key("value");
    WriteGroupValue(group.grouped_by(), writer);
    writer.EndObject();
    writer.EndObject();
  }

  const runtime::OperationContext context_;
  const std::string_view collection_;
  AggregateRequest* const request_;
  Body body_;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeRestAggregate(const runtime::OperationContext& context) {
  return std::make_unique<RestAggregate>(context);
}

}  // namespace vecgate::translators::weaviate
