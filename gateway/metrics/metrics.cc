#include "metrics/metrics.h"

#include <prometheus/client_metric.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <sstream>
#include <utility>

namespace vecgate::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::array<std::string_view, kGrpcCodes> kCodeNames = {
    "OK",          "CANCELLED",         "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED", "NOT_FOUND",
    "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",           "OUT_OF_RANGE",
    "UNIMPLEMENTED", "INTERNAL",          "UNAVAILABLE",       "DATA_LOSS",          "UNAUTHENTICATED"};

// Sums of several threads' histograms.
struct HistogramSum {
  std::array<uint64_t, kTimeBounds.size() + 1> buckets{};
  uint64_t nanoseconds = 0;

  void Add(const TimeHistogram& histogram) {
    for (size_t i = 0; i < buckets.size(); ++i) buckets[i] += histogram.buckets()[i].value();
    nanoseconds += histogram.sum_nanoseconds();
  }
  uint64_t count() const {
    uint64_t sum = 0;
    for (const uint64_t bucket : buckets) sum += bucket;
    return sum;
  }
  ClientMetric ToMetric(std::vector<ClientMetric::Label> labels) const {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.histogram.sample_count = count();
    metric.histogram.sample_sum = static_cast<double>(nanoseconds) / 1e9;
    uint64_t cumulative = 0;
    for (size_t i = 0; i < kTimeBounds.size(); ++i) {
      cumulative += buckets[i];
      metric.histogram.bucket.push_back({cumulative, static_cast<double>(kTimeBounds[i]) / 1e6});
    }
    metric.histogram.bucket.push_back({count(), std::numeric_limits<double>::infinity()});
    return metric;
  }
};

MetricFamily Family(std::string name, std::string help, MetricType type) {
  MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  return family;
}

ClientMetric CounterMetric(std::vector<ClientMetric::Label> labels, uint64_t value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = static_cast<double>(value);
  return metric;
}

ClientMetric GaugeMetric(std::vector<ClientMetric::Label> labels, double value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.gauge.value = value;
  return metric;
}

}  // namespace

size_t StatusSlot(uint32_t status) {
  const auto found = std::find(kStatuses.begin(), kStatuses.end(), status);
  if (found != kStatuses.end()) return static_cast<size_t>(found - kStatuses.begin());
  const uint32_t first_of_class = status >= 200 && status < 600 ? status / 100 * 100 : 500;
  return static_cast<size_t>(std::find(kStatuses.begin(), kStatuses.end(), first_of_class) - kStatuses.begin());
}

ThreadMetrics::ThreadMetrics(size_t routes)
    : routes_(routes), series_(new std::atomic<Series*>[routes * kStatuses.size()]()) {}

ThreadMetrics::~ThreadMetrics() {
  for (size_t i = 0; i < routes_ * kStatuses.size(); ++i) delete series_[i].load(std::memory_order_relaxed);
}

void ThreadMetrics::Responded(size_t route, uint32_t status, std::chrono::nanoseconds time) {
  std::atomic<Series*>& place = series_[route * kStatuses.size() + StatusSlot(status)];
  Series* series = place.load(std::memory_order_relaxed);
  if (series == nullptr) {
    series = new Series;  // owned by `place`
    place.store(series, std::memory_order_release);
  }
  series->time.Observe(time);
}

void ThreadMetrics::UpstreamResponded(int code) {
  constexpr int kUnknown = 2;
  upstream_codes[code >= 0 && code < static_cast<int>(kGrpcCodes) ? code : kUnknown].Add(1);
}

Metrics::Metrics(std::vector<RouteLabel> routes, size_t threads, std::string_view version)
    : routes_(std::move(routes)), version_(version) {
  for (size_t i = 0; i < threads; ++i) threads_.push_back(std::make_unique<ThreadMetrics>(routes_.size() + 1));
}

void Metrics::AddGauge(std::string name, std::string help, std::function<double()> read) {
  gauges_.push_back({std::move(name), std::move(help), std::move(read)});
}

