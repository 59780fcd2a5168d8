// vecgate: builds the rooms, wires them, runs them, drains them.
#include <absl/status/statusor.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "admin/admin_handler.h"
#include "base/awaitable.h"
#include "base/live.h"
#include "base/log.h"
#include "base/status.h"
#include "base/text.h"
#include "config/loader.h"
#include "http/listening.h"
#include "http/server.h"
#include "listeners.h"
#include "metrics/metrics.h"
#include "pipeline/handle_request.h"
#include "pipeline/rest_port.h"
#include "qdrant/api.h"
#include "runtime/translation.h"
#include "tracing/exporter.h"
#include "upstream/channels.h"
#include "upstream/health.h"

namespace vecgate {
namespace {

namespace asio = boost::asio;
using base::LogLevel;
using base::LogLine;

// After the drain's bound everything is cancelled; cancelled work gets this long to notice.
constexpr std::chrono::seconds kAbortGrace{5};
constexpr std::chrono::milliseconds kDrainPoll{10};

// One I/O thread with everything it owns.
class Worker {
 public:
  Worker(const pipeline::Services& services, size_t index, std::shared_ptr<grpc::Channel> channel)
      : stub_(std::move(channel)), handler_(services, index, io_.get_executor(), stub_) {}

  // Before Start.
  void Listen(int descriptor, int family, const http::ServerSettings& settings, http::ConnectionCount& connections) {
    servers_.push_back(
        std::make_unique<http::Server>(io_, descriptor, family, handler_, settings, connections));
  }

  void Start() {
    for (const auto& server : servers_) server->Start();
    thread_ = std::thread([this] { io_.run(); });
  }
  void Drain() {
    asio::post(io_, [this] {
      for (const auto& server : servers_) server->Drain();
    });
  }
  void Abort() {
    asio::post(io_, [this] {
      for (const auto& server : servers_) server->Abort();
      handler_.background().Cancel();
    });
  }
  bool idle() const {
    for (const auto& server : servers_) {
      if (!server->idle()) return false;
    }
    return handler_.background_count() == 0;
  }
  // Only once idle.
  void Join() {
    guard_.reset();
    thread_.join();
  }

 private:
  asio::io_context io_{1};
  asio::executor_work_guard<base::Executor> guard_{io_.get_executor()};
  grpc::GenericStub stub_;
  pipeline::RequestHandler handler_;
  std::vector<std::unique_ptr<http::Server>> servers_;
  std::thread thread_;
};

LogLevel LevelOf(const std::string& name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  return LogLevel::kInfo;
}

struct Port {
  std::string name;
  config::Endpoint address;
};

absl::Status WritePortFile(const std::string& path, const std::vector<Port>& ports) {
  if (path.empty()) return absl::OkStatus();
  // Whoever waits for the file must never see half of it.
  const std::string draft = base::Concat(path, ".new");
  {
    std::ofstream file(draft);
    for (const Port& port : ports) file << port.name << "=" << port.address.port << "\n";
    if (!file.flush()) return absl::InternalError(base::Concat("cannot write ", draft));
  }
  if (std::rename(draft.c_str(), path.c_str()) != 0) return absl::InternalError(base::Concat("cannot write ", path));
  return absl::OkStatus();
}

// Everything of a running gateway. The control thread (the caller's) answers the admin listener, asks for the
// upstream's health and hears signals.
class Gateway {
 public:
  Gateway(const config::Config& config, const runtime::ApiSpec& spec)
      : config_(config),
        threads_(config.threads > 0 ? config.threads : std::max(1u, std::thread::hardware_concurrency())),
        api_(spec),
        metrics_(pipeline::LabelsOf(api_), threads_, VECGATE_VERSION, config.metrics.collections),
        admission_(config.limits.in_flight),
        admin_settings_{.name = "admin", .limits = config.limits, .timeouts = config.timeouts},
        signals_(control_, SIGTERM, SIGINT) {}

