// One database with all that answers in its API: routes, callers, and the calls to it.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/reloader.h"
#include "auth/gate.h"
#include "base/live.h"
#include "compression/offload.h"
#include "config/config.h"
#include "limits/gate.h"
#include "metrics/metrics.h"
#include "pipeline/handle_request.h"
#include "pipeline/rest_port.h"
#include "runtime/translation.h"
#include "tracing/exporter.h"
#include "upstream/cluster.h"

namespace vecgate::app {

// Made and changed on the control thread. Beside the reloading, its parts may be used by all threads once it is open.
class Backend {
 public:
  // What all backends of a gateway share; outlives them.
  struct Shared {
    const base::Live<config::Config>& config;
    metrics::Metrics& metrics;
    limits::Gate& gate;
    pipeline::AuthFailures& auth_failures;
    compression::Offload& offload;
    tracing::Exporter* exporter;  // null: no spans are kept
    const std::atomic<bool>& draining;
    size_t threads;
  };

  // `config` has the database as its one upstream; `spec` has static storage, `control` outlives the backend.
  Backend(const config::Config& config, const runtime::ApiSpec& spec, boost::asio::io_context& control);
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  // Whether it could be opened. Nothing connects.
  static absl::Status Check(const config::Config& config, const runtime::ApiSpec& spec);

  const std::string& name() const { return upstream_.name; }  // empty: it is the only one
  const std::vector<std::string>& hosts() const { return upstream_.hosts; }
  const std::vector<std::string>& addresses() const { return upstream_.addresses; }
  const runtime::Api& api() const { return api_; }

  // Before all that follows. `first_route`: what its routes are counted from in the metrics. The message of a failure
  // tells which upstream it is about.
  absl::Status Open(const Shared& shared, size_t first_route);
  void Start();
  // Also when it was never opened.
  void Stop();

  // The database can be asked, and nothing is being drained.
  bool ready() const;
  // The database can be asked.
  bool reachable() const { return cluster_->ready(); }
  const pipeline::Services& services() const { return *services_; }
  upstream::Cluster& cluster() { return *cluster_; }
  uint64_t credential_failures() const { return auth_.policy().Get()->credentials->failures(); }

  // What changes with a configuration, which may name several upstreams. One that it does not name stays as it is.
  absl::StatusOr<Reloader::Commit> Prepare(const config::Config& config);

 private:
  // `status` with the name of this upstream.
  absl::Status Told(const absl::Status& status) const;

  boost::asio::io_context& control_;
  config::Upstream upstream_;
  const runtime::Api api_;
  std::optional<routing::RouteTable> routes_;
  auth::Gate auth_;
  base::Live<pipeline::RestPort> rest_{nullptr};
  base::Live<pipeline::Observation> observation_{std::make_shared<const pipeline::Observation>()};
  std::optional<upstream::Cluster> cluster_;
  tracing::Exporter* exporter_ = nullptr;
  const std::atomic<bool>* draining_ = nullptr;
  std::optional<pipeline::Services> services_;
};

}  // namespace vecgate::app
