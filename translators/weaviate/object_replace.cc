// PUT /v1/objects/{className}/{id}: writes over an object that must be there.
#include <vector>

#include "weaviate/object_read.h"
#include "weaviate/object_write.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::SearchReply;

class ObjectReplace final : public runtime::Operation {
 public:
  explicit ObjectReplace(const runtime::OperationContext& context) : context_(context), write_(context_) {}

  Next Begin() override {
    if (auto refusal = ReadPlace(context_, &place_)) return std::move(*refusal);
    if (auto refusal = write_.Read()) return std::move(*refusal);
    if (!write_.extras().has_id || write_.object().uuid() != place_.id)
      return HandlerError(422, "invalid update: field 'id' is immutable");
    return write_.WithSchema(write_.FindCall(place_.collection));
  }

  Next Resume(std::span<Outcome> outcomes) override {
    if (stage_ == Stage::kReadBack) return write_.Told(outcomes);
    write_.TakeSchema(outcomes);
    if (stage_ == Stage::kFind) return Found(outcomes[0]);
    if (auto refusal = write_.Refused(outcomes[0])) return std::move(*refusal);
    stage_ = Stage::kReadBack;
    return write_.ReadBackCalls();
  }

 private:
  enum class Stage { kFind, kStore, kReadBack };

  Next Found(const Outcome& outcome) {
    if (outcome.status.code != 0) return NotRead(context_, place_.collection, outcome.status);
    if (ReplyOf<SearchReply>(outcome).results().empty()) return EmptyReply(404);
    if (write_.object().collection().empty())
      return HandlerError(422, "invalid object: the given class is empty");
    if (const std::string& fault = write_.extras().properties_fault; !fault.empty())
      return HandlerError(422, "invalid object: " + fault);
    stage_ = Stage::kStore;
    return std::vector<Call>{write_.StoreCall()};
  }

  const runtime::OperationContext context_;
  ObjectWrite write_;
  ObjectPlace place_;
  Stage stage_ = Stage::kFind;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeObjectReplace(const runtime::OperationContext& context) {
  return std::make_unique<ObjectReplace>(context);
}

}  // namespace vecgate::translators::weaviate