  absl::Status Start(const std::string& port_file) {
    absl::StatusOr<routing::RouteTable> routes = pipeline::TableOf(api_);
    if (!routes.ok()) return routes.status();
    routes_.emplace(*std::move(routes));

    const size_t channel_count = config_.upstream.channels > 0 ? config_.upstream.channels : threads_;
    auto channels = upstream::OpenChannels(config_.upstream, channel_count);
    if (!channels.ok()) return channels.status();
    health_stub_.emplace(channels->front());
    upstream::HealthMonitor::Settings health_settings;
    health_settings.check_compatibility = config_.upstream.check_compatibility;
    health_.emplace(control_, *health_stub_, api_.spec(), health_settings);

    auto rest = pipeline::RestPort::Open(config_, api_.spec());
    if (!rest.ok()) return rest.status();
    rest_ = *std::move(rest);

    auto listeners = Listeners::Make(config_, metrics_);
    if (!listeners.ok()) return listeners.status();
    listeners_ = *std::move(listeners);
    std::vector<Port> ports;
    std::vector<http::ListeningSockets> sockets;
    for (const config::Listener& listener : config_.Listeners()) {
      auto opened = http::ListeningSockets::Open(listener.address, threads_, listener.unix_mode);
      if (!opened.ok()) return opened.status();
      ports.push_back({listener.name, {listener.address.host, opened->port(), listener.address.unix_path}});
      sockets.push_back(*std::move(opened));
    }
    const auto ready = [this] { return health_->ready() && !draining_.load(std::memory_order_relaxed); };
    if (!config_.admin.empty()) {
      auto admin_socket = http::ListeningSockets::Open(config_.admin, 1);
      if (!admin_socket.ok()) return admin_socket.status();
      ports.push_back({"admin", {config_.admin.host, admin_socket->port()}});
      admin_handler_.emplace(metrics_, ready);
      admin_server_.emplace(control_, admin_socket->Take(0), admin_socket->family(), *admin_handler_, admin_settings_,
                            admin_connections_);
      admin_server_->Start();
    }

    auto exporter = tracing::Exporter::Make(config_.tracing, threads_, VECGATE_VERSION, metrics_, control_.get_executor());
    if (!exporter.ok()) return exporter.status();
    exporter_ = *std::move(exporter);
    observation_.Set(pipeline::ObservationOf(config_, api_.spec(), exporter_.get()));
    metrics_.AddReadCounter("vecgate_log_lines_lost_total", "Log lines that found the queue full",
                            [] { return static_cast<double>(base::LostLogLines()); });

    metrics_.AddGauge("vecgate_connections", "Open client connections",
                      [this] { return static_cast<double>(connections_.now.load(std::memory_order_relaxed)); });
    metrics_.AddGauge("vecgate_upstream_ready", "1 when the upstream answers",
                      [this] { return health_->ready() ? 1.0 : 0.0; });
    services_.emplace(pipeline::Services{api_, *routes_, config_.limits, config_.compression, metrics_, admission_, ready,
                                         observation_, rest_.get()});
    for (size_t i = 0; i < threads_; ++i) {
      workers_.push_back(std::make_unique<Worker>(*services_, i, (*channels)[i % channel_count]));
      for (size_t listener = 0; listener < sockets.size(); ++listener) {
        workers_[i]->Listen(sockets[listener].Take(i), sockets[listener].family(), listeners_->settings(listener),
                            connections_);
      }
    }
    for (const auto& worker : workers_) worker->Start();

    asio::co_spawn(control_, health_->Run(), &Gateway::OnLoopEnd);
    if (exporter_ != nullptr) asio::co_spawn(control_, exporter_->Run(), &Gateway::OnLoopEnd);
    WaitForSignal();
    WaitForRotation();
    for (const Port& port : ports) {
      LogLine(LogLevel::kInfo, "listening").Add("name", port.name).Add("address", port.address.ToString());
    }
    LogLine(LogLevel::kInfo, "started")
        .Add("version", VECGATE_VERSION)
        .Add("api", api_.spec().name)
        .Add("upstream", upstream::TargetOf(config_.upstream.addresses))
        .Add("threads", threads_);
    return WritePortFile(port_file, ports);
  }

  // Serves until a signal has been heard and what ran has ended.
  void Run() {
    control_.run();
    for (const auto& worker : workers_) worker->Join();
  }

  // Start failed: ends what runs already.
  void GiveUp() {
    asio::co_spawn(control_, Drain(), &Gateway::OnLoopEnd);
    Run();
  }

 private:
  static void OnLoopEnd(std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  }

