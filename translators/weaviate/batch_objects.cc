// POST /v1/batch/objects: objects written by as few calls as the server's limit on messages allows, one after another,
// so that of an id given twice the last object stays. The reply tells each object again with what became of it.
#include <weaviate/v1/batch.pb.h>

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "weaviate/go_values.h"
#include "weaviate/json_body.h"
#include "weaviate/object_body.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
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

// Of a message in a repeated field: its tag and the length before it, at the most.
constexpr size_t kFieldBytes = 6;

class BatchObjects final : public runtime::Operation {
 public:
  explicit BatchObjects(const runtime::OperationContext& context)
      : context_(context), all_(NewMessage<BatchObjectsRequest>(context)) {}

  Next Begin() override {
    const auto fault = ReadJsonBody(context_.api, context_.body, [this](JsonReader& reader, const JsonValue& root) {
      all_->Clear();
      items_.clear();
      return ReadBody(reader, root);
    });
    if (fault) return FaultReply(*fault);
    std::optional<::weaviate::v1::ConsistencyLevel> level;
    if (auto refusal = ReadConsistencyLevel(Query(context_.query), &level)) return std::move(*refusal);
    if (items_.empty())
      return HandlerError(422, "invalid param 'objects': cannot be empty, need at least one object for batching");
    if (level) all_->set_consistency_level(*level);
    Split();
    return CallNext();
  }

  Next Resume(std::span<Outcome> outcomes) override {
    const Outcome& outcome = outcomes[0];
    const size_t count = static_cast<size_t>(parts_.front()->objects_size());
    if (outcome.status.code == 0) {
      for (const auto& error : ReplyOf<BatchObjectsReply>(outcome).errors())
        if (const auto index = static_cast<size_t>(error.index()); index < count)
          items_[done_ + index].error = PropertyFault(error.error());
      done_ += count;
      parts_.pop_front();
      return parts_.empty() ? Next(Told()) : CallNext();
    }
    // Nothing was written: the failure is the whole answer. Else those who were written have to be told.
    if (done_ == 0) return CallError(context_, outcome.status);
    for (; done_ < items_.size(); ++done_) items_[done_].error = outcome.status.message;
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
    while (members.Next())
      if (Names(members.key(), "objects") && !ReadObjects(reader, members.value())) return false;
    return !reader.failed();
  }

  bool ReadObjects(JsonReader& reader, const JsonValue& list) {
    all_->clear_objects();
    items_.clear();
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
    return true;
  }

  // By bytes: vectors make objects as large as they like.
  void Split() {
    const size_t limit = context_.api.facts().max_message_bytes;
    if (all_->ByteSizeLong() <= limit) {
      parts_.push_back(all_);
      return;
    }
    std::vector<BatchObject*> objects(all_->mutable_objects()->pointer_begin(), all_->mutable_objects()->pointer_end());
    // All live on the arena, so they change hands as they are.
    all_->mutable_objects()->UnsafeArenaExtractSubrange(0, all_->objects_size(), nullptr);
    const size_t empty = all_->ByteSizeLong();
    size_t size = 0;
    for (BatchObject* object : objects) {
      const size_t grown = object->ByteSizeLong() + kFieldBytes;
      if (parts_.empty() || size + grown > limit) {
        auto* request = NewMessage<BatchObjectsRequest>(context_);
        if (all_->has_consistency_level()) request->set_consistency_level(all_->consistency_level());
        parts_.push_back(request);
        size = empty;
      }
      parts_.back()->mutable_objects()->UnsafeArenaAddAllocated(object);
      size += grown;
    }
  }

  Next CallNext() { return std::vector<Call>{CallOf(context_, "BatchObjects", parts_.front())}; }

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

  static void WriteItem(const Item& item, int64_t now, JsonWriter& writer) {
    writer.StartObject();
    const std::string& given = item.extras.id_as_given;
    WriteObjectEcho(*item.object, given.empty() ? item.object->uuid() : given, now, writer);
    writer.Key("deprecations");
    writer.Null();
    writer.Key("result");
    WriteItemResult(item.error, writer);
    writer.EndObject();
  }

  const runtime::OperationContext context_;
  BatchObjectsRequest* const all_;
  std::vector<Item> items_;
  std::deque<BatchObjectsRequest*> parts_;  // not called yet
  size_t done_ = 0;         // items whose outcome is known
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeBatchObjects(const runtime::OperationContext& context) {
  return std::make_unique<BatchObjects>(context);
}

}  // namespace vecgate::translators::weaviate
