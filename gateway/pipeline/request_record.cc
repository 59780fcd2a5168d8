#include "pipeline/request_record.h"

#include <algorithm>
#include <cstdio>
#include <random>

#include "base/log.h"

namespace vecgate::pipeline {
namespace {

constexpr size_t kMaxIdLength = 128;
constexpr size_t kMaxMethodLength = 16;

// The client's own, when it is fit for a log line; else a random one.
std::string RequestId(const http::RequestHead& head) {
  const std::string_view given = head.Find("x-request-id");
  const bool fit = !given.empty() && given.size() <= kMaxIdLength &&
                   std::all_of(given.begin(), given.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (fit) return std::string(given);
  thread_local std::mt19937_64 random{std::random_device{}()};
  char digits[17];
  std::snprintf(digits, sizeof(digits), "%016llx", static_cast<unsigned long long>(random()));
  return digits;
}

int64_t Microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

}  // namespace

RequestRecord::RequestRecord(http::Exchange& exchange, metrics::ThreadMetrics& metrics, size_t unmatched_route,
                             bool access_log)
    : exchange_(exchange), metrics_(metrics), access_log_(access_log), route_(unmatched_route), last_(exchange.start()) {
  if (access_log_) id_ = RequestId(exchange.head());
  metrics_.in_flight.Add(1);
}

void RequestRecord::EndStage(metrics::Stage stage) {
  const Clock::time_point now = Clock::now();
  stages_[static_cast<size_t>(stage)] += now - last_;
  last_ = now;
}

RequestRecord::~RequestRecord() {
  const auto total = Clock::now() - exchange_.start();
  metrics_.in_flight.Subtract(1);
  metrics_.Responded(route_, status_, total);
  metrics_.request_bytes.Add(exchange_.body_bytes());
  metrics_.response_bytes.Add(exchange_.bytes_sent());
  for (size_t i = 0; i < stages_.size(); ++i) {
    if (stages_[i].count() > 0) metrics_.Staged(static_cast<metrics::Stage>(i), stages_[i]);
  }
  if (!access_log_) return;
  base::LogLine line(base::LogLevel::kInfo, "request");
  line.Add("id", id_)
      .Add("method", exchange_.head().method.substr(0, kMaxMethodLength))
      .Add("route", endpoint_)
      .Add("status", status_)
      .Add("bytes_in", exchange_.body_bytes())
      .Add("bytes_out", exchange_.bytes_sent())
      .Add("us", Microseconds(total));
  for (size_t i = 0; i < stages_.size(); ++i) {
    if (stages_[i].count() > 0) line.Add(metrics::kStageNames[i], Microseconds(stages_[i]));
  }
  if (!fault_.empty()) line.Add("origin", origin_).Add("fault", fault_);
}

}  // namespace vecgate::pipeline
