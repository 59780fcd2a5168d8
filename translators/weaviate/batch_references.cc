// POST /v1/batch/references: by as few calls as the server's limit on messages allows, one after another.
#include <weaviate/v1/batch.pb.h>

#include <optional>
#include <string>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/batch_parts.h"
#include "weaviate/beacon.h"
#include "weaviate/go_values.h"
#include "weaviate/json_body.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/schema_calls.h"
#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::JsonWriter;
using runtime::Kind;
using ::weaviate::v1::BatchReferencesReply;
using ::weaviate::v1::BatchReferencesRequest;

constexpr std::string_view kStruct = "BatchReference";
constexpr std::string_view kLocal = "localhost";

class BatchReferences final : public runtime::Operation {
 public:
  explicit BatchReferences(const runtime::OperationContext& context)
      : context_(context), all_(NewMessage<BatchReferencesRequest>(context)), schemas_(context_) {}

  Next Begin() override {
    const auto fault = ReadJsonBody(context_.api, context_.body, [this](JsonReader& reader, const JsonValue& root) {
      items_.clear();
      return ReadBody(reader, root);
    });
    if (fault) return FaultReply(*fault);
    std::optional<::weaviate::v1::ConsistencyLevel> level;
    if (auto refusal = ReadConsistencyLevel(Query(context_.query), &level)) return std::move(*refusal);
    if (items_.empty())
      return HandlerError(422, "invalid params: length cannot be 0, need at least one reference for batching");
    for (size_t i = 0; i < items_.size(); ++i) Add(i);
    if (sent_.empty()) return Told();
    if (level) all_->set_consistency_level(*level);
    parts_.Split(context_, all_, &BatchReferencesRequest::mutable_references);
    std::vector<Call> calls = CallNext();
    schemas_.AddCalls(&calls);
    return calls;
  }

  Next Resume(std::span<Outcome> outcomes) override {
    const Outcome& outcome = outcomes[0];
    if (outcomes.size() > 1) schemas_.Take(outcomes.subspan(1));
    const size_t first = parts_.first();
    if (outcome.status.code == 0) {
      for (const auto& error : ReplyOf<BatchReferencesReply>(outcome).errors())
        if (const auto index = static_cast<size_t>(error.index()); index < parts_.items())
          items_[sent_[first + index]].error = error.error();
      parts_.Next();
      return parts_.done() ? Next(Told()) : Next(CallNext());
    }
    // Nothing was stored: the failure is the whole answer. Else those that were stored have to be told.
    if (first == 0) return CallError(context_, outcome.status);
    for (size_t i = first; i < sent_.size(); ++i) items_[sent_[i]].error = outcome.status.message;
    return Told();
  }

 private:
  struct Item {
    std::string from_text, to_text, tenant;
    std::optional<Beacon> from, to;
    std::optional<std::string> error;
  };

  bool ReadBody(JsonReader& reader, const JsonValue& root) {
    if (root.is_null()) return true;
    if (root.kind() != Kind::kArray) return FailType(reader, root, {{}, "[]*models.BatchReference"});
    runtime::ListReader list(reader, root, {});
    while (list.Next())
      if (!ReadItem(reader, list.value())) return false;
    return !reader.failed();
  }

  bool ReadItem(JsonReader& reader, const JsonValue& value) {
    if (value.is_null()) return reader.Refuse(422, "invalid params: must not be null (" + reader.JsonPath() + ")");
    if (value.kind() != Kind::kObject) return FailType(reader, value, {{}, "models.BatchReference"});
    Item& item = items_.emplace_back();
    runtime::MapReader members(reader, value, {});
    while (members.Next()) {
      const std::string_view key = members.key();
      if (Names(key, "from") && !ReadUri(reader, members.value(), "from", &item.from_text)) return false;
      if (Names(key, "to") && !ReadUri(reader, members.value(), "to", &item.to_text)) return false;
      if (Names(key, "tenant") && !ReadText(reader, members.value(), kStruct, &item.tenant)) return false;
    }
    return !reader.failed();
  }

