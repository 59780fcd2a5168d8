#include "app/worker.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace vecgate::app {

namespace asio = boost::asio;

std::vector<std::unique_ptr<Worker::Side>> Worker::SidesOf(std::span<const std::unique_ptr<Backend>> backends,
                                                           size_t index, base::Executor executor) {
  std::vector<std::unique_ptr<Side>> sides;
  for (const auto& backend : backends) sides.push_back(std::make_unique<Side>(*backend, index, executor));
  return sides;
}

Worker::Worker(std::span<const std::unique_ptr<Backend>> backends, size_t index)
    : sides_(SidesOf(backends, index, io_.get_executor())), by_host_(sides_.front()->handler) {
  for (size_t i = 0; i < backends.size(); ++i) {
    for (const std::string& host : backends[i]->hosts()) by_host_.Add(host, sides_[i]->handler);
  }
}

http::Handler& Worker::HandlerOf(std::string_view upstream) {
  if (sides_.size() == 1) return sides_.front()->handler;
  for (const auto& side : sides_) {
    if (side->name == upstream) return side->handler;
  }
  return by_host_;
}

void Worker::Listen(int descriptor, int family, const http::ServerSettings& settings,
                    http::ConnectionCount& connections, std::string_view upstream) {
  servers_.push_back(
      std::make_unique<http::Server>(io_, descriptor, family, HandlerOf(upstream), settings, connections));
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
    for (const auto& side : sides_) side->handler.background().Cancel();
  });
}

bool Worker::idle() const {
  for (const auto& server : servers_) {
    if (!server->idle()) return false;
  }
  return std::all_of(sides_.begin(), sides_.end(),
                     [](const auto& side) { return side->handler.background_count() == 0; });
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
