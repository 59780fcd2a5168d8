// POST /v1/batch/objects: objects written by as few calls as the server's limit on messages allows, one after another,
// so that of an id given twice the last object stays. The reply tells each object again with what became of it.
#include <weaviate/v1/batch.pb.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/batch_parts.h"
#include "weaviate/go_values.h"
#include "weaviate/json_body.h"
#include "weaviate/object_body.h"
#include "weaviate/object_echo.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/schema_calls.h"
#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonReader;
using runtime::JsonValue;
using runtime::JsonWriter;
using runtime::Kind;
using ::weaviate::v1::BatchObject;
using ::weaviate::v1::BatchObjectsReply;
using ::weaviate::v1::BatchObjectsRequest;

class BatchObjects final : public runtime::Operation {
 public:
  explicit BatchObjects(const runtime::OperationContext& context)
      : context_(context), all_(NewMessage<BatchObjectsRequest>(context)), schemas_(context_) {}

  Next Begin() override {
    const auto fault = ReadJsonBody(context_.api, context_.body, [this](JsonReader& reader, const JsonValue& root) {
      all_->Clear();
      items_.clear();
      sent_.clear();
      return ReadBody(reader, root);
    });
    if (fault) return FaultReply(*fault);
    std::optional<::weaviate::v1::ConsistencyLevel> level;
    if (auto refusal = ReadConsistencyLevel(Query(context_.query), &level)) return std::move(*refusal);
    if (items_.empty())
      return HandlerError(422, "invalid param 'objects': cannot be empty, need at least one object for batching");
    if (level) all_->set_consistency_level(*level);
    for (const Item& item : items_) schemas_.Want(item.object->collection());
    if (sent_.empty()) return Told();
    parts_.Split(context_, all_, &BatchObjectsRequest::mutable_objects);
    // What the objects look like is told at the end, so their schemas are asked for on the way.
    std::vector<Call> calls = CallNext();
    schemas_.AddCalls(&calls);
    return calls;
  }

  Next Resume(std::span<Outcome> outcomes) override {
    const Outcome& outcome = outcomes[0];
    if (outcomes.size() > 1) schemas_.Take(outcomes.subspan(1));
    const size_t first = parts_.first();
    if (outcome.status.code == 0) {
      for (const auto& error : ReplyOf<BatchObjectsReply>(outcome).errors())
        if (const auto index = static_cast<size_t>(error.index()); index < parts_.items())
          items_[sent_[first + index]].error = PropertyFault(error.error());
      parts_.Next();
      return parts_.done() ? Next(Told()) : Next(CallNext());
    }
    // Nothing was written: the failure is the whole answer. Else those who were written have to be told.
    if (first == 0) return CallError(context_, outcome.status);
    for (size_t i = first; i < sent_.size(); ++i) items_[sent_[i]].error = outcome.status.message;
    return Told();
  }

 private:
  struct Item {
    const BatchObject* object = nullptr;
    ObjectExtras extras;
    std::optional<std::string> error;
  };

  bool ReadBody(JsonReader& reader, const JsonValue& root) {
    if (root.is_null()) return true;
    if (root.kind() != Kind::kObject) return FailType(reader, root, {{}, "batch.BatchObjectsCreateBody"});
    runtime::MapReader members(reader, root, {});
    while (members.Next()) {
      if (Names(members.key(), "objects") && !ReadObjects(reader, members.value())) return false;
      if (Names(members.key(), "fields") && !CheckFields(reader, members.value())) return false;
    }
    return !reader.failed();
  }

