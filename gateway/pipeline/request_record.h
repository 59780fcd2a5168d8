// What is remembered of one request; told to the metrics and the log when it ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/exchange.h"
#include "metrics/metrics.h"

namespace vecgate::pipeline {

class RequestRecord {
 public:
  using Clock = std::chrono::steady_clock;

  // `endpoint` of the request until a route is found. All outlive the record.
  RequestRecord(http::Exchange& exchange, metrics::ThreadMetrics& metrics, size_t unmatched_route, bool access_log);
  ~RequestRecord();
  RequestRecord(const RequestRecord&) = delete;
  RequestRecord& operator=(const RequestRecord&) = delete;

  void set_route(size_t route, std::string_view endpoint) {
    route_ = route;
    endpoint_ = endpoint;
  }
  void set_status(uint32_t status) { status_ = status; }
  // Whose fault it was and what, for the log.
  void set_fault(std::string_view origin, std::string_view text) {
    origin_ = origin;
    fault_ = text.substr(0, kMaxFault);
  }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - exchange_.start()).count(); }
  const std::string& id() const { return id_; }

  // Counts the time since the last end of a stage (or the request's start) for `stage`.
  void EndStage(metrics::Stage stage);
  // The time since the last end of a stage belongs to none.
  void SkipTime() { last_ = Clock::now(); }

 private:
  static constexpr size_t kMaxFault = 256;

  http::Exchange& exchange_;
  metrics::ThreadMetrics& metrics_;
  const bool access_log_;
  size_t route_;
  std::string_view endpoint_ = "unmatched";
  uint32_t status_ = 499;  // nobody was there to be answered
  std::string_view origin_;
  std::string fault_;
  std::string id_;
  Clock::time_point last_;
  std::array<std::chrono::nanoseconds, metrics::kStageNames.size()> stages_{};
};

}  // namespace vecgate::pipeline
