#include "app/gateway.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <utility>

#include "base/status.h"
#include "base/text.h"
#include "pipeline/limit_metrics.h"
#include "pipeline/upstream_metrics.h"

namespace vecgate::app {
namespace {

namespace asio = boost::asio;
using base::LogLevel;
using base::LogLine;
using http::Successor;

// After the drain's bound everything is cancelled; cancelled work gets this long to notice.
constexpr std::chrono::seconds kAbortGrace{5};
constexpr std::chrono::milliseconds kDrainPoll{10};
// Clients of a gateway that has a successor find out by their next answer; who asks nothing for this long is cut off.
constexpr std::chrono::seconds kReplacedIdle{5};
// A gateway whose upstream does not answer replaces its predecessor all the same: that one has no better upstream.
constexpr std::chrono::seconds kReplacePatience{10};

std::shared_ptr<const config::Config> Shared(const config::Config& config) {
  return std::make_shared<const config::Config>(config);
}

std::vector<std::unique_ptr<Backend>> BackendsOf(const config::Config& config, FindApi find_api,
                                                 asio::io_context& control) {
  std::vector<std::unique_ptr<Backend>> backends;
  for (const config::Upstream& upstream : config.Upstreams()) {
    backends.push_back(std::make_unique<Backend>(config.With(upstream), find_api(upstream.kind), control));
  }
  return backends;
}

}  // namespace

base::LogLevel LogLevelOf(const config::Config& config) {
  if (config.log.level == "debug") return LogLevel::kDebug;
  if (config.log.level == "warning") return LogLevel::kWarning;
  if (config.log.level == "error") return LogLevel::kError;
  return LogLevel::kInfo;
}

absl::Status Check(const config::Config& config, FindApi find_api) {
  for (const config::Upstream& upstream : config.Upstreams()) {
    const absl::Status status = Backend::Check(config.With(upstream), find_api(upstream.kind));
    if (!status.ok()) return status;
  }
  asio::io_context io{1};
  metrics::Metrics metrics({}, 1, VECGATE_VERSION);
  if (const auto listeners = Listeners::Make(config, metrics); !listeners.ok()) return listeners.status();
  return tracing::Exporter::Make(config.tracing, 1, VECGATE_VERSION, metrics, io.get_executor()).status();
}

Gateway::Gateway(Options options, FindApi find_api)
    : options_(std::move(options)),
      config_(Shared(options_.config)),
      threads_(options_.config.threads > 0 ? options_.config.threads
                                           : std::max(1u, std::thread::hardware_concurrency())),
      backends_(BackendsOf(options_.config, find_api, control_)),
      route_numbers_(RouteNumbersOf(backends_)),
      metrics_(route_numbers_.labels, threads_, VECGATE_VERSION, options_.config.metrics.collections),
      gate_(options_.config.limits, threads_),
      signals_(control_, SIGTERM, SIGINT),
      hangup_(control_, SIGHUP),
      rotation_(control_, SIGUSR1),
      beat_(control_),
      reloader_(control_, config_.Get(), options_.config_file, options_.load, metrics_) {}

Gateway::~Gateway() = default;

absl::Status Gateway::Start() {
  const config::Config& config = options_.config;
  if (absl::Status status = OpenBackends(); !status.ok()) return status;

  auto listeners = Listeners::Make(config, metrics_);
  if (!listeners.ok()) return listeners.status();
  listeners_ = *std::move(listeners);

  absl::StatusOr<Sockets> sockets = OpenSockets(config, threads_);
  if (!sockets.ok()) return sockets.status();
  const std::vector<Port> ports = sockets->ports();
  if (absl::Status status = OfferHandover(*sockets); !status.ok()) return status;
  AddMetrics();
  AddReloadableParts();
  if (sockets->admin.has_value()) ServeAdmin(*std::move(sockets->admin));
  StartWorkers(*sockets);

  for (const auto& backend : backends_) backend->Start();
  if (exporter_ != nullptr) Spawn(exporter_->Run());
  Spawn(reloader_.Watch());
  if (service_manager_.watchdog().count() > 0) Spawn(Beat());
  WaitForSignal();
  WaitForReload();
  WaitForRotation();
  for (const Port& port : ports) {
    LogLine(LogLevel::kInfo, "listening").Add("name", port.name).Add("address", port.address.ToString());
  }
  std::vector<std::string> apis;
  std::vector<std::string> addresses;
  for (const auto& backend : backends_) {
    apis.emplace_back(backend->api().spec().name);
    addresses.push_back(base::Join(backend->addresses(), ","));
  }
  LogLine(LogLevel::kInfo, "started")
      .Add("version", VECGATE_VERSION)
      .Add("api", base::Join(apis, ","))
      .Add("upstream", base::Join(addresses, ","))
      .Add("threads", threads_);
  if (absl::Status status = WritePortFile(options_.port_file, ports); !status.ok()) return status;
  if (sockets->predecessor.has_value()) Spawn(Replace(*std::move(sockets->predecessor)));
  service_manager_.Ready("serving");
  return absl::OkStatus();
}

void Gateway::Run() {
  control_.run();
  for (const auto& worker : workers_) worker->Join();
}

void Gateway::GiveUp() {
  draining_ = true;
  Spawn(Drain(Successor::kNone));
  Run();
}

void Gateway::OnLoopEnd(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

void Gateway::Spawn(base::Awaitable<void> loop) { asio::co_spawn(control_, std::move(loop), &Gateway::OnLoopEnd); }

Gateway::RouteNumbers Gateway::RouteNumbersOf(std::span<const std::unique_ptr<Backend>> backends) {
  RouteNumbers numbers;
  for (const auto& backend : backends) {
    // Databases of one kind count together.
    if (!numbers.first.emplace(&backend->api().spec(), numbers.labels.size()).second) continue;
    for (metrics::RouteLabel& label : pipeline::LabelsOf(backend->api())) numbers.labels.push_back(std::move(label));
  }
  return numbers;
}

absl::Status Gateway::OpenBackends() {
  auto exporter = tracing::Exporter::Make(options_.config.tracing, threads_, VECGATE_VERSION, metrics_,
                                          control_.get_executor());
  if (!exporter.ok()) return exporter.status();
  exporter_ = *std::move(exporter);
  const Backend::Shared shared{config_,  metrics_,         gate_,     auth_failures_,
                               offload_, exporter_.get(), draining_, threads_};
  for (const auto& backend : backends_) {
    const absl::Status status = backend->Open(shared, route_numbers_.first.at(&backend->api().spec()));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

bool Gateway::ready() const {
  return std::all_of(backends_.begin(), backends_.end(), [](const auto& backend) { return backend->ready(); });
}

void Gateway::ServeAdmin(OpenListener admin) {
  admin_handler_.emplace(metrics_, [this] { return ready(); });
  const http::ServerSettings settings{
      .name = admin.listener.name, .limits = options_.config.limits, .timeouts = options_.config.timeouts};
  admin_server_.emplace(control_, admin.sockets.Take(0), admin.sockets.family(), *admin_handler_, settings,
                        admin_connections_);
  admin_server_->Start();
}

void Gateway::StartWorkers(Sockets& sockets) {
  for (size_t i = 0; i < threads_; ++i) {
    workers_.push_back(std::make_unique<Worker>(backends_, i));
  }
  for (size_t listener = 0; listener < sockets.rest.size(); ++listener) {
    http::ListeningSockets& opened = sockets.rest[listener].sockets;
    const std::string& upstream = sockets.rest[listener].listener.upstream;
    // There may be more sockets than threads: the gateway before this one may have had more threads.
    for (size_t i = 0; i < opened.size(); ++i) {
      workers_[i % threads_]->Listen(opened.Take(i), opened.family(), listeners_->settings(listener), connections_,
                                     upstream);
    }
  }
  for (const auto& worker : workers_) worker->Start();
}

absl::Status Gateway::OfferHandover(const Sockets& opened) {
  const std::string& path = options_.config.lifecycle.handover;
  if (path.empty()) return absl::OkStatus();
  absl::StatusOr<std::vector<lifecycle::InheritedSocket>> sockets = opened.Duplicate();
  if (!sockets.ok()) return sockets.status();
  handover_.emplace(control_, path, *std::move(sockets), [this] {
    LogLine(LogLevel::kInfo, "replaced");
    BeginDrain(Successor::kThere);
  });
  // The path stays with a gateway that runs, until it is replaced.
  return opened.predecessor.has_value() ? absl::OkStatus() : AwaitSuccessor();
}

absl::Status Gateway::AwaitSuccessor() {
  if (absl::Status status = handover_->Listen(); !status.ok()) return status;
  Spawn(handover_->Run());
  return absl::OkStatus();
}

void Gateway::AddMetrics() {
  metrics_.AddReadCounter("vecgate_upstream_credential_failures_total",
                          "Attempts to get the gateway's own credential that failed",
                          [this] {
                            double failures = 0;
                            for (const auto& b : backends_) failures += static_cast<double>(b->credential_failures());
                            return failures;
                          });
  metrics_.AddReadCounter("vecgate_log_lines_lost_total", "Log lines that found the queue full",
                          [] { return static_cast<double>(base::LostLogLines()); });
  metrics_.AddGauge("vecgate_connections", "Open client connections",
                    [this] { return static_cast<double>(connections_.now.load(std::memory_order_relaxed)); });
  std::vector<pipeline::NamedCluster> clusters;
  for (const auto& backend : backends_) clusters.push_back({backend->name(), &backend->cluster()});
  pipeline::AddUpstreamMetrics(metrics_, clusters);
  pipeline::AddLimitMetrics(metrics_, gate_, clusters);
}

void Gateway::AddReloadableParts() {
  reloader_.Add([this](const std::shared_ptr<const config::Config>& config) -> absl::StatusOr<Reloader::Commit> {
    auto contexts = listeners_->Prepare(*config);
    if (!contexts.ok()) return contexts.status();
    return [this, contexts = *std::move(contexts)] { listeners_->Use(contexts); };
  });
  for (const auto& backend : backends_) {
    reloader_.Add([&backend](const std::shared_ptr<const config::Config>& config) { return backend->Prepare(*config); });
  }
  // Plain values: nothing to prepare.
  reloader_.Add([this](const std::shared_ptr<const config::Config>& config) -> absl::StatusOr<Reloader::Commit> {
    return [this, config] {
      config_.Set(config);
      base::SetLogLevel(LogLevelOf(*config));
      gate_.Adopt(config->limits);
      if (admin_server_.has_value()) admin_server_->Adopt(config->limits, config->timeouts);
      for (const auto& worker : workers_) worker->Adopt(config);
    };
  });
}

void Gateway::WaitForSignal() {
  signals_.async_wait([this](boost::system::error_code error, int signal) {
    if (error) return;
    if (++signals_heard_ > 1) std::_Exit(1);  // asked twice: now
    LogLine(LogLevel::kInfo, "draining").Add("signal", signal);
    // First: the drain starts inside co_spawn, and may end there and cancel this wait.
    WaitForSignal();
    BeginDrain(Successor::kNone);
  });
}

void Gateway::WaitForReload() {
  hangup_.async_wait([this](boost::system::error_code error, int) {
    if (error) return;
    service_manager_.Reloading();
    reloader_.Reload("SIGHUP");
    service_manager_.Ready("serving");
    WaitForReload();
  });
}

void Gateway::WaitForRotation() {
  rotation_.async_wait([this](boost::system::error_code error, int) {
    if (error) return;
    base::ReopenLogs();
    LogLine(LogLevel::kInfo, "logs_reopened");
    WaitForRotation();
  });
}

void Gateway::BeginDrain(Successor successor) {
  if (draining_.exchange(true)) {
    // Replaced already, and now told to end: idle connections need not wait.
    for (const auto& worker : workers_) worker->Drain(successor);
    return;
  }
  // A successor has told the service manager that it is the one now.
  if (successor == Successor::kNone) service_manager_.Stopping("draining");
  Spawn(Drain(successor));
}

bool Gateway::WorkersIdle() const {
  return std::all_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->idle(); });
}

base::Awaitable<bool> Gateway::Idle(std::chrono::steady_clock::time_point end) {
  Timer timer(control_);
  while (!WorkersIdle()) {
    if (std::chrono::steady_clock::now() >= end) co_return false;
    timer.expires_after(kDrainPoll);
    co_await timer.async_wait(base::kAsTuple);
  }
  co_return true;
}

base::Awaitable<void> Gateway::Drain(Successor successor) {
  const auto begin = std::chrono::steady_clock::now();
  const std::chrono::milliseconds bound = config_.Get()->timeouts.drain;
  hangup_.cancel();
  reloader_.Stop();
  if (handover_.has_value()) handover_->Stop();
  for (const auto& worker : workers_) worker->Drain(successor);
  if (successor == Successor::kThere) {
    // Operators are to meet the successor.
    if (admin_server_.has_value()) admin_server_->Drain(successor);
    co_await Idle(begin + std::min<std::chrono::milliseconds>(kReplacedIdle, bound / 2));
    for (const auto& worker : workers_) worker->Drain(Successor::kNone);
  }
  bool complete = co_await Idle(begin + bound);
  if (!complete) {
    LogLine(LogLevel::kWarning, "drain_incomplete").Add("connections", connections_.now.load());
    for (const auto& worker : workers_) worker->Abort();
    complete = co_await Idle(std::chrono::steady_clock::now() + kAbortGrace);
  }
  LogLine(LogLevel::kInfo, "stopped")
      .Add("ms",
           std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count());
  if (!complete) {
    // Something does not let go. Ending now is all that is left; there is no state to lose.
    base::StopLog();
    std::_Exit(0);
  }
  for (const auto& backend : backends_) backend->Stop();
  if (admin_server_.has_value()) {
    admin_server_->Drain();
    admin_server_->Abort();
  }
  // After the last request: its spans go along.
  if (exporter_ != nullptr) exporter_->Stop();
  beat_.cancel();
  rotation_.cancel();
  signals_.cancel();
}

base::Awaitable<void> Gateway::Replace(lifecycle::Predecessor predecessor) {
  Timer timer(control_);
  const auto end = std::chrono::steady_clock::now() + kReplacePatience;
  const auto reachable = [this] {
    return std::all_of(backends_.begin(), backends_.end(), [](const auto& backend) { return backend->reachable(); });
  };
  while (!reachable() && !draining() && std::chrono::steady_clock::now() < end) {
    timer.expires_after(kDrainPoll);
    co_await timer.async_wait(base::kAsTuple);
  }
  if (draining()) co_return;  // the gateway before stays
  if (const absl::Status status = AwaitSuccessor(); !status.ok()) {
    LogLine(LogLevel::kError, "handover_failed").Add("error", base::MessageOf(status));
  }
  predecessor.Replace();
  LogLine(LogLevel::kInfo, "replaced_predecessor");
}

base::Awaitable<void> Gateway::Beat() {
  boost::system::error_code stopped;
  while (!stopped) {
    for (const auto& worker : workers_) worker->Ping();
    beat_.expires_after(service_manager_.watchdog() / 2);
    const auto [error] = co_await beat_.async_wait(base::kAsTuple);
    stopped = error;
    const bool well = std::all_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->alive(); });
    if (!stopped && well) service_manager_.Beat();
  }
}

}  // namespace vecgate::app
