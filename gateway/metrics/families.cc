#include "metrics/families.h"

#include <limits>
#include <utility>

namespace vecgate::metrics {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily Family(std::string name, std::string help, MetricType type) {
  MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  return family;
}

void AddNumber(MetricFamily& family, Labels labels, double value) {
  ClientMetric& metric = family.metric.emplace_back();
  metric.label = std::move(labels);
  if (family.type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
}

MetricFamily CounterFamily(std::string name, std::string help, double value) {
  MetricFamily family = Family(std::move(name), std::move(help), MetricType::Counter);
  AddNumber(family, {}, value);
  return family;
}

MetricFamily GaugeFamily(std::string name, std::string help, double value) {
  MetricFamily family = Family(std::move(name), std::move(help), MetricType::Gauge);
  AddNumber(family, {}, value);
  return family;
}

void HistogramSum::Add(const TimeHistogram& histogram) {
  for (size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += histogram.buckets()[i].value();
  nanoseconds_ += histogram.sum_nanoseconds();
}

uint64_t HistogramSum::count() const {
  uint64_t sum = 0;
  for (const uint64_t bucket : buckets_) sum += bucket;
  return sum;
}

void HistogramSum::AddTo(MetricFamily& family, Labels labels) const {
  ClientMetric& metric = family.metric.emplace_back();
  metric.label = std::move(labels);
  metric.histogram.sample_sum = static_cast<double>(nanoseconds_) / 1e9;
  uint64_t cumulative = 0;
  for (size_t i = 0; i < kTimeBounds.size(); ++i) {
    cumulative += buckets_[i];
    metric.histogram.bucket.push_back({cumulative, static_cast<double>(kTimeBounds[i]) / 1e6});
  }
  cumulative += buckets_.back();
  metric.histogram.bucket.push_back({cumulative, std::numeric_limits<double>::infinity()});
  metric.histogram.sample_count = cumulative;
}

}  // namespace vecgate::metrics