  static bool ReadUri(JsonReader& reader, const JsonValue& value, std::string_view name, std::string* text) {
    if (!ReadText(reader, value, kStruct, text)) return false;
    if (text->empty() || IsUri(*text)) return true;
    return reader.Refuse(kInvalidFormat, Concat(name, " in body must be of type uri: \"", *text, "\""));
  }

  // References that cannot be told over gRPC fail here.
  void Add(size_t index) {
    Item& item = items_[index];
    std::string faults;
    const auto add_fault = [&](std::string_view text) {
      if (!faults.empty()) faults += ", ";
      faults += text;
    };
    Beacon beacon;
    if (const std::string fault = ParseSource(item.from_text, &beacon); !fault.empty()) {
      add_fault(fault);
    } else {
      if (beacon.peer != kLocal)
        add_fault(Concat("source class must always point to the local peer, but got ", beacon.peer));
      item.from = beacon;
    }
    if (const std::string fault = ParseTarget(item.to_text, &beacon); !fault.empty()) {
      // What is no id the server says itself, and stores nothing.
      if (beacon.id.empty() || !item.from) add_fault(fault);
    } else {
      if (beacon.peer != kLocal)
        add_fault(Concat("importing network references in batch is not possible. Please perform a regular non-batch "
                         "import for network references, got peer ", beacon.peer));
      item.to = beacon;
    }
    if (!faults.empty()) {
      item.error = faults;
      return;
    }
    sent_.push_back(index);
    if (beacon.collection.empty()) schemas_.Want(item.from->collection);
    auto* reference = all_->add_references();
    reference->set_name(item.from->property);
    reference->set_from_collection(item.from->collection);
    reference->set_from_uuid(item.from->id);
    if (!beacon.collection.empty()) reference->set_to_collection(beacon.collection);
    reference->set_to_uuid(beacon.id);
    reference->set_tenant(item.tenant);
  }

  std::vector<Call> CallNext() { return {CallOf(context_, "BatchReferences", parts_.request())}; }

  // The collection that a reference goes to: the one it names, else the only one that there is for the property.
  std::string TargetOf(const Item& item) const {
    if (!item.to->collection.empty() || !item.from) return item.to->collection;
    const ClassSchema* const schema = schemas_.Find(item.from->collection);
    const PropertySchema* const property =
        schema == nullptr ? nullptr : FindProperty(schema->properties, PropertyName(item.from->property));
    return property != nullptr && property->reference() && property->types.size() == 1 ? property->types[0] : std::string();
  }

  runtime::Reply Told() const {
    bool all_forbidden = true;
    for (const Item& item : items_) all_forbidden = all_forbidden && item.error && IsForbidden(*item.error);
    if (all_forbidden) return HandlerError(403, *items_[0].error);
    return JsonReply([&](JsonWriter& writer) {
      writer.StartArray();
      for (const Item& item : items_) {
        writer.StartObject();
        if (item.from) {
          writer.Key("from");
          writer.String(Concat("weaviate://", item.from->peer, "/", item.from->collection, "/", item.from->id, "/",
                               item.from->property));
        }
        if (item.to) {
          writer.Key("to");
          const std::string collection = TargetOf(item);
          writer.String(Concat("weaviate://", item.to->peer, collection.empty() ? "" : "/", collection, "/", item.to->id));
        }
        writer.Key("result");
        WriteItemResult(item.error, writer);
        writer.EndObject();
      }
      writer.EndArray();
    });
  }

  const runtime::OperationContext context_;
  BatchReferencesRequest* const all_;
  std::vector<Item> items_;
  std::vector<size_t> sent_;  // item of each reference of the request
  BatchParts<BatchReferencesRequest, ::weaviate::v1::BatchReference> parts_;
  Schemas schemas_;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeBatchReferences(const runtime::OperationContext& context) {
  return std::make_unique<BatchReferences>(context);
}

}  // namespace vecgate::translators::weaviate
