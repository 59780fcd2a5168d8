// DELETE /v1/batch/objects
#include <weaviate/v1/batch_delete.pb.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/go_values.h"
#include "weaviate/ids.h"
#include "weaviate/json_body.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/upstream_texts.h"
#include "weaviate/where.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::JsonWriter;
using runtime::Kind;
using runtime::Reply;
using ::weaviate::v1::BatchDeleteObject;
using ::weaviate::v1::BatchDeleteReply;
using ::weaviate::v1::BatchDeleteRequest;

// The year 1 of Go's zero time.
constexpr int64_t kNoTime = -62'135'596'800'000;

class BatchDelete final : public runtime::Operation {
 public:
  explicit BatchDelete(const runtime::OperationContext& context)
      : context_(context), request_(NewMessage<BatchDeleteRequest>(context)) {}

  Next Begin() override {
    const auto fault = ReadJsonBody(context_.api, context_.body, [this](JsonReader& reader, const JsonValue& root) {
      request_->Clear();
      body_ = {};
      return ReadBody(reader, root);
    });
    if (fault && !InWhere(*fault)) return FaultReply(InMatch(*fault));
    const Query query(context_.query);
    std::optional<::weaviate::v1::ConsistencyLevel> level;
    if (auto refusal = ReadConsistencyLevel(query, &level)) return std::move(*refusal);
    if (!body_.has_match) return Invalid("empty match clause");
    if (request_->collection().empty()) return Invalid("empty match.class clause");
    if (fault) return Invalid("failed to parse where filter: " + fault->text);
    if (!body_.has_where) return Invalid("empty match.where clause");
    if (body_.output != "minimal" && body_.output != "verbose")
      return HandlerError(500, Concat("validate: invalid output: \"", body_.output,
                                      "\", possible values are: \"minimal\", \"verbose\""));
    request_->set_verbose(body_.output == "verbose");
    if (level) request_->set_consistency_level(*level);
    if (const std::string* tenant = query.Find("tenant")) request_->set_tenant(*tenant);
    return std::vector<Call>{CallOf(context_, "BatchDelete", request_)};
  }

  Next Resume(std::span<Outcome> outcomes) override {
    const Outcome& outcome = outcomes[0];
    if (outcome.status.code != 0) return Failed(outcome.status);
    const auto& reply = ReplyOf<BatchDeleteReply>(outcome);
    return JsonReply([&](JsonWriter& writer) { Write(reply, writer); });
  }

 private:
  struct Body {
    bool has_match = false;
    bool has_where = false;
    std::string output = "minimal";
    int64_t time = kNoTime;
    runtime::OutputBuffer where;  // as the reply tells it again
  };

  static Reply Invalid(std::string_view text) { return HandlerError(422, Concat("validate: ", text)); }
  static bool InWhere(const BodyFault& fault) { return fault.kind == BodyFault::Kind::kRefused; }
  // The server's path of the clause repeats its first step.
  static BodyFault InMatch(BodyFault fault) {
    if (fault.kind == BodyFault::Kind::kValidation && fault.text.starts_with("match.")) fault.text.insert(0, "match.");
    return fault;
  }

  bool ReadBody(JsonReader& reader, const JsonValue& root) {
    if (root.is_null()) return true;
    if (root.kind() != Kind::kObject) return FailType(reader, root, {{}, "models.BatchDelete"});
    runtime::MapReader members(reader, root, {});
    while (members.Next())
      if (!ReadMember(reader, members.key(), members.value())) return false;
    return !reader.failed();
  }

  bool ReadMember(JsonReader& reader, std::string_view key, const JsonValue& value) {
    constexpr std::string_view kStruct = "BatchDelete";
    if (Names(key, "match")) return ReadMatch(reader, value);
    if (Names(key, "output")) return ReadText(reader, value, kStruct, &body_.output);
    if (Names(key, "deletionTimeUnixMilli")) return ReadInt(reader, value, kStruct, &body_.time);
    if (!Names(key, "dryRun")) return true;
    bool dry_run = request_->dry_run();
    if (!ReadBool(reader, value, kStruct, &dry_run)) return false;
    request_->set_dry_run(dry_run);
    return true;
  }