  // Of no use any more, but clients send it.
  static bool CheckFields(JsonReader& reader, const JsonValue& list) {
    if (list.is_null()) return true;
    if (list.kind() != Kind::kArray) return FailType(reader, list, {"BatchObjectsCreateBody", "[]*string"});
    constexpr std::array<std::string_view, 5> kWords = {"ALL", "class", "schema", "id", "creationTimeUnix"};
    constexpr uint32_t kNotOneOf = 606;  // of the server's validation
    std::string field;
    size_t index = 0;
    for (runtime::ListReader fields(reader, list, {}); fields.Next(); ++index) {
      if (!ReadText(reader, fields.value(), "BatchObjectsCreateBody", &field)) return false;
      if (field.empty() || std::find(kWords.begin(), kWords.end(), field) != kWords.end()) continue;
      return reader.Refuse(kNotOneOf, runtime::Concat("body.fields.", std::to_string(index),
                                                      " in body should be one of [ALL class schema id creationTimeUnix]"));
    }
    return true;
  }

  bool ReadObjects(JsonReader& reader, const JsonValue& list) {
    all_->clear_objects();
    items_.clear();
    sent_.clear();
    if (list.is_null()) return true;
    if (list.kind() != Kind::kArray) return FailType(reader, list, {"BatchObjectsCreateBody", "[]*models.Object"});
    items_.reserve(list.size());
    runtime::ListReader objects(reader, list, {});
    while (objects.Next())
      if (!ReadItem(reader, objects.value())) return false;
    return !reader.failed();
  }

  bool ReadItem(JsonReader& reader, const JsonValue& value) {
    // The server has no answer to these, and would write none of the others.
    if (value.is_null()) return reader.Refuse(422, "invalid object: must not be null (" + reader.JsonPath() + ")");
    if (value.kind() != Kind::kObject) return FailType(reader, value, {"BatchObjectsCreateBody", "models.Object"});
    BatchObject* object = all_->add_objects();
    Item& item = items_.emplace_back();
    item.object = object;
    if (!ReadObject(reader, value, "body.", object, &item.extras)) return false;
    if (object->collection().empty())
      return reader.Refuse(422, "invalid object: the given class is empty (" + reader.JsonPath() + ")");
    if (item.extras.properties_fault.empty()) {
      sent_.push_back(items_.size() - 1);
      return true;
    }
    // It cannot be told over gRPC, so it fails here; the others are written.
    item.error = item.extras.properties_fault;
    all_->mutable_objects()->UnsafeArenaReleaseLast();
    return true;
  }

  std::vector<Call> CallNext() { return {CallOf(context_, "BatchObjects", parts_.request())}; }

  runtime::Reply Told() const {
    // The REST API refuses the whole request where gRPC refuses each of its objects.
    bool all_forbidden = true;
    for (const Item& item : items_) all_forbidden = all_forbidden && item.error && IsForbidden(*item.error);
    if (all_forbidden) return HandlerError(403, *items_[0].error);
    const int64_t now = Milliseconds();
    return JsonReply([&](JsonWriter& writer) {
      writer.StartArray();
      for (const Item& item : items_) WriteItem(item, now, writer);
      writer.EndArray();
    });
  }

  void WriteItem(const Item& item, int64_t now, JsonWriter& writer) const {
    const std::string& given = item.extras.id_as_given;
    EchoForm form;
    form.id = given.empty() ? item.object->uuid() : given;
    form.time = now;
    form.schema = schemas_.Find(item.object->collection());
    form.stored = !item.error;
    form.valid = !item.error || !IsValidationFault(*item.error);
    form.odd_properties = item.extras.odd_properties;
    writer.StartObject();
    WriteObjectEcho(*item.object, form, writer);
    writer.Key("deprecations");
    writer.Null();
    writer.Key("result");
    WriteItemResult(item.error, writer);
    writer.EndObject();
  }

  const runtime::OperationContext context_;
  BatchObjectsRequest* const all_;
  std::vector<Item> items_;
  std::vector<size_t> sent_;  // item of each object of the request
  BatchParts<BatchObjectsRequest, BatchObject> parts_;
  Schemas schemas_;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeBatchObjects(const runtime::OperationContext& context) {
  return std::make_unique<BatchObjects>(context);
}

}  // namespace vecgate::translators::weaviate
