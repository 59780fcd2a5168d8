// A gateway that runs: all rooms, wired.
#pragma once

#include <absl/status/status.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "admin/admin_handler.h"
#include "app/listeners.h"
#include "app/open_sockets.h"
#include "app/reloader.h"
#include "app/worker.h"
#include "auth/gate.h"
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
#include "pipeline/rest_port.h"
#include "runtime/translation.h"
#include "tracing/exporter.h"
#include "upstream/cluster.h"

namespace vecgate::app {

struct Options {
  config::Config config;
  std::string config_file;  // empty: none is watched
  Reloader::Load load;      // reads the configuration again
  std::string port_file;    // where to write the ports; empty: nowhere
};

base::LogLevel LogLevelOf(const config::Config& config);

// Whether a gateway could start with the configuration: files that it names can be read and make sense. Nothing listens
// and nothing connects.
absl::Status Check(const config::Config& config, const runtime::ApiSpec& spec);

// The control thread, which is the caller's, answers the admin listener, asks for the upstream's health, hears signals
// and reloads. SIGTERM and SIGINT drain, asked a second time they end the process; SIGHUP reloads, SIGUSR1 opens
// log files anew.
class Gateway {
 public:
  Gateway(Options options, const runtime::ApiSpec& spec);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  absl::Status Start();
  // Serves until a signal, or a successor, has been heard and what ran has ended.
  void Run();
  // Start failed: ends what runs already.
  void GiveUp();

 private:
  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>, base::Executor>;

  static void OnLoopEnd(std::exception_ptr failure);
  // Runs on the control thread; its end by an exception is that of the process.
  void Spawn(base::Awaitable<void> loop);

  absl::Status OpenUpstream();
  absl::Status OpenObservation();
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
  // The upstream can be asked, and nothing is being drained.
  bool ready() const { return cluster_->ready() && auth_.policy().Get()->credentials->ready() && !draining(); }
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
  const runtime::Api api_;
  std::optional<routing::RouteTable> routes_;
  metrics::Metrics metrics_;
  limits::Gate gate_;
  compression::Offload offload_{1};
  base::Live<pipeline::RestPort> rest_{nullptr};
  http::ConnectionCount connections_;
  http::ConnectionCount admin_connections_;
  std::atomic<bool> draining_{false};
  base::Live<pipeline::Observation> observation_{std::make_shared<const pipeline::Observation>()};
  size_t signals_heard_ = 0;
  std::optional<pipeline::Services> services_;
  std::unique_ptr<Listeners> listeners_;

  boost::asio::io_context control_{1};
  auth::Gate auth_{api_.spec(), control_.get_executor()};
  pipeline::AuthFailures auth_failures_{metrics_};
  boost::asio::signal_set signals_;
  boost::asio::signal_set hangup_;
  boost::asio::signal_set rotation_;
  std::unique_ptr<tracing::Exporter> exporter_;
  Timer beat_;
  lifecycle::ServiceManager service_manager_;
  Reloader reloader_;
  std::optional<upstream::Cluster> cluster_;
  std::optional<admin::AdminHandler> admin_handler_;
  std::optional<http::Server> admin_server_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::optional<lifecycle::Handover> handover_;
};

}  // namespace vecgate::app
