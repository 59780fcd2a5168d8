// What the gateway counts.
//
// Each I/O thread counts for itself; a scrape adds the threads up. Labels come from fixed sets (routes as the rules
// write them, known statuses, gRPC codes), so the number of series is bounded whatever clients send.
#pragma once

#include <prometheus/collectable.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/cells.h"

namespace vecgate::metrics {

enum class Stage : uint8_t { kRead, kParse, kUpstream, kPrint, kWrite };
inline constexpr std::array<std::string_view, 5> kStageNames = {"read", "parse", "upstream", "print", "write"};

struct RouteLabel {
  std::string method;
  std::string endpoint;  // the route's template
};

// Statuses with a series of their own; any other counts as the first of its class.
inline constexpr std::array<uint16_t, 32> kStatuses = {200, 201, 202, 204, 206, 207, 300, 304, 400, 401, 403,
                                                       404, 405, 406, 408, 409, 411, 413, 415, 416, 422, 425,
                                                       429, 431, 499, 500, 501, 502, 503, 504, 505, 507};
size_t StatusSlot(uint32_t status);

inline constexpr size_t kGrpcCodes = 17;

// One thread's numbers. Written by that thread only.
class alignas(64) ThreadMetrics {
 public:
  explicit ThreadMetrics(size_t routes);
  ~ThreadMetrics();
  ThreadMetrics(const ThreadMetrics&) = delete;
  ThreadMetrics& operator=(const ThreadMetrics&) = delete;

  // `route`: index into the labels; their number for a request without a route.
  void Responded(size_t route, uint32_t status, std::chrono::nanoseconds time);
  void Staged(Stage stage, std::chrono::nanoseconds time) { stages[static_cast<size_t>(stage)].Observe(time); }
  void UpstreamResponded(int code);
  void Refused(uint32_t status) { refusals[StatusSlot(status)].Add(1); }

  struct Series {
    TimeHistogram time;
  };
  // Null while nothing was counted.
  const Series* series(size_t route, size_t slot) const {
    return series_[route * kStatuses.size() + slot].load(std::memory_order_acquire);
  }

  Cell in_flight;
  Cell request_bytes;
  Cell response_bytes;
  Cell unmapped_upstream_errors;
  // Compressed bodies: bytes on the wire, and bytes they stand for.
  Cell coded_request_bytes;
  Cell decoded_request_bytes;
  Cell coded_response_bytes;
  Cell uncoded_response_bytes;
  std::array<TimeHistogram, kStageNames.size()> stages;
  std::array<Cell, kGrpcCodes> upstream_codes;
  std::array<Cell, kStatuses.size()> refusals;

 private:
  const size_t routes_;  // with the one for requests without a route
  std::unique_ptr<std::atomic<Series*>[]> series_;
};

class Metrics : public prometheus::Collectable {
 public:
  Metrics(std::vector<RouteLabel> routes, size_t threads, std::string_view version);

  size_t unmatched_route() const { return routes_.size(); }
  ThreadMetrics& thread(size_t index) { return *threads_[index]; }

  // A number that someone else keeps. Before the first scrape.
  void AddGauge(std::string name, std::string help, std::function<double()> read);

  // From any thread.
  std::vector<prometheus::MetricFamily> Collect() const override;
  // Prometheus text format.
  std::string Text() const;

 private:
  struct Gauge {
    std::string name;
    std::string help;
    std::function<double()> read;
  };
  const std::vector<RouteLabel> routes_;
  const std::string version_;
  std::vector<std::unique_ptr<ThreadMetrics>> threads_;
  std::vector<Gauge> gauges_;
};

inline constexpr std::string_view kTextContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace vecgate::metrics