  bool ReadMatch(JsonReader& reader, const JsonValue& value) {
    if (value.is_null()) return true;
    if (value.kind() != Kind::kObject) return FailType(reader, value, {"BatchDelete", "models.BatchDeleteMatch"});
    body_.has_match = true;
    JsonValue where;
    {
      runtime::MapReader members(reader, value, {});
      while (members.Next()) {
        if (Names(members.key(), "class") &&
            !ReadText(reader, members.value(), "BatchDeleteMatch", request_->mutable_collection()))
          return false;
        if (!Names(members.key(), "where") || members.value().is_null()) continue;
        where = members.value();
        body_.has_where = true;
      }
      if (reader.failed()) return false;
    }
    if (!body_.has_where) return true;
    JsonReader::Frame frame;
    frame.key = "where";
    reader.Push(&frame);
    const bool read = ReadWhere(reader, where, WhereForm::kRest, "BatchDeleteMatch", request_->mutable_filters());
    reader.Pop();
    if (!read) return false;
    body_.where.Clear();
    JsonWriter writer(body_.where, runtime::JsonStyle::kGo);
    WriteWhereEcho(where, writer);
    return true;
  }

  Reply Failed(const runtime::CallOutcome& outcome) const {
    const std::string_view text = outcome.message;
    if (IsUnknownCollection(outcome)) return Invalid(Concat("failed to get class: ", request_->collection()));
    if (outcome.from_client || IsForbidden(text)) return CallError(context_, outcome);
    if (text.starts_with("batch delete params: "))
      return Invalid(Concat("invalid where filter: ", text.substr(sizeof("batch delete params: ") - 1)));
    if (const std::string_view fault = TenantFault(text); !fault.empty())
      return HandlerError(422, Concat("batch delete objects: cannot find objects: ", fault));
    return CallError(context_, outcome);
  }

  void Write(const BatchDeleteReply& reply, JsonWriter& writer) const {
    writer.StartObject();
    writer.Key("deletionTimeUnixMilli");
    writer.Int64(body_.time);
    writer.Key("dryRun");
    writer.Bool(request_->dry_run());
    writer.Key("match");
    writer.StartObject();
    writer.Key("class");
    writer.String(CollectionName(request_->collection()));
    writer.Key("where");
    writer.Raw(body_.where.view());
    writer.EndObject();
    writer.Key("output");
    writer.String(body_.output);
    writer.Key("results");
    writer.StartObject();
    writer.Key("failed");
    writer.Int64(reply.failed());
    writer.Key("limit");
    writer.Uint64(context_.api.facts().max_results);
    writer.Key("matches");
    writer.Int64(reply.matches());
    writer.Key("objects");
    WriteObjects(reply, writer);
    writer.Key("successful");
    writer.Int64(request_->dry_run() ? 0 : reply.successful());
    writer.EndObject();
    writer.EndObject();
  }

  void WriteObjects(const BatchDeleteReply& reply, JsonWriter& writer) const {
    if (reply.objects().empty()) return writer.Null();
    // In the order of their ids.
    std::vector<const BatchDeleteObject*> objects;
    for (const BatchDeleteObject& object : reply.objects()) objects.push_back(&object);
    std::sort(objects.begin(), objects.end(), [](const auto* a, const auto* b) { return a->uuid() < b->uuid(); });
    writer.StartArray();
    for (const BatchDeleteObject* object : objects) {
      writer.StartObject();
      if (!object->successful()) {
        writer.Key("errors");
        writer.Raw(HandlerError(422, object->error()).body.view());
      }
      writer.Key("id");
      writer.String(IdFromBytes(object->uuid()));
      writer.Key("status");
      writer.String(!object->successful() ? "FAILED" : request_->dry_run() ? "DRYRUN" : "SUCCESS");
      writer.EndObject();
    }
    writer.EndArray();
  }

  const runtime::OperationContext context_;
  BatchDeleteRequest* const request_;
  Body body_;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeBatchDelete(const runtime::OperationContext& context) {
  return std::make_unique<BatchDelete>(context);
}

}  // namespace vecgate::translators::weaviate
