// From our numbers to prometheus-cpp's.
#pragma once

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "metrics/cells.h"

namespace vecgate::metrics {

using Labels = std::vector<prometheus::ClientMetric::Label>;

prometheus::MetricFamily Family(std::string name, std::string help, prometheus::MetricType type);
// To a family of counters or gauges.
void AddNumber(prometheus::MetricFamily& family, Labels labels, double value);
// Families of a single number.
prometheus::MetricFamily CounterFamily(std::string name, std::string help, double value);
prometheus::MetricFamily GaugeFamily(std::string name, std::string help, double value);

// Sums of several threads' histograms.
class HistogramSum {
 public:
  void Add(const TimeHistogram& histogram);
  uint64_t count() const;
  void AddTo(prometheus::MetricFamily& family, Labels labels) const;

 private:
  std::array<uint64_t, kTimeBounds.size() + 1> buckets_{};
  uint64_t nanoseconds_ = 0;
};

}  // namespace vecgate::metrics
