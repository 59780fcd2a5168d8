// GET and HEAD /v1/objects/{className}/{id}
#include <weaviate/v1/search_get.pb.h>

#include <string>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/class_schema.h"
#include "weaviate/object_read.h"
#include "weaviate/object_reply.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/schema_calls.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonWriter;
using ::weaviate::v1::SearchRequest;

class ObjectGet final : public runtime::Operation {
 public:
  explicit ObjectGet(const runtime::OperationContext& context)
      : context_(context), query_(context.query), head_(context.route.method == "HEAD") {}

  Next Begin() override {
    if (auto refusal = ReadPlace(context_, &place_)) return std::move(*refusal);
    if (!head_)
      if (auto refusal = ReadInclude(query_, &include_)) return std::move(*refusal);
    if (auto refusal = ReadConsistencyLevel(query_, &level_)) return std::move(*refusal);
    if (!head_ && query_.Find("node_name") != nullptr) {
      if (level_) return HandlerError(400, "consistency_level and node_name are mutually exclusive");
      return Elsewhere{Unavailable("node_name")};
    }
    if (!include_.beyond.empty()) return Elsewhere{Unavailable(runtime::Concat("include=", include_.beyond))};
    if (!head_ && context_.api.facts().rest) return std::vector<Call>{SchemaCall(place_.collection)};
    return Search(nullptr);
  }

  Next Resume(std::span<Outcome> outcomes) override {
    if (!searched_) {
      const auto schema = SchemaOf(context_, outcomes[0]);
      return Search(schema ? &*schema : nullptr);
    }
    const runtime::CallOutcome* failed = nullptr;
    const auto replies = RepliesOf(outcomes, &failed);
    if (failed != nullptr) return NotRead(context_, place_.collection, *failed);
    const auto objects = Join(replies);
    if (objects.empty()) return EmptyReply(404);
    if (head_) return EmptyReply(204);
    return JsonReply([&](JsonWriter& writer) {
      WriteObject(objects[0], {.vector_weights = true, .tenant = query_.Text("tenant")}, writer);
    });
  }

 private:
  Next Search(const ClassSchema* schema) {
    searched_ = true;
    SearchRequest* search = NewIdSearch(context_, place_.collection, place_.id, query_.Text("tenant"));
    if (level_) search->set_consistency_level(*level_);
    search->mutable_metadata()->set_uuid(true);
    if (head_) {
      search->mutable_properties();
      return std::vector<Call>{CallOf(context_, "Search", search)};
    }
    return SearchWhole(context_, schema, include_, search);
  }

  const runtime::OperationContext context_;
  const Query query_;
  const bool head_;
  ObjectPlace place_;
  Include include_;
  std::optional<::weaviate::v1::ConsistencyLevel> level_;
  bool searched_ = false;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeObjectGet(const runtime::OperationContext& context) {
  return std::make_unique<ObjectGet>(context);
}

}  // namespace vecgate::translators::weaviate
