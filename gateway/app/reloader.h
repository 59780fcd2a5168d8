// Puts a changed configuration into effect while the gateway runs.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/file_watch.h"
#include "base/awaitable.h"
#include "config/config.h"
#include "metrics/metrics.h"

namespace vecgate::app {

// All or nothing: the configuration is read, every part prepares what is to change, and only when all of them could is
// any of it put into effect. A configuration that is faulty, or a file it names, is told in the log and counted.
//
// On the thread of `io`; files are read there, as it answers nobody but operators.
class Reloader {
 public:
  using Load = std::function<absl::StatusOr<config::Config>()>;
  // Puts into effect what was prepared. It cannot fail, and waits for nothing.
  using Commit = std::function<void()>;
  // Builds from the configuration all that can fail. What it returns is called at once, or never.
  using Prepare = std::function<absl::StatusOr<Commit>(const std::shared_ptr<const config::Config>&)>;

  // `running`: in effect since the start. `file`: where it stands; empty: nowhere. `metrics` outlives the reloader, and
  // is not read after it.
  Reloader(boost::asio::io_context& io, std::shared_ptr<const config::Config> running, std::string file, Load load,
           metrics::Metrics& metrics);

  // Parts are prepared and committed in the order in which they were added.
  void Add(Prepare part) { parts_.push_back(std::move(part)); }

  // Reads the configuration again. `cause` is for the log.
  void Reload(std::string_view cause);
  // Reloads when the file, or one that it names, has changed. Runs until Stop.
  base::Awaitable<void> Watch();
  void Stop();

 private:
  absl::Status Apply();
  FilesView Look() const;

  const Load load_;
  const std::string file_;
  const std::shared_ptr<const config::Config> started_;
  std::shared_ptr<const config::Config> running_;
  std::vector<std::string> named_files_;  // of the last configuration that could be read
  std::vector<Prepare> parts_;
  FilesView seen_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    base::Executor>
      timer_;
  bool stopped_ = false;
  metrics::Counters& reloads_;
  const size_t succeeded_;
  const size_t failed_;
  std::atomic<double> last_success_;  // seconds since 1970
};

}  // namespace vecgate::app
