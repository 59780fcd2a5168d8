#include "app/reloader.h"

#include <chrono>
#include <utility>

#include "base/log.h"
#include "base/status.h"
#include "base/text.h"
#include "config/settings.h"

namespace vecgate::app {
namespace {

using base::LogLevel;
using base::LogLine;

double Now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}  // namespace

Reloader::Reloader(boost::asio::io_context& io, std::shared_ptr<const config::Config> running, std::string file,
                   Load load, metrics::Metrics& metrics)
    : load_(std::move(load)),
      file_(std::move(file)),
      started_(running),
      running_(std::move(running)),
      named_files_(config::NamedFiles(*running_)),
      seen_(Look()),
      timer_(io),
      reloads_(
          metrics.AddCounters("vecgate_config_reloads_total", "Times the configuration was read again", {"result"})),
      succeeded_(reloads_.Series({"success"})),
      failed_(reloads_.Series({"failure"})),
      last_success_(Now()) {
  metrics.AddGauge("vecgate_config_last_reload_success_timestamp_seconds",
                   "When the configuration in effect was read, in seconds since 1970",
                   [this] { return last_success_.load(std::memory_order_relaxed); });
}

void Reloader::Reload(std::string_view cause) {
  const absl::Status status = Apply();
  seen_ = Look();
  if (!status.ok()) {
    reloads_.Add(failed_);
    LogLine(LogLevel::kError, "config_reload_failed").Add("cause", cause).Add("error", base::MessageOf(status));
    return;
  }
  reloads_.Add(succeeded_);
  last_success_.store(Now(), std::memory_order_relaxed);
  LogLine(LogLevel::kInfo, "config_reloaded").Add("cause", cause);
  const std::vector<std::string> keys = config::NeedRestart(*started_, *running_);
  if (!keys.empty()) LogLine(LogLevel::kWarning, "config_needs_restart").Add("keys", base::Join(keys, ","));
  timer_.cancel();  // the interval may be another
}

absl::Status Reloader::Apply() {
  absl::StatusOr<config::Config> loaded = load_();
  if (!loaded.ok()) return loaded.status();
  const auto config = std::make_shared<const config::Config>(*std::move(loaded));
  named_files_ = config::NamedFiles(*config);
  std::vector<Commit> commits;
  for (const Prepare& prepare : parts_) {
    absl::StatusOr<Commit> commit = prepare(config);
    if (!commit.ok()) return commit.status();
    commits.push_back(*std::move(commit));
  }
  for (const Commit& commit : commits) commit();
  running_ = config;
  return absl::OkStatus();
}

FilesView Reloader::Look() const {
  std::vector<std::string> files = named_files_;
  if (!file_.empty()) files.push_back(file_);
  return FilesView(files);
}

base::Awaitable<void> Reloader::Watch() {
  FilesView changed = seen_;
  while (!stopped_) {
    const std::chrono::milliseconds interval = running_->reload.watch;
    if (interval.count() > 0) {
      timer_.expires_after(interval);
    } else {
      timer_.expires_at(std::chrono::steady_clock::time_point::max());
    }
    const auto [error] = co_await timer_.async_wait(base::kAsTuple);
    if (stopped_) break;
    if (error) continue;
    // A file is read once it has looked the same twice: then nobody is writing it.
    FilesView now = Look();
    if (now != seen_ && now == changed) {
      Reload("file");
    } else {
      changed = std::move(now);
    }
  }
}

void Reloader::Stop() {
  stopped_ = true;
  timer_.cancel();
}

}  // namespace vecgate::app