  void WaitForSignal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      if (draining_.exchange(true)) std::_Exit(1);  // asked twice: now
      LogLine(LogLevel::kInfo, "draining").Add("signal", signal);
      // First: the drain starts inside co_spawn, and may end there and cancel this wait.
      WaitForSignal();
      asio::co_spawn(control_, Drain(), &Gateway::OnLoopEnd);
    });
  }

  // Log files were moved away: new ones take their place.
  void WaitForRotation() {
    rotation_.async_wait([this](boost::system::error_code error, int) {
      if (error) return;
      base::ReopenLogs();
      LogLine(LogLevel::kInfo, "logs_reopened");
      WaitForRotation();
    });
  }

  bool WorkersIdle() const {
    for (const auto& worker : workers_) {
      if (!worker->idle()) return false;
    }
    return true;
  }

  // Waits until everyone is idle, at most until `end`.
  base::Awaitable<bool> Idle(std::chrono::steady_clock::time_point end) {
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, base::Executor>
        timer(control_);
    while (!WorkersIdle()) {
      if (std::chrono::steady_clock::now() >= end) co_return false;
      timer.expires_after(kDrainPoll);
      co_await timer.async_wait(base::kAsTuple);
    }
    co_return true;
  }

  base::Awaitable<void> Drain() {
    const auto begin = std::chrono::steady_clock::now();
    for (const auto& worker : workers_) worker->Drain();
    bool complete = co_await Idle(begin + config_.timeouts.drain);
    if (!complete) {
      LogLine(LogLevel::kWarning, "drain_incomplete").Add("connections", connections_.now.load());
      for (const auto& worker : workers_) worker->Abort();
      complete = co_await Idle(std::chrono::steady_clock::now() + kAbortGrace);
    }
    LogLine(LogLevel::kInfo, "stopped")
        .Add("ms", std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin)
                       .count());
    if (!complete) {
      // Something does not let go. Ending now is all that is left; there is no state to lose.
      base::StopLog();
      std::_Exit(0);
    }
    if (health_.has_value()) health_->Stop();
    if (admin_server_.has_value()) {
      admin_server_->Drain();
      admin_server_->Abort();
    }
    // After the last request: its spans go along.
    if (exporter_ != nullptr) exporter_->Stop();
    rotation_.cancel();
    signals_.cancel();
  }

  const config::Config config_;
  const size_t threads_;
  const runtime::Api api_;
  std::optional<routing::RouteTable> routes_;
  metrics::Metrics metrics_;
  pipeline::Admission admission_;
  std::unique_ptr<Listeners> listeners_;
  const http::ServerSettings admin_settings_;
  std::unique_ptr<const pipeline::RestPort> rest_;
  http::ConnectionCount connections_;
  http::ConnectionCount admin_connections_;
  std::atomic<bool> draining_{false};
  base::Live<pipeline::Observation> observation_{std::make_shared<const pipeline::Observation>()};
  std::optional<pipeline::Services> services_;

  asio::io_context control_{1};
  asio::signal_set signals_;
  asio::signal_set rotation_{control_, SIGUSR1};
  std::unique_ptr<tracing::Exporter> exporter_;
  std::optional<grpc::GenericStub> health_stub_;
  std::optional<upstream::HealthMonitor> health_;
  std::optional<admin::AdminHandler> admin_handler_;
  std::optional<http::Server> admin_server_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

// Says why nothing is served.
int Refuse(const absl::Status& status) {
  std::cerr << "vecgate: " << base::MessageOf(status) << "\n";
  return 2;
}

int Serve(const config::Config& config, const std::string& port_file) {
  std::signal(SIGPIPE, SIG_IGN);
  const absl::Status log = base::StartLog(
      LevelOf(config.log.level), {config.log.file, config.log.access_file, config.log.audit_file});
  if (!log.ok()) return Refuse(log);
  int exit_code = 0;
  {
    Gateway gateway(config, translators::qdrant::ApiSpec());
    const absl::Status status = gateway.Start(port_file);
    if (status.ok()) {
      gateway.Run();
    } else {
      LogLine(LogLevel::kError, "start_failed").Add("error", base::MessageOf(status));
      std::cerr << "vecgate: " << base::MessageOf(status) << "\n";
      exit_code = 1;
      gateway.GiveUp();
    }
  }
  base::StopLog();
  return exit_code;
}

int Main(std::span<const char* const> arguments) {
  using Action = config::CommandLine::Action;
  const absl::StatusOr<config::CommandLine> line = config::ParseCommandLine(arguments);
  if (!line.ok()) return Refuse(line.status());
  switch (line->action) {
    case Action::kHelp:
      std::cout << config::HelpText();
      return 0;
    case Action::kVersion:
      std::cout << "vecgate " << VECGATE_VERSION << "\n";
      return 0;
    case Action::kPrintSchema:
      std::cout << config::Schema();
      return 0;
    case Action::kCheckConfig:
    case Action::kPrintConfig:
    case Action::kServe:
      break;
  }
  const absl::StatusOr<config::Config> config =
      config::Load(*line, [](const char* name) { return std::getenv(name); });
  if (!config.ok()) return Refuse(config.status());
  if (line->action == Action::kServe) return Serve(*config, line->port_file);
  // Opening a channel reads the TLS files; nothing connects before the first call.
  if (const auto channels = upstream::OpenChannels(config->upstream, 1); !channels.ok()) {
    return Refuse(channels.status());
  }
  if (const auto rest = pipeline::RestPort::Open(*config, translators::qdrant::ApiSpec()); !rest.ok()) {
    return Refuse(rest.status());
  }
  asio::io_context io{1};
  metrics::Metrics metrics({}, 1, VECGATE_VERSION);
  const auto exporter = tracing::Exporter::Make(config->tracing, 1, VECGATE_VERSION, metrics, io.get_executor());
  if (!exporter.ok()) return Refuse(exporter.status());
  if (const auto listeners = Listeners::Make(*config, metrics); !listeners.ok()) return Refuse(listeners.status());
  if (line->action == Action::kPrintConfig) std::cout << config::Print(*config);
  return 0;
}

}  // namespace
}  // namespace vecgate

int main(int argc, char** argv) {
  return vecgate::Main(std::span<const char* const>(argv + 1, static_cast<size_t>(argc > 0 ? argc - 1 : 0)));
}
