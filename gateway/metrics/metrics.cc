#include "metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <utility>

#include "metrics/families.h"
#include "metrics/process.h"

namespace vecgate::metrics {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

// A label without a value is none.
Labels LabelsOf(const std::vector<std::string>& names, const std::vector<std::string>& values) {
  Labels labels;
  for (size_t i = 0; i < names.size() && i < values.size(); ++i) {
    if (!values[i].empty()) labels.push_back({names[i], values[i]});
  }
  return labels;
}

}  // namespace

size_t StatusSlot(uint32_t status) {
  const auto found = std::find(kStatuses.begin(), kStatuses.end(), status);
  if (found != kStatuses.end()) return static_cast<size_t>(found - kStatuses.begin());
  const uint32_t first_of_class = status >= 200 && status < 600 ? status / 100 * 100 : 500;
  return static_cast<size_t>(std::find(kStatuses.begin(), kStatuses.end(), first_of_class) - kStatuses.begin());
}

Metrics::Metrics(std::vector<RouteLabel> routes, size_t threads, std::string_view version, size_t collections)
    : routes_(std::move(routes)),
      version_(version),
      started_(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count()),
      names_(collections) {
  for (size_t i = 0; i < threads; ++i) threads_.push_back(std::make_unique<ThreadMetrics>(routes_.size() + 1, names_));
}

Counters& Metrics::AddCounters(std::string name, std::string help, std::vector<std::string> label_names,
                               size_t at_most) {
  const std::lock_guard lock(mutex_);
  for (const auto& known : counters_) {
    if (known->name() == name) return *known;
  }
  counters_.push_back(std::make_unique<Counters>(std::move(name), std::move(help), std::move(label_names), at_most));
  return *counters_.back();
}

void Metrics::AddGauges(std::string name, std::string help, std::vector<std::string> label_names,
                        std::function<std::vector<Sample>()> read) {
  const std::lock_guard lock(mutex_);
  read_.push_back({MetricType::Gauge, std::move(name), std::move(help), std::move(label_names), std::move(read)});
}

void Metrics::AddReadCounters(std::string name, std::string help, std::vector<std::string> label_names,
                              std::function<std::vector<Sample>()> read) {
  const std::lock_guard lock(mutex_);
  read_.push_back({MetricType::Counter, std::move(name), std::move(help), std::move(label_names), std::move(read)});
}

void Metrics::AddReadCounter(std::string name, std::string help, std::function<double()> read) {
  AddReadCounters(std::move(name), std::move(help), {},
                  [read = std::move(read)] { return std::vector<Sample>{{{}, read()}}; });
}

void Metrics::AddGauge(std::string name, std::string help, std::function<double()> read) {
  AddGauges(std::move(name), std::move(help), {},
            [read = std::move(read)] { return std::vector<Sample>{{{}, read()}}; });
}

uint64_t Metrics::SumOf(Cell ThreadMetrics::*cell) const {
  uint64_t sum = 0;
  for (const auto& thread : threads_) sum += (*thread.*cell).value();
  return sum;
}

