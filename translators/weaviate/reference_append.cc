// POST /v1/objects/{className}/{id}/references/{propertyName}
//
// gRPC stores a reference even where it reports a failure: over the value of a property that is no reference, to an
// object that is not there. The REST API stores nothing then, so source, property and target are looked at first. What
// cannot be looked at is left to the write.
#include <weaviate/v1/batch.pb.h>
#include <weaviate/v1/search_get.pb.h>

#include <optional>
#include <string>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/beacon.h"
#include "weaviate/class_schema.h"
#include "weaviate/go_values.h"
#include "weaviate/json_body.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;
using runtime::Reply;
using ::weaviate::v1::BatchReferencesReply;
using ::weaviate::v1::BatchReferencesRequest;
using ::weaviate::v1::SearchReply;
using ::weaviate::v1::SearchRequest;

Reply Refuse(std::string_view place, std::string_view text) {
  return HandlerError(422, Concat("msg:", place, " code:400 err:", text));
}

class ReferenceAppend final : public runtime::Operation {
 public:
  explicit ReferenceAppend(const runtime::OperationContext& context) : context_(context), query_(context.query) {}

  Next Begin() override {
    const auto fault = ReadJsonBody(context_.api, context_.body, [this](JsonReader& reader, const JsonValue& root) {
      beacon_text_.clear();
      return ReadBody(reader, root);
    });
    if (fault) return FaultReply(*fault);
    if (auto refusal = ReadPlace(context_, &place_)) return std::move(*refusal);
    if (auto refusal = ReadConsistencyLevel(query_, &level_)) return std::move(*refusal);
    if (const std::string wrong = ParseTarget(beacon_text_, &target_); !wrong.empty())
      return Refuse("validate inputs", Concat("invalid reference: ", wrong));
    if (target_.peer != "localhost") return Refuse("validate inputs", "unrecognized cross-ref ref format");
    property_ = Variable(context_, "propertyName");
    return LookCalls();
  }

  Next Resume(std::span<Outcome> outcomes) override {
    if (!looked_) {
      looked_ = true;
      if (auto refusal = Looked(outcomes)) return std::move(*refusal);
      return std::vector<Call>{AppendCall()};
    }
    const Outcome& outcome = outcomes[0];
    if (outcome.status.code != 0) return CallError(context_, outcome.status);
    const auto& errors = ReplyOf<BatchReferencesReply>(outcome).errors();
    if (errors.empty()) return EmptyReply(200);
    return Failed(errors.Get(0).error());
  }

 private:
  bool ReadBody(JsonReader& reader, const JsonValue& root) {
    if (root.is_null()) return true;
    if (root.kind() != Kind::kObject) return FailType(reader, root, {{}, "models.SingleRef"});
    runtime::MapReader members(reader, root, {});
    while (members.Next()) {
      if (!Names(members.key(), "beacon")) continue;
      if (!ReadText(reader, members.value(), "SingleRef", &beacon_text_)) return false;
      if (!beacon_text_.empty() && !IsUri(beacon_text_))
        return reader.Refuse(kInvalidFormat, Concat("beacon in body must be of type uri: \"", beacon_text_, "\""));
    }
    return !reader.failed();
  }

  // The source with the property, and the target where its collection and tenant are known.
  std::vector<Call> LookCalls() {
    const std::string_view tenant = query_.Text("tenant");
    SearchRequest* source = NewIdSearch(context_, place_.collection, place_.id, tenant);
    SelectReference(property_, target_.collection, source->mutable_properties());
    source->mutable_metadata()->set_uuid(true);
    std::vector<Call> calls{CallOf(context_, "Search", source)};
    if (target_.collection.empty() || !tenant.empty()) return calls;
    SearchRequest* target = NewIdSearch(context_, target_.collection, target_.id, {});
    target->mutable_properties();
    target->mutable_metadata()->set_uuid(true);
    calls.push_back(CallOf(context_, "Search", target));
    return calls;
  }

  std::optional<Reply> Looked(std::span<const Outcome> outcomes) const {
    const Outcome& source = outcomes[0];
    if (source.status.code != 0) {
      const std::string_view unknown = From(source.status.message, "no such prop with name");
      if (!unknown.empty()) return Refuse("validate inputs", unknown);
      return std::nullopt;
    }
    if (outcomes.size() > 1 && outcomes[1].status.code == 0 && ReplyOf<SearchReply>(outcomes[1]).results().empty())
      return Refuse("validate existence", Concat("validate reference: no object with id ", target_.id, " found"));
    if (ReplyOf<SearchReply>(source).results().empty()) return EmptyReply(404);
    return std::nullopt;
  }

  Call AppendCall() {
    auto* request = NewMessage<BatchReferencesRequest>(context_);
    if (level_) request->set_consistency_level(*level_);
    auto* reference = request->add_references();
    reference->set_name(std::string(property_));
    reference->set_from_collection(std::string(place_.collection));
    reference->set_from_uuid(place_.id);
    if (!target_.collection.empty()) reference->set_to_collection(target_.collection);
    reference->set_to_uuid(target_.id);
    reference->set_tenant(std::string(query_.Text("tenant")));
    return CallOf(context_, "BatchReferences", request);
  }

  Reply Failed(std::string_view text) const {
    if (IsForbidden(text)) return HandlerError(403, text);
    if (text.find(Concat("object with id ", place_.id, " not found")) != std::string_view::npos) return EmptyReply(404);
    if (text.find(Concat("property '", property_, "' not found in schema")) != std::string_view::npos)
      return Refuse("validate inputs",
                    Concat("no such prop with name '", property_, "' found in class '", CollectionName(place_.collection),
                           "' in the schema. Check your schema files for which properties in this class are available"));
    if (text.find("is present, but not a ref") != std::string_view::npos ||
        text.find(Concat("no bucket for prop '", property_, "__meta_count' found")) != std::string_view::npos)
      return Refuse("validate inputs", Concat("property '", property_, "' is not a reference-type"));
    if (const std::string_view fault = TenantFault(text); !fault.empty())
      return HandlerError(422, Concat("msg:source object code:422 err:", fault));
    return HandlerError(422, text);
  }

  const runtime::OperationContext context_;
  const Query query_;
  ObjectPlace place_;
  std::string_view property_;
  std::string beacon_text_;
  Beacon target_;
  std::optional<::weaviate::v1::ConsistencyLevel> level_;
  bool looked_ = false;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeReferenceAppend(const runtime::OperationContext& context) {
  return std::make_unique<ReferenceAppend>(context);
}

}  // namespace vecgate::translators::weaviate
