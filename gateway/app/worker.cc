#include "app/worker.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace vecgate::app {

namespace asio = boost::asio;

Worker::Worker(const pipeline::Services& services, size_t index, upstream::Cluster& cluster)
    : upstream_(cluster, index, io_.get_executor()), handler_(services, index, io_.get_executor(), upstream_) {}

void Worker::Listen(int descriptor, int family, const http::ServerSettings& settings,
                    http::ConnectionCount& connections) {
  servers_.push_back(std::make_unique<http::Server>(io_, descriptor, family, handler_, settings, connections));
}

void Worker::Start() {
  for (const auto& server : servers_) server->Start();
  thread_ = std::thread([this] { io_.run(); });
}

void Worker::Adopt(std::shared_ptr<const config::Config> config) {
  asio::post(io_, [this, config = std::move(config)] {
    for (const auto& server : servers_) server->Adopt(config->limits, config->timeouts);
  });
}

void Worker::Drain(http::Successor successor) {
  asio::post(io_, [this, successor] {
    for (const auto& server : servers_) server->Drain(successor);
  });
}

void Worker::Abort() {
  asio::post(io_, [this] {
    for (const auto& server : servers_) server->Abort();
    handler_.background().Cancel();
  });
}

bool Worker::idle() const {
  for (const auto& server : servers_) {
    if (!server->idle()) return false;
  }
  return handler_.background_count() == 0;
}

void Worker::Join() {
  guard_.reset();
  thread_.join();
}

void Worker::Ping() {
  alive_.store(false, std::memory_order_relaxed);
  asio::post(io_, [this] { alive_.store(true, std::memory_order_relaxed); });
}

}  // namespace vecgate::app