void Metrics::CollectResponses(Families& families) const {
  MetricFamily responses = Family("rest_responses_total", "Responses by route and status", MetricType::Counter);
  MetricFamily durations = Family("rest_responses_duration_seconds", "Time from a request's first byte to its answer",
                                  MetricType::Histogram);
  for (size_t route = 0; route <= routes_.size(); ++route) {
    for (size_t slot = 0; slot < kStatuses.size(); ++slot) {
      HistogramSum sum;
      for (const auto& thread : threads_) {
        if (const TimeHistogram* series = thread->series(route, slot)) sum.Add(*series);
      }
      if (sum.count() == 0) continue;
      const bool known = route < routes_.size();
      const Labels labels = {{"method", known ? routes_[route].method : "other"},
                             {"endpoint", known ? routes_[route].endpoint : "unmatched"},
                             {"status", std::to_string(kStatuses[slot])}};
      AddNumber(responses, labels, static_cast<double>(sum.count()));
      sum.AddTo(durations, labels);
    }
  }
  MetricFamily stages = Family("vecgate_stage_seconds", "Time spent per stage of a request", MetricType::Histogram);
  for (size_t stage = 0; stage < kStageNames.size(); ++stage) {
    HistogramSum sum;
    for (const auto& thread : threads_) sum.Add(thread->stages[stage]);
    sum.AddTo(stages, {{"stage", std::string(kStageNames[stage])}});
  }
  MetricFamily refusals = Family("vecgate_refusals_total", "Connections and bytes refused before there was a request",
                                 MetricType::Counter);
  for (size_t slot = 0; slot < kStatuses.size(); ++slot) {
    uint64_t sum = 0;
    for (const auto& thread : threads_) sum += thread->refusals[slot].value();
    if (sum > 0) AddNumber(refusals, {{"status", std::to_string(kStatuses[slot])}}, static_cast<double>(sum));
  }
  for (MetricFamily* family : {&responses, &durations, &stages, &refusals}) {
    if (!family->metric.empty()) families.push_back(std::move(*family));
  }
  families.push_back(GaugeFamily("vecgate_requests_in_flight", "Requests being answered",
                                 static_cast<double>(SumOf(&ThreadMetrics::in_flight))));
  std::vector<const ThreadCollections*> collections;
  for (const auto& thread : threads_) collections.push_back(&thread->collections);
  std::ranges::move(CollectionFamilies(names_, collections, routes_), std::back_inserter(families));
}

void Metrics::CollectBytes(Families& families) const {
  struct Row {
    const char* name;
    const char* help;
    Cell ThreadMetrics::*cell;
  };
  const Row rows[] = {
      {"vecgate_request_bytes_total", "Bytes of request bodies", &ThreadMetrics::request_bytes},
      {"vecgate_response_bytes_total", "Bytes of replies, heads included", &ThreadMetrics::response_bytes},
      {"vecgate_unmapped_upstream_errors_total", "Upstream errors with a code the API's table has no row for",
       &ThreadMetrics::unmapped_upstream_errors},
      {"vecgate_coded_request_bytes_total", "Bytes of compressed request bodies as they came",
       &ThreadMetrics::coded_request_bytes},
      {"vecgate_decoded_request_bytes_total", "Bytes of compressed request bodies, decompressed",
       &ThreadMetrics::decoded_request_bytes},
      {"vecgate_coded_response_bytes_total", "Bytes of compressed reply bodies as they were sent",
       &ThreadMetrics::coded_response_bytes},
      {"vecgate_uncoded_response_bytes_total", "Bytes of compressed reply bodies before compression",
       &ThreadMetrics::uncoded_response_bytes},
  };
  for (const Row& row : rows) families.push_back(CounterFamily(row.name, row.help, static_cast<double>(SumOf(row.cell))));
}

void Metrics::CollectRooms(Families& families) const {
  const std::lock_guard lock(mutex_);
  for (const auto& counters : counters_) {
    MetricFamily family = Family(counters->name(), counters->help(), MetricType::Counter);
    for (const auto& [values, series] : counters->All()) {
      AddNumber(family, LabelsOf(counters->label_names(), values), static_cast<double>(counters->value(series)));
    }
    if (!family.metric.empty()) families.push_back(std::move(family));
  }
  for (const Read& read : read_) {
    MetricFamily family = Family(read.name, read.help, read.type);
    for (const auto& [values, value] : read.read()) AddNumber(family, LabelsOf(read.label_names, values), value);
    if (!family.metric.empty()) families.push_back(std::move(family));
  }
}

std::vector<MetricFamily> Metrics::Collect() const {
  Families families;
  CollectResponses(families);
  CollectBytes(families);
  CollectRooms(families);
  MetricFamily build = Family("vecgate_build_info", "Version of the gateway", MetricType::Gauge);
  AddNumber(build, {{"version", version_}}, 1);
  families.push_back(std::move(build));
  std::ranges::move(ProcessFamilies(started_), std::back_inserter(families));
  return families;
}

std::string Metrics::Text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, Collect());
  return out.str();
}

}  // namespace vecgate::metrics
