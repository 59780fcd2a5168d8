#include "app/backend.h"

#include <utility>

#include "base/status.h"
#include "base/text.h"
#include "upstream/channels.h"

namespace vecgate::app {
namespace {

runtime::UpstreamFacts FactsOf(const config::Upstream& upstream) {
  runtime::UpstreamFacts facts;
  facts.version = upstream.version;
  facts.hostname = upstream.hostname;
  facts.max_message_bytes = upstream.max_message_bytes;
  facts.max_results = upstream.max_results;
  facts.rest = !upstream.rest.endpoint.empty();
  return facts;
}

// All of a backend that is made from a configuration and can fail.
struct Parts {
  std::shared_ptr<const upstream::Plan> plan;
  std::shared_ptr<const pipeline::RestPort> rest;
  std::shared_ptr<const auth::Policy> policy;
};

absl::StatusOr<Parts> PartsOf(const config::Config& config, const runtime::ApiSpec& spec, const auth::Gate& auth) {
  auto plan = upstream::Plan::Make(config);
  if (!plan.ok()) return plan.status();
  auto rest = pipeline::RestPort::Open(config, spec);
  if (!rest.ok()) return rest.status();
  auto policy = auth.Prepare(config);
  if (!policy.ok()) return policy.status();
  return Parts{*std::move(plan), *std::move(rest), *std::move(policy)};
}

}  // namespace

absl::Status Backend::Check(const config::Config& config, const runtime::ApiSpec& spec) {
  boost::asio::io_context control{1};
  const Backend backend(config, spec, control);
  return backend.Told(PartsOf(config, spec, backend.auth_).status());
}

Backend::Backend(const config::Config& config, const runtime::ApiSpec& spec, boost::asio::io_context& control)
    : control_(control),
      upstream_(config.upstream),
      api_(spec, FactsOf(config.upstream), config.limits.json_depth),
      auth_(spec, control.get_executor()) {}

absl::Status Backend::Told(const absl::Status& status) const {
  if (status.ok() || name().empty()) return status;
  return absl::Status(status.code(), base::Concat("upstreams: ", name(), ": ", base::MessageOf(status)));
}

absl::Status Backend::Open(const Shared& shared, size_t first_route) {
  absl::StatusOr<routing::RouteTable> routes = pipeline::TableOf(api_);
  if (!routes.ok()) return Told(routes.status());
  routes_.emplace(*std::move(routes));
  const config::Config config = shared.config.Get()->With(upstream_);
  absl::StatusOr<Parts> parts = PartsOf(config, api_.spec(), auth_);
  if (!parts.ok()) return Told(parts.status());
  exporter_ = shared.exporter;
  draining_ = &shared.draining;
  cluster_.emplace(control_, api_.spec(), shared.threads, std::move(parts->plan));
  observation_.Set(pipeline::ObservationOf(config, api_.spec(), exporter_));
  rest_.Set(std::move(parts->rest));
  auth_.Commit(std::move(parts->policy));
  services_.emplace(pipeline::Services{api_, *routes_, shared.config, shared.metrics, shared.gate, auth_,
                                       shared.auth_failures, shared.offload, [this] { return ready(); }, observation_,
                                       rest_, first_route, upstream_.name});
  return absl::OkStatus();
}

void Backend::Start() { cluster_->Start(); }

void Backend::Stop() {
  if (cluster_.has_value()) cluster_->Stop();
  auth_.Stop();
}

bool Backend::ready() const {
  return reachable() && auth_.policy().Get()->credentials->ready() && !draining_->load(std::memory_order_relaxed);
}

absl::StatusOr<Reloader::Commit> Backend::Prepare(const config::Config& config) {
  config::Upstream wanted = upstream_;
  for (const config::Upstream& upstream : config.Upstreams()) {
    if (upstream.name == name()) wanted = upstream;
  }
  const config::Config own = config.With(wanted);
  absl::StatusOr<Parts> parts = PartsOf(own, api_.spec(), auth_);
  if (!parts.ok()) return Told(parts.status());
  auto observation = pipeline::ObservationOf(own, api_.spec(), exporter_);
  return [this, wanted = std::move(wanted), parts = *std::move(parts), observation = std::move(observation)] {
    upstream_.addresses = wanted.addresses;
    rest_.Set(parts.rest);
    cluster_->Adopt(parts.plan);
    auth_.Commit(parts.policy);
    observation_.Set(observation);
  };
}

}  // namespace vecgate::app
