// GET /v1/schema/{className}/tenants, and GET and HEAD of one tenant.
#include <weaviate/v1/tenants.pb.h>

#include <string_view>
#include <vector>

#include "weaviate/operations.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"
#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonWriter;
using ::weaviate::v1::TenantsGetReply;
using ::weaviate::v1::TenantsGetRequest;

constexpr std::string_view kStatusPrefix = "TENANT_ACTIVITY_STATUS_";

void WriteTenant(const ::weaviate::v1::Tenant& tenant, JsonWriter& writer) {
  writer.StartObject();
  if (tenant.activity_status() != ::weaviate::v1::TENANT_ACTIVITY_STATUS_UNSPECIFIED) {
    std::string_view status = ::weaviate::v1::TenantActivityStatus_Name(tenant.activity_status());
    if (status.starts_with(kStatusPrefix)) {
      status.remove_prefix(kStatusPrefix.size());
      writer.Key("activityStatus");
      writer.String(status);
    }
  }
  writer.Key("name");
  writer.String(tenant.name());
  writer.EndObject();
}

class Tenants final : public runtime::Operation {
 public:
  // `one`: the tenant that the path names, or all.
  Tenants(const runtime::OperationContext& context, bool one) : context_(context), one_(one) {}

  Next Begin() override {
    auto* request = NewMessage<TenantsGetRequest>(context_);
    request->set_collection(std::string(Variable(context_, "className")));
    if (one_) request->mutable_names()->add_values(std::string(Variable(context_, "tenantName")));
    return std::vector<Call>{CallOf(context_, "TenantsGet", request)};
  }

  Next Resume(std::span<Outcome> outcomes) override {
    const Outcome& outcome = outcomes[0];
    if (outcome.status.code != 0) return Failed(outcome.status);
    const auto& tenants = ReplyOf<TenantsGetReply>(outcome).tenants();
    if (!one_) {
      return JsonReply([&](JsonWriter& writer) {
        writer.StartArray();
        for (const auto& tenant : tenants) WriteTenant(tenant, writer);
        writer.EndArray();
      });
    }
    if (tenants.empty()) return EmptyReply(404);
    if (context_.route.method == "HEAD") return EmptyReply(200);
    return JsonReply([&](JsonWriter& writer) { WriteTenant(tenants[0], writer); });
  }

 private:
  runtime::Reply Failed(const runtime::CallOutcome& outcome) const {
    constexpr std::string_view kPrefix = "get tenants: ";
    std::string_view text = outcome.message;
    // Of the collection or of its tenants: the request's fault.
    if (!outcome.from_client && text.starts_with(kPrefix) && !IsForbidden(text))
      return HandlerError(422, text.substr(kPrefix.size()));
    return CallError(context_, outcome);
  }

  const runtime::OperationContext context_;
  const bool one_;
};

}  // namespace

std::unique_ptr<runtime::Operation> MakeTenants(const runtime::OperationContext& context) {
  return std::make_unique<Tenants>(context, false);
}

std::unique_ptr<runtime::Operation> MakeTenant(const runtime::OperationContext& context) {
  return std::make_unique<Tenants>(context, true);
}

}  // namespace vecgate::translators::weaviate
