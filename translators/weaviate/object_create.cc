// POST /v1/objects: gRPC writes over an object that is there already, so it is looked for first.
#include <vector>

#include "runtime/concat.h"
#include "weaviate/object_write.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::SearchReply;

// The object cannot be looked for, but perhaps be written: a new collection, a caller who may not read, a server that
// does not search. What else is wrong is told better by the write.
bool IsForWriteToTell(const runtime::CallOutcome& outcome) {
  constexpr int kUnimplemented = 12;
  return IsUnknownCollection(outcome) || IsForbidden(outcome.message) || !TenantFault(outcome.message).empty() ||
         outcome.code == kUnimplemented;
}

class ObjectCreate final : public runtime::Operation {
 public:
  explicit ObjectCreate(const runtime::OperationContext& context) : context_(context), write_(context_) {}

  Next Begin() override {
    if (auto refusal = write_.Read()) return std::move(*refusal);
    if (write_.object().collection().empty())
      return HandlerError(422, "invalid object: the given class is empty");
    if (const std::string& fault = write_.extras().properties_fault; !fault.empty())
      return HandlerError(422, runtime::Concat("invalid object: ", fault));
    // An id that was just made up is nobody's yet.
    if (!write_.extras().has_id) {
      stage_ = Stage::kStore;
      return write_.WithSchema(write_.StoreCall());
    }
    return write_.WithSchema(write_.FindCall(write_.object().collection()));
  }

  Next Resume(std::span<Outcome> outcomes) override {
    if (stage_ == Stage::kReadBack) return write_.Told(outcomes);
    write_.TakeSchema(outcomes);
    if (stage_ == Stage::kFind) {
      const Outcome& outcome = outcomes[0];
      if (outcome.status.code != 0 && !IsForWriteToTell(outcome.status)) return CallError(context_, outcome.status);
      if (outcome.status.code == 0 && !ReplyOf<SearchReply>(outcome).results().empty())
        return HandlerError(422, runtime::Concat("id '", write_.object().uuid(), "' already exists"));
      stage_ = Stage::kStore;
      return std::vector<Call>{write_.StoreCall()};
    }
    if (auto refusal = write_.Refused(outcomes[0])) return std::move(*refusal);
    stage_ = Stage::kReadBack;
    return write_.ReadBackCalls();
  }

 private:
  enum class Stage { kFind, kStore, kReadBack };

  const runtime::OperationContext context_;
  ObjectWrite write_;
  Stage stage_ = Stage::kFind;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeObjectCreate(const runtime::OperationContext& context) {
  return std::make_unique<ObjectCreate>(context);
}

}  // namespace vecgate::translators::weaviate
