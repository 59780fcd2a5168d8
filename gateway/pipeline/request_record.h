// What is remembered of one request; told to metrics, logs and traces when it ends.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/credentials.h"
#include "base/header.h"
#include "base/log.h"
#include "config/config.h"
#include "http/exchange.h"
#include "metrics/metrics.h"
#include "runtime/route.h"
#include "tracing/exporter.h"
#include "tracing/span.h"

namespace vecgate::pipeline {

// How much is told of requests, and to whom. Immutable; replaced while running (base/live.h).
struct Observation {
  config::Log log;
  tracing::Sampling sampling;
  tracing::Exporter* exporter = nullptr;  // outlives the records; null: no spans are kept
  std::string_view database;              // in spans; static storage
  std::string upstream;                   // its name, when there are several
  bool server_timing = false;             // tell clients where the time went
};

std::shared_ptr<const Observation> ObservationOf(const config::Config& config, const runtime::ApiSpec& api,
                                                 tracing::Exporter* exporter);

class RequestRecord {
 public:
  using Clock = std::chrono::steady_clock;

  // `exchange` and `metrics` outlive the record. `thread`: its number, for the metrics and the exporter.
  RequestRecord(http::Exchange& exchange, std::shared_ptr<const Observation> observation, metrics::Metrics& metrics,
                size_t thread);
  ~RequestRecord();
  RequestRecord(const RequestRecord&) = delete;
  RequestRecord& operator=(const RequestRecord&) = delete;

  // As soon as they are known.
  void set_route(size_t route, const runtime::RouteSpec& spec) {
    route_ = route;
    spec_ = &spec;
  }
  void set_collection(std::string_view collection) { collection_ = collection; }
  bool has_collection() const { return !collection_.empty(); }
  // Who asks, by name; never a secret.
  void set_caller(std::string_view caller) { caller_ = caller; }
  void set_status(uint32_t status) { status_ = status; }
  // Whose fault it was and what, for the log.
  void set_fault(std::string_view origin, std::string_view text) {
    origin_ = origin;
    fault_ = text.substr(0, kMaxFault);
  }

  double seconds() const { return std::chrono::duration<double>(Clock::now() - exchange_.start()).count(); }
  const std::string& id() const { return id_; }

  // With a collector the gateway is a part of its clients' traces: it tells the upstream which trace it works for, and
  // the client the request's id. Without one it stays invisible, and what clients send of both passes as it came.
  bool joins_traces() const { return observation_->exporter != nullptr; }

  // Notes the credential in `metadata` for the audit log, and tells the upstream which trace it works for.
  void Attach(base::Metadata* metadata);

  // Counts the time since the last end of a stage (or the request's start) for `stage`.
  void EndStage(metrics::Stage stage);
  // The time since the last end of a stage belongs to none.
  void SkipTime() { last_ = Clock::now(); }
  bool tells_timing() const { return observation_->server_timing; }
  // The stages so far as the value of a Server-Timing field, in milliseconds: "parse;dur=0.041, total;dur=1.507".
  std::string ServerTiming() const;

  // Around a call to the upstream, which is a span of its own; `metadata` tells it so.
  struct Call {
    tracing::SpanId span{};
    Clock::time_point start;
  };
  Call BeginCall(base::Metadata* metadata) const;
  // `method`: "/package.Service/Method". `code`: gRPC's.
  void EndCall(const Call& call, std::string_view method, int code);

  // For the log of slow requests, which it belongs to when it has taken that long by now.
  bool IsSlow() const { return Exceeds(observation_->log.slow, Clock::now() - exchange_.start()); }
  void set_shape(std::string shape) { shape_ = std::move(shape); }

 private:
  static constexpr size_t kMaxFault = 256;

  static bool Exceeds(std::chrono::milliseconds limit, std::chrono::nanoseconds time) {
    return limit.count() > 0 && time >= limit;
  }
  bool keeps_spans() const { return observation_->exporter != nullptr && trace_.sampled; }
  std::string_view endpoint() const { return spec_ == nullptr ? "unmatched" : spec_->path; }
  std::string_view method() const;
  bool IsAudited() const;
  void Count(std::chrono::nanoseconds total) const;
  // What was asked of whom.
  void AddTarget(base::LogLine& line) const;
  void LogAccess(std::chrono::nanoseconds total) const;
  void LogSlow(std::chrono::nanoseconds total) const;
  void LogAudit() const;
  tracing::Span ServerSpan() const;

  http::Exchange& exchange_;
  const std::shared_ptr<const Observation> observation_;
  metrics::ThreadMetrics& metrics_;
  const size_t thread_;
  const tracing::TraceContext trace_;
  const std::string id_;
  size_t route_;
  const runtime::RouteSpec* spec_ = nullptr;
  std::string collection_;
  std::string caller_;
  std::string credential_;  // the beginning of its fingerprint; empty: none was given
  uint32_t status_ = 499;   // nobody was there to be answered
  std::string_view origin_;
  std::string fault_;
  std::string shape_;
  std::vector<tracing::Span> calls_;
  Clock::time_point last_;
  std::array<std::chrono::nanoseconds, metrics::kStageNames.size()> stages_{};
};

}  // namespace vecgate::pipeline