std::vector<MetricFamily> Metrics::Collect() const {
  MetricFamily responses = Family("rest_responses_total", "Total number of responses", MetricType::Counter);
  MetricFamily durations =
      Family("rest_responses_duration_seconds", "Time from a request's first byte to its answer", MetricType::Histogram);
  for (size_t route = 0; route <= routes_.size(); ++route) {
    for (size_t slot = 0; slot < kStatuses.size(); ++slot) {
      HistogramSum sum;
      for (const auto& thread : threads_) {
        if (const ThreadMetrics::Series* series = thread->series(route, slot)) sum.Add(series->time);
      }
      if (sum.count() == 0) continue;
      const bool known = route < routes_.size();
      const std::vector<ClientMetric::Label> labels = {{"method", known ? routes_[route].method : "other"},
                                                       {"endpoint", known ? routes_[route].endpoint : "unmatched"},
                                                       {"status", std::to_string(kStatuses[slot])}};
      responses.metric.push_back(CounterMetric(labels, sum.count()));
      durations.metric.push_back(sum.ToMetric(labels));
    }
  }

  MetricFamily stages = Family("vecgate_stage_seconds", "Time spent per stage of a request", MetricType::Histogram);
  for (size_t stage = 0; stage < kStageNames.size(); ++stage) {
    HistogramSum sum;
    for (const auto& thread : threads_) sum.Add(thread->stages[stage]);
    stages.metric.push_back(sum.ToMetric({{"stage", std::string(kStageNames[stage])}}));
  }

  MetricFamily codes = Family("vecgate_upstream_responses_total", "Upstream calls by gRPC code", MetricType::Counter);
  for (size_t code = 0; code < kGrpcCodes; ++code) {
    uint64_t sum = 0;
    for (const auto& thread : threads_) sum += thread->upstream_codes[code].value();
    codes.metric.push_back(CounterMetric({{"code", std::string(kCodeNames[code])}}, sum));
  }

  MetricFamily refusals = Family("vecgate_refusals_total", "Connections and bytes refused before there was a request",
                                 MetricType::Counter);
  for (size_t slot = 0; slot < kStatuses.size(); ++slot) {
    uint64_t sum = 0;
    for (const auto& thread : threads_) sum += thread->refusals[slot].value();
    if (sum > 0) refusals.metric.push_back(CounterMetric({{"status", std::to_string(kStatuses[slot])}}, sum));
  }

  const auto sum_of = [this](Cell ThreadMetrics::*cell) {
    uint64_t sum = 0;
    for (const auto& thread : threads_) sum += (*thread.*cell).value();
    return sum;
  };
  const auto counter = [&sum_of](std::string name, std::string help, Cell ThreadMetrics::*cell) {
    MetricFamily family = Family(std::move(name), std::move(help), MetricType::Counter);
    family.metric.push_back(CounterMetric({}, sum_of(cell)));
    return family;
  };
  const auto gauge = [](std::string name, std::string help, double value) {
    MetricFamily family = Family(std::move(name), std::move(help), MetricType::Gauge);
    family.metric.push_back(GaugeMetric({}, value));
    return family;
  };

  std::vector<MetricFamily> families;
  for (MetricFamily* family : {&responses, &durations, &stages, &codes, &refusals}) {
    if (!family->metric.empty()) families.push_back(std::move(*family));
  }
  families.push_back(gauge("vecgate_requests_in_flight", "Requests being answered",
                           static_cast<double>(sum_of(&ThreadMetrics::in_flight))));
  families.push_back(
      counter("vecgate_request_bytes_total", "Bytes of request bodies", &ThreadMetrics::request_bytes));
  families.push_back(
      counter("vecgate_response_bytes_total", "Bytes of replies, heads included", &ThreadMetrics::response_bytes));
  families.push_back(counter("vecgate_unmapped_upstream_errors_total",
                             "Upstream errors with a code the API's table has no row for",
                             &ThreadMetrics::unmapped_upstream_errors));
  families.push_back(counter("vecgate_coded_request_bytes_total", "Bytes of compressed request bodies as they came",
                             &ThreadMetrics::coded_request_bytes));
  families.push_back(counter("vecgate_decoded_request_bytes_total", "Bytes of compressed request bodies, decompressed",
                             &ThreadMetrics::decoded_request_bytes));
  families.push_back(counter("vecgate_coded_response_bytes_total", "Bytes of compressed reply bodies as they were sent",
                             &ThreadMetrics::coded_response_bytes));
  families.push_back(counter("vecgate_uncoded_response_bytes_total",
                             "Bytes of compressed reply bodies before compression",
                             &ThreadMetrics::uncoded_response_bytes));
  for (const Gauge& own : gauges_) families.push_back(gauge(own.name, own.help, own.read()));
  MetricFamily build = Family("vecgate_build_info", "Version of the gateway", MetricType::Gauge);
  build.metric.push_back(GaugeMetric({{"version", version_}}, 1));
  families.push_back(std::move(build));
  return families;
}

std::string Metrics::Text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, Collect());
  return out.str();
}

}  // namespace vecgate::metrics
