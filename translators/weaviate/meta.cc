// GET /v1/meta: asked at the REST port where there is one, else put together from what the configuration tells.
#include <vector>

#include "weaviate/operations.h"
#include "weaviate/replies.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonWriter;

class Meta final : public runtime::Operation {
 public:
  explicit Meta(const runtime::OperationContext& context) : context_(context) {}

  Next Begin() override {
    if (!context_.api.facts().rest) return Configured();
    Call call;
    call.rest_path = "/v1/meta";
    return std::vector<Call>{std::move(call)};
  }

  Next Resume(std::span<Outcome> outcomes) override {
    if (outcomes[0].status.code != 0) return Configured();
    return JsonReply([&](JsonWriter& writer) { writer.Raw(outcomes[0].status.body); });
  }

 private:
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
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeMeta(const runtime::OperationContext& context) {
  return std::make_unique<Meta>(context);
}

}  // namespace vecgate::translators::weaviate
