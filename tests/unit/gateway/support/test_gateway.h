// The pipeline on one thread, with the fake API and an upstream of the test's choice.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/live.h"
#include "metrics/metrics.h"
#include "pipeline/handle_request.h"
#include "support/fake_api.h"
#include "support/test_server.h"
#include "upstream/channels.h"
#include "upstream/client.h"
#include "upstream/cluster.h"

namespace vecgate::test {

class TestGateway {
 public:
  explicit TestGateway(const std::string& upstream, http::ServerSettings settings = QuickSettings(),
                       config::Compression compression = {}, const config::Config& rest = {})
      : settings_(settings),
        config_(ConfigOf(settings, compression)),
        api_(FakeApi()),
        routes_(*pipeline::TableOf(api_)),
        metrics_(pipeline::LabelsOf(api_), 1, "test"),
        gate_(settings.limits, 1),
        rest_(*pipeline::RestPort::Open(rest, FakeApi())),
        services_{api_, routes_, config_, metrics_, gate_, auth_, auth_failures_, offload_,
                  [this] { return ready_.load(); }, observation_, rest_},
        cluster_(control_, FakeApi(), 1, Plan(upstream)),
        server_(settings_, [this](boost::asio::io_context& io) {
          auto handler = std::make_unique<pipeline::RequestHandler>(
              services_, 0, io.get_executor(), upstream_.emplace(cluster_, 0, io.get_executor()));
          handler_ = handler.get();
          return handler;
        }) {}

  uint16_t port() const { return server_.port(); }
  TestServer& server() { return server_; }
  pipeline::RequestHandler& handler() { return *handler_; }
  limits::Gate& gate() { return gate_; }
  std::string metrics() const { return metrics_.Text(); }
  void set_config(config::Config config) { config_.Set(std::make_shared<const config::Config>(std::move(config))); }
  void set_ready(bool ready) { ready_ = ready; }

 private:
  static std::shared_ptr<const config::Config> ConfigOf(const http::ServerSettings& settings,
                                                        const config::Compression& compression) {
    config::Config config;
    config.limits = settings.limits;
    config.timeouts = settings.timeouts;
    config.compression = compression;
    return std::make_shared<const config::Config>(std::move(config));
  }
  static std::shared_ptr<const upstream::Plan> Plan(const std::string& address) {
    config::Config config;
    config.upstream.addresses = {address};
    return *upstream::Plan::Make(config);
  }

  http::ServerSettings settings_;
  base::Live<config::Config> config_;
  runtime::Api api_;
  routing::RouteTable routes_;
  metrics::Metrics metrics_;
  limits::Gate gate_;
  boost::asio::io_context control_;  // never runs: no health checks
  auth::Gate auth_{FakeApi(), control_.get_executor()};
  pipeline::AuthFailures auth_failures_{metrics_};
  compression::Offload offload_{1};
  base::Live<pipeline::RestPort> rest_;
  std::atomic<bool> ready_{true};
  base::Live<pipeline::Observation> observation_{std::make_shared<const pipeline::Observation>()};
  pipeline::Services services_;
  upstream::Cluster cluster_;
  std::optional<upstream::Client> upstream_;
  pipeline::RequestHandler* handler_ = nullptr;
  TestServer server_;
};

}  // namespace vecgate::test
