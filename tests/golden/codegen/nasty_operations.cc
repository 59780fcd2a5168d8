#include "nasty_operations.h"

#include <string>

#include "nasty/v1/shelf.pb.h"
#include "runtime/json_writer.h"

namespace vecgate::translators::nasty {
namespace {

namespace v1 = ::nasty::v1;

class FindBoth final : public runtime::Operation {
 public:
  explicit FindBoth(const runtime::OperationContext& context) : context_(context) {}

  Next Begin() override {
    const std::string* second = context_.Text("second");
    if (second == nullptr) return context_.api.ErrorReply(400, "second is missing", runtime::Origin::kDownstream, 0);
    std::vector<Call> calls;
    for (const std::string* kind : {context_.Text("first"), second}) {
      auto* request = google::protobuf::Arena::CreateMessage<v1::FindRequest>(context_.arena);
      request->set_shelf(*context_.Text("shelf") + std::string(context_.body));
      request->mutable_note()->set_author(*kind);
      calls.push_back({&context_.route.calls[0], request, {}});
    }
    return calls;
  }

  Next Resume(std::span<Outcome> outcomes) override {
    runtime::Reply reply;
    reply.content_type = "application/json";
    runtime::JsonWriter writer(reply.body);
    writer.StartArray();
    for (const Outcome& outcome : outcomes) {
      if (outcome.status.code != 0) return context_.api.ErrorReply(outcome.status, 0);
      writer.Int64(static_cast<const v1::FindReply*>(outcome.reply)->things_size());
    }
    writer.EndArray();
    return reply;
  }

 private:
  const runtime::OperationContext context_;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeFindBoth(const runtime::OperationContext& context) {
  return std::make_unique<FindBoth>(context);
}

}  // namespace vecgate::translators::nasty
