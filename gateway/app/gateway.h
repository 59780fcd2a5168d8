// A gateway that runs: all rooms, wired.
#pragma once

#include <absl/status/status.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "admin/admin_handler.h"
#include "app/backend.h"
#include "app/listeners.h"
#include "app/open_sockets.h"
#include "app/reloader.h"
#include "app/worker.h"
#include "base/awaitable.h"
#include "base/live.h"
#include "base/log.h"
#include "compression/offload.h"
#include "config/config.h"
#include "http/server.h"
#include "lifecycle/handover.h"
#include "lifecycle/service_manager.h"
#include "limits/gate.h"
#include "metrics/metrics.h"
#include "pipeline/handle_request.h"
#include "runtime/route.h"
#include "tracing/exporter.h"

namespace vecgate::app {

struct Options {
  config::Config config;
  std::string config_file;  // empty: none is watched
  Reloader::Load load;      // reads the configuration again
  std::string port_file;    // where to write the ports; empty: nowhere
};

// The API of databases of a kind (upstream.kind). Static storage.
using FindApi = const runtime::ApiSpec& (*)(std::string_view kind);

base::LogLevel LogLevelOf(const config::Config& config);

// Whether a gateway could start with the configuration: files that it names can be read and make sense. Nothing listens
// and nothing connects.
absl::Status Check(const config::Config& config, FindApi find_api);

// The control thread, which is the caller's, answers the admin listener, asks for the upstream's health, hears signals
// and reloads. SIGTERM and SIGINT drain, asked a second time they end the process; SIGHUP reloads, SIGUSR1 opens
// log files anew.
class Gateway {
 public:
  Gateway(Options options, FindApi find_api);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  absl::Status Start();
  // Serves until a signal, or a successor, has been heard and what ran has ended.
  void Run();
  // Start failed: ends what runs already.
  void GiveUp();

 private:
  // Routes in the metrics: those of one API after those of another.
  struct RouteNumbers {
    std::vector<metrics::RouteLabel> labels;
    std::map<const runtime::ApiSpec*, size_t> first;
  };
  static RouteNumbers RouteNumbersOf(std::span<const std::unique_ptr<Backend>> backends);

  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>, base::Executor>;

  static void OnLoopEnd(std::exception_ptr failure);
  // Runs on the control thread; its end by an exception is that of the process.
  void Spawn(base::Awaitable<void> loop);

  absl::Status OpenBackends();
  void ServeAdmin(OpenListener admin);
  void StartWorkers(Sockets& sockets);
  absl::Status OfferHandover(const Sockets& opened);
  absl::Status AwaitSuccessor();
  void AddMetrics();
  // What takes effect without a restart.
  void AddReloadableParts();

  void WaitForSignal();
  void WaitForReload();
  // Log files were moved away: new ones take their place.
  void WaitForRotation();
  // Every upstream can be asked, and nothing is being drained.
  bool ready() const;
  bool draining() const { return draining_.load(std::memory_order_relaxed); }
  void BeginDrain(http::Successor successor);
  bool WorkersIdle() const;
  // Waits until everyone is idle, at most until `end`.
  base::Awaitable<bool> Idle(std::chrono::steady_clock::time_point end);
  base::Awaitable<void> Drain(http::Successor successor);
  // Tells the gateway before this one to go, once this one can answer.
  base::Awaitable<void> Replace(lifecycle::Predecessor predecessor);
  // Tells the service manager that all threads are well.
  base::Awaitable<void> Beat();

  const Options options_;
  base::Live<config::Config> config_;
  const size_t threads_;
  boost::asio::io_context control_{1};
  const std::vector<std::unique_ptr<Backend>> backends_;
  const RouteNumbers route_numbers_;
  metrics::Metrics metrics_;
  limits::Gate gate_;
  compression::Offload offload_{1};
  http::ConnectionCount connections_;
  http::ConnectionCount admin_connections_;
  std::atomic<bool> draining_{false};
  size_t signals_heard_ = 0;
  std::unique_ptr<Listeners> listeners_;

  pipeline::AuthFailures auth_failures_{metrics_};
  boost::asio::signal_set signals_;
  boost::asio::signal_set hangup_;
  boost::asio::signal_set rotation_;
  std::unique_ptr<tracing::Exporter> exporter_;
  Timer beat_;
  lifecycle::ServiceManager service_manager_;
  Reloader reloader_;
  std::optional<admin::AdminHandler> admin_handler_;
  std::optional<http::Server> admin_server_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::optional<lifecycle::Handover> handover_;
};

}  // namespace vecgate::app
