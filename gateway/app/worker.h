// One I/O thread with everything it owns.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

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
  // All but `index` outlive the worker.
  Worker(const pipeline::Services& services, size_t index, upstream::Cluster& cluster);

  // Serves what comes in at `descriptor`, which it owns. Before Start.
  void Listen(int descriptor, int family, const http::ServerSettings& settings, http::ConnectionCount& connections);
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
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<base::Executor> guard_{io_.get_executor()};
  upstream::Client upstream_;
  pipeline::RequestHandler handler_;
  std::vector<std::unique_ptr<http::Server>> servers_;
  std::atomic<bool> alive_{true};
  std::thread thread_;
};

}  // namespace vecgate::app
