// One I/O thread with everything it owns.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <span>
#include <string_view>
#include <thread>
#include <vector>

#include "app/backend.h"
#include "app/by_host.h"
#include "base/awaitable.h"
#include "config/config.h"
#include "http/server.h"
#include "pipeline/handle_request.h"
#include "upstream/client.h"
#include "upstream/cluster.h"

namespace vecgate::app {

// Its functions may be called from any thread, one at a time.
class Worker {
 public:
  // `backends`: at least one, all open; they outlive the worker.
  Worker(std::span<const std::unique_ptr<Backend>> backends, size_t index);

  // Serves what comes in at `descriptor`, which it owns, with the upstream of that name; empty: with that of the
  // request's host, else the first. `settings` and `connections` outlive the worker. Before Start.
  void Listen(int descriptor, int family, const http::ServerSettings& settings, http::ConnectionCount& connections,
              std::string_view upstream);
  void Start();
  // Soon, on the worker's own thread.
  void Adopt(std::shared_ptr<const config::Config> config);
  void Drain(http::Successor successor);
  void Abort();
  // True once nothing runs.
  bool idle() const;
  // Only once idle.
  void Join();

  // Asks for a sign of life; `alive` tells whether the thread has given it since.
  void Ping();
  bool alive() const { return alive_.load(std::memory_order_relaxed); }

 private:
  // This thread's part of a backend.
  struct Side {
    Side(Backend& backend, size_t index, base::Executor executor)
        : name(backend.name()),
          upstream(backend.cluster(), index, executor),
          handler(backend.services(), index, executor, upstream) {}

    const std::string name;
    upstream::Client upstream;
    pipeline::RequestHandler handler;
  };
  static std::vector<std::unique_ptr<Side>> SidesOf(std::span<const std::unique_ptr<Backend>> backends, size_t index,
                                                    base::Executor executor);
  http::Handler& HandlerOf(std::string_view upstream);

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<base::Executor> guard_{io_.get_executor()};
  std::vector<std::unique_ptr<Side>> sides_;
  ByHost by_host_;
  std::vector<std::unique_ptr<http::Server>> servers_;
  std::atomic<bool> alive_{true};
  std::thread thread_;
};

}  // namespace vecgate::app
