// Sends spans to a collector: OTLP over HTTP, as JSON.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/awaitable.h"
#include "base/cancel.h"
#include "base/timer.h"
#include "config/config.h"
#include "http_client/target.h"
#include "metrics/metrics.h"
#include "tracing/otlp_json.h"
#include "tracing/span_queue.h"

namespace vecgate::tracing {

// Bounded everywhere: what finds no room in a queue, and what the collector refuses or does not take after some tries,
// is counted (vecgate_spans_total) and lost. No request waits for it.
class Exporter {
 public:
  // Null when the configuration names no collector. Fails on a URL or authorities that cannot be read. `metrics`
  // outlives the exporter.
  static absl::StatusOr<std::unique_ptr<Exporter>> Make(const config::Tracing& settings, size_t threads,
                                                        std::string_view version, metrics::Metrics& metrics,
                                                        base::Executor executor);

  // From the thread of that number.
  void Put(size_t thread, std::vector<Span> spans);

  // Sends what comes, on the executor's thread, until Stop. Runs once.
  base::Awaitable<void> Run();
  // On the executor's thread: Run sends what is queued, once and for a short time, and ends.
  void Stop();

 private:
  Exporter(const config::Tracing& settings, size_t threads, std::string_view version, metrics::Metrics& metrics,
           base::Executor executor);

  // Sends all of `spans`, in batches.
  base::Awaitable<void> Send(std::vector<Span> spans);
  // One batch, several times if need be. True: it was taken.
  base::Awaitable<bool> SendBatch(std::span<const Span> spans);
  void Tell(bool taken, std::string_view why);

  const config::Tracing settings_;
  const Resource resource_;
  const base::Executor executor_;
  std::unique_ptr<const http_client::Target> target_;
  std::string path_;
  std::string fields_;
  std::vector<std::unique_ptr<SpanQueue>> queues_;
  metrics::Counters& counts_;
  const size_t exported_;
  const size_t dropped_;
  const size_t failed_;
  base::Timer timer_;
  base::CancelSource stop_;
  bool away_ = false;  // the last batch was not taken
};

}  // namespace vecgate::tracing
