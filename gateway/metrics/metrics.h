// What the gateway counts.
//
// Each I/O thread counts for itself; a scrape adds the threads up. Labels come from fixed sets (routes as the rules
// write them, known statuses) or are bounded by number (collections), so the number of series is bounded
// whatever clients send.
//
// Rooms with numbers of their own add them by AddCounters, AddGauges and AddReadCounters; no change here is needed for that.
#pragma once

#include <prometheus/collectable.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/cells.h"
#include "metrics/collections.h"
#include "metrics/counters.h"
#include "metrics/statuses.h"

namespace vecgate::metrics {

// In the order in which a request meets them. Queue: from its first byte until it is admitted.
enum class Stage : uint8_t { kQueue, kRead, kParse, kUpstream, kPrint, kCompress, kWrite };
inline constexpr std::array<std::string_view, 7> kStageNames = {"queue", "read",     "parse", "upstream",
                                                                "print", "compress", "write"};

// One thread's numbers. Written by that thread only.
class alignas(64) ThreadMetrics {
 public:
  // `routes`: with the one for requests without a route. `names` outlives the object.
  ThreadMetrics(size_t routes, CollectionNames& names) : collections(names, routes), series_(routes * kStatuses.size()) {}

  // `route`: index into the labels; their number for a request without a route.
  void Responded(size_t route, uint32_t status, std::chrono::nanoseconds time) {
    series_.At(route * kStatuses.size() + StatusSlot(status)).Observe(time);
  }
  void Staged(Stage stage, std::chrono::nanoseconds time) { stages[static_cast<size_t>(stage)].Observe(time); }
  void Refused(uint32_t status) { refusals[StatusSlot(status)].Add(1); }

  // Null while nothing was counted.
  const TimeHistogram* series(size_t route, size_t slot) const { return series_.Find(route * kStatuses.size() + slot); }

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
  std::array<Cell, kStatuses.size()> refusals;
  ThreadCollections collections;

 private:
  LazyArray<TimeHistogram> series_;
};

// A value with the values of its labels.
using Sample = std::pair<std::vector<std::string>, double>;

class Metrics : public prometheus::Collectable {
 public:
  // `collections`: how many have series of their own; 0: requests are not told apart by collection.
  Metrics(std::vector<RouteLabel> routes, size_t threads, std::string_view version, size_t collections = 0);

  size_t unmatched_route() const { return routes_.size(); }
  ThreadMetrics& thread(size_t index) { return *threads_[index]; }

  // The counters of that name, made when they are new; they live as long as this object. From any thread.
  Counters& AddCounters(std::string name, std::string help, std::vector<std::string> label_names = {},
                        size_t at_most = 64);
  // Numbers that someone else keeps. `read` is called by the scraping thread; it outlives the last scrape.
  void AddGauges(std::string name, std::string help, std::vector<std::string> label_names,
                 std::function<std::vector<Sample>()> read);
  void AddGauge(std::string name, std::string help, std::function<double()> read);
  void AddReadCounters(std::string name, std::string help, std::vector<std::string> label_names,
                       std::function<std::vector<Sample>()> read);
  void AddReadCounter(std::string name, std::string help, std::function<double()> read);

  // From any thread.
  std::vector<prometheus::MetricFamily> Collect() const override;
  // Prometheus text format.
  std::string Text() const;

 private:
  struct Read {
    prometheus::MetricType type;
    std::string name;
    std::string help;
    std::vector<std::string> label_names;
    std::function<std::vector<Sample>()> read;
  };
  using Families = std::vector<prometheus::MetricFamily>;

  void CollectResponses(Families& families) const;
  void CollectBytes(Families& families) const;
  void CollectRooms(Families& families) const;
  uint64_t SumOf(Cell ThreadMetrics::*cell) const;

  const std::vector<RouteLabel> routes_;
  const std::string version_;
  const double started_;
  CollectionNames names_;
  std::vector<std::unique_ptr<ThreadMetrics>> threads_;
  mutable std::mutex mutex_;  // of what rooms added
  std::vector<std::unique_ptr<Counters>> counters_;
  std::vector<Read> read_;
};

inline constexpr std::string_view kTextContentType = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace vecgate::metrics
