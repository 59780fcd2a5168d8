// GET /v1/meta: asked at the REST port where there is one, else put together from what the configuration tells.
//
// The database tells it to no one whom it does not know, and clients ask it first: so they learn here that their credential
// is not the right one. Nothing in gRPC is about credentials alone; a batch of nothing is about nothing else, and is within
// everybody's rights.
#include <weaviate/v1/batch.pb.h>

#include <vector>

#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonWriter;

class Meta final : public runtime::Operation {
 public:
  explicit Meta(const runtime::OperationContext& context) : context_(context) {}

  Next Begin() override {
    if (!context_.api.facts().rest) return AskWhoCalls();
    Call call;
    call.rest_path = "/v1/meta";
    return std::vector<Call>{std::move(call)};
  }

  Next Resume(std::span<Outcome> outcomes) override {
    const runtime::CallOutcome& outcome = outcomes[0].status;
    if (!asked_who_calls_) {
      if (outcome.code != 0) return AskWhoCalls();
      return JsonReply([&](JsonWriter& writer) { writer.Raw(outcome.body); });
    }
    if (outcome.code != 0) {
      runtime::Reply refusal = CallError(context_, outcome);
      if (refusal.status == kUnauthorized) return refusal;
    }
    return Configured();
  }

 private:
  static constexpr uint32_t kUnauthorized = 401;

  Next AskWhoCalls() {
    asked_who_calls_ = true;
    return std::vector<Call>{CallOf(context_, "BatchObjects", NewMessage<::weaviate::v1::BatchObjectsRequest>(context_))};
  }

  runtime::Reply Configured() const {
    const runtime::UpstreamFacts& facts = context_.api.facts();
    return JsonReply([&](JsonWriter& writer) {
      writer.StartObject();
      writer.Key("grpcMaxMessageSize");
      writer.Uint64(facts.max_message_bytes);
      writer.Key("hostname");
      writer.String(facts.hostname);
      writer.Key("modules");
      writer.StartObject();
      writer.EndObject();
      writer.Key("version");
      writer.String(facts.version.empty() ? context_.api.spec().version : facts.version);
      writer.EndObject();
    });
  }

  const runtime::OperationContext context_;
  bool asked_who_calls_ = false;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeMeta(const runtime::OperationContext& context) {
  return std::make_unique<Meta>(context);
}

}  // namespace vecgate::translators::weaviate
