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
        admission_(settings.limits.in_flight),
        rest_(*pipeline::RestPort::Open(rest, FakeApi())),
        services_{api_, routes_, config_, metrics_, admission_, [this] { return ready_.load(); }, observation_, rest_},
        stub_(Channel(upstream)),
        server_(settings_, [this](boost::asio::io_context& io) {
          auto handler = std::make_unique<pipeline::RequestHandler>(services_, 0, io.get_executor(), stub_);
          handler_ = handler.get();
          return handler;
        }) {}

  uint16_t port() const { return server_.port(); }
  TestServer& server() { return server_; }
  pipeline::RequestHandler& handler() { return *handler_; }
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
  static std::shared_ptr<grpc::Channel> Channel(const std::string& address) {
    config::Upstream upstream;
    upstream.addresses = {address};
    return upstream::OpenChannels(upstream, 1)->front();
  }

  http::ServerSettings settings_;
  base::Live<config::Config> config_;
  runtime::Api api_;
  routing::RouteTable routes_;
  metrics::Metrics metrics_;
  pipeline::Admission admission_;
  base::Live<pipeline::RestPort> rest_;
  std::atomic<bool> ready_{true};
  base::Live<pipeline::Observation> observation_{std::make_shared<const pipeline::Observation>()};
  pipeline::Services services_;
  grpc::GenericStub stub_;
  pipeline::RequestHandler* handler_ = nullptr;
  TestServer server_;
};

}  // namespace vecgate::test
