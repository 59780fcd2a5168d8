// DELETE /v1/objects/{className}/{id}: 204 whether or not there was such an object.
#include <weaviate/v1/batch_delete.pb.h>

#include <optional>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using runtime::Reply;
using ::weaviate::v1::BatchDeleteReply;
using ::weaviate::v1::BatchDeleteRequest;

class ObjectDelete final : public runtime::Operation {
 public:
  explicit ObjectDelete(const runtime::OperationContext& context) : context_(context) {}

  Next Begin() override {
    const Query query(context_.query);
    std::optional<::weaviate::v1::ConsistencyLevel> level;
    if (auto refusal = ReadPlace(context_, &place_)) return std::move(*refusal);
    if (auto refusal = ReadConsistencyLevel(query, &level)) return std::move(*refusal);
    auto* request = NewMessage<BatchDeleteRequest>(context_);
    request->set_collection(std::string(place_.collection));
    SetIdFilter(place_.id, request->mutable_filters());
    if (level) request->set_consistency_level(*level);
    if (const std::string* tenant = query.Find("tenant")) request->set_tenant(*tenant);
    return std::vector<Call>{CallOf(context_, "BatchDelete", request)};
  }

  Next Resume(std::span<Outcome> outcomes) override {
    const Outcome& outcome = outcomes[0];
    if (outcome.status.code != 0) return Failed(outcome.status);
    if (ReplyOf<BatchDeleteReply>(outcome).failed() > 0)
      return HandlerError(500, "could not delete object from vector repo", runtime::Origin::kUpstream);
    return EmptyReply(204);
  }

 private:
  Reply Failed(const runtime::CallOutcome& outcome) const {
    if (IsUnknownCollection(outcome))
      return HandlerError(500, Concat("could not delete object from vector repo: delete from non-existing index for ",
                                      CollectionName(place_.collection)));
    if (const std::string_view fault = TenantFault(outcome.message); !fault.empty())
      return HandlerError(422, Concat("delete object from vector repo: delete from index \"", Lower(place_.collection),
                                      "\": determine shard: ", fault));
    return CallError(context_, outcome);
  }

  const runtime::OperationContext context_;
  ObjectPlace place_;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeObjectDelete(const runtime::OperationContext& context) {
  return std::make_unique<ObjectDelete>(context);
}

}  // namespace vecgate::translators::weaviate
