#include "weaviate/object_write.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>

#include "runtime/concat.h"
#include "weaviate/beacon.h"
#include "weaviate/class_schema.h"
#include "weaviate/go_values.h"
#include "weaviate/json_body.h"
#include "weaviate/object_echo.h"
#include "weaviate/object_reply.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {
namespace {

using google::protobuf::Value;
using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::JsonWriter;
using runtime::Kind;
using runtime::Operation;
using runtime::Reply;
using ::weaviate::v1::BatchObjectsReply;
using ::weaviate::v1::BatchObjectsRequest;
using ::weaviate::v1::SearchReply;
using ::weaviate::v1::SearchRequest;

// The collections that a property of beacons goes to, in their order; empty: the property is something else. A beacon
// without a collection stands for the only one there is.
std::vector<std::string> TargetsOf(const Value& value) {
  std::vector<std::string> targets;
  for (const Value& item : value.list_value().values()) {
    const auto beacon = item.struct_value().fields().find("beacon");
    if (beacon == item.struct_value().fields().end()) return {};
    Beacon target;
    if (!ParseTarget(beacon->second.string_value(), &target).empty()) return {};
    if (std::find(targets.begin(), targets.end(), target.collection) == targets.end())
      targets.push_back(target.collection);
  }
  return targets;
}

}  // namespace

ObjectWrite::ObjectWrite(const runtime::OperationContext& context)
    : context_(context),
      request_(NewMessage<BatchObjectsRequest>(context)),
      object_(request_->add_objects()),
      schemas_(context) {}

std::optional<Reply> ObjectWrite::Read() {
  const auto fault = ReadJsonBody(context_.api, context_.body, [this](JsonReader& reader, const JsonValue& root) {
    object_->Clear();
    names_.clear();
    extras_ = {};
    return ReadBody(reader, root);
  });
  if (fault) return FaultReply(*fault);
  std::optional<::weaviate::v1::ConsistencyLevel> level;
  if (auto refusal = ReadConsistencyLevel(Query(context_.query), &level)) return refusal;
  if (level) request_->set_consistency_level(*level);
  return std::nullopt;
}

bool ObjectWrite::ReadBody(JsonReader& reader, const JsonValue& root) {
  if (root.is_null()) return true;
  if (root.kind() != Kind::kObject) return FailType(reader, root, {{}, "models.Object"});
  if (!ReadObject(reader, root, {}, object_, &extras_)) return false;
  for (runtime::ObjectCursor member(root); !member.Done(); member.Advance()) {
    if (!Names(member.key(), "properties") || member.value().kind() != Kind::kObject) continue;
    // Of members that are given twice the last one counts.
    names_.clear();
    absl::flat_hash_set<std::string> seen;
    for (runtime::ObjectCursor property(member.value()); !property.Done(); property.Advance())
      if (!property.value().is_null() && seen.emplace(property.key()).second) names_.emplace_back(property.key());
  }
  return true;
}

std::vector<Operation::Call> ObjectWrite::WithSchema(Operation::Call call) {
  std::vector<Operation::Call> calls{std::move(call)};
  schemas_.Want(object_->collection());
  schemas_.AddCalls(&calls);
  return calls;
}

void ObjectWrite::TakeSchema(std::span<const Operation::Outcome> outcomes) {
  if (outcomes.size() > 1) schemas_.Take(outcomes.subspan(1));
}

Operation::Call ObjectWrite::FindCall(std::string_view collection) const {
  SearchRequest* search = NewIdSearch(context_, collection, object_->uuid(), object_->tenant());
  search->mutable_properties();
  search->mutable_metadata()->set_uuid(true);
  return CallOf(context_, "Search", search);
}

Operation::Call ObjectWrite::StoreCall() { return CallOf(context_, "BatchObjects", request_); }

std::optional<Reply> ObjectWrite::Refused(const Operation::Outcome& outcome) const {
  if (outcome.status.code != 0) return CallError(context_, outcome.status);
  const auto& reply = ReplyOf<BatchObjectsReply>(outcome);
  if (reply.errors().empty()) return std::nullopt;
  return Fault(reply.errors(0).error());
}

Reply ObjectWrite::Fault(std::string_view text) const {
  if (IsForbidden(text)) return HandlerError(403, text);
  if (const std::string_view fault = TenantFault(text); !fault.empty()) {
    return HandlerError(422, IsTenancyMismatch(fault)
                                 ? Concat("determine shard: ", fault)
                                 : Concat("put object: import into index ", Lower(object_->collection()),
                                          ": determine shard: ", fault));
  }
  if (IsSchemaFault(text)) return HandlerError(500, Concat("invalid object: ", text));
  // What the index finds wrong with a vector is found while the object is being stored.
  if (text.starts_with("Validate vector index"))
    return HandlerError(500, Concat("put object: import into index ", Lower(object_->collection()),
                                    ": put local object: store object in LSM store: ", text));
  return HandlerError(422, Concat("invalid object: ", PropertyFault(text)));
}

std::vector<Operation::Call> ObjectWrite::ReadBackCalls() const {
  // One search for each collection that a property refers to.
  std::vector<SearchRequest*> searches;
  const auto search_at = [&](size_t i) {
    if (i == searches.size()) {
      searches.push_back(NewIdSearch(context_, object_->collection(), object_->uuid(), object_->tenant()));
      searches.back()->mutable_metadata()->set_uuid(true);
    }
    return searches[i]->mutable_properties();
  };
  search_at(0);
  const auto& fields = object_->properties().non_ref_properties().fields();
  for (const std::string& name : names_) {
    const std::vector<std::string> targets = TargetsOf(fields.at(name));
    if (targets.empty()) search_at(0)->add_non_ref_properties(name);
    for (size_t i = 0; i < targets.size(); ++i) SelectReference(name, targets[i], search_at(i));
  }
  auto* metadata = searches[0]->mutable_metadata();
  metadata->set_creation_time_unix(true);
  metadata->set_last_update_time_unix(true);
  metadata->set_vector(!object_->vector_bytes().empty());
  for (const auto& vectors : object_->vectors()) metadata->add_vectors(vectors.name());
  std::vector<Operation::Call> calls;
  for (SearchRequest* search : searches) calls.push_back(CallOf(context_, "Search", search));
  return calls;
}

Reply ObjectWrite::Told(std::span<Operation::Outcome> outcomes) const {
  std::vector<const SearchReply*> replies;
  for (const Operation::Outcome& outcome : outcomes)
    if (outcome.status.code == 0) replies.push_back(&ReplyOf<SearchReply>(outcome));
  const auto objects = replies.size() == outcomes.size() ? Join(replies) : decltype(Join(replies))();
  const ClassSchema* const schema = schemas_.Find(object_->collection());
  return JsonReply([&](JsonWriter& writer) {
    if (!objects.empty()) {
      const bool times = schema != nullptr && schema->indexes_times;
      return WriteObject(objects[0], {.vector_weights = false, .tenant = object_->tenant(), .times = times}, writer);
    }
    // Written, but not to be read: the caller may write only.
    writer.StartObject();
    WriteObjectEcho(*object_, {.id = object_->uuid(), .time = Milliseconds(), .schema = schema}, writer);
    writer.EndObject();
  });
}

}  // namespace vecgate::translators::weaviate
