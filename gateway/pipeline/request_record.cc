#include "pipeline/request_record.h"

#include <algorithm>
#include <cstdio>
#include <span>
#include <utility>

#include "base/log.h"
#include "base/text.h"

namespace vecgate::pipeline {
namespace {

using base::LogKind;
using base::LogLevel;
using base::LogLine;

constexpr size_t kMaxMethodLength = 16;
constexpr size_t kMaxPath = 256;
constexpr size_t kFingerprintBytes = 4;  // enough to tell keys apart, too few to find one

int64_t Microseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

// Nanoseconds since 1970 of a moment of the steady clock.
int64_t UnixTime(RequestRecord::Clock::time_point moment) {
  const auto ago = RequestRecord::Clock::now() - moment;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now - ago).count();
}

using Stages = std::span<const std::chrono::nanoseconds>;

void AddStages(LogLine& line, Stages stages) {
  for (size_t i = 0; i < stages.size(); ++i) {
    if (stages[i].count() > 0) line.Add(metrics::kStageNames[i], Microseconds(stages[i]));
  }
}

}  // namespace

std::shared_ptr<const Observation> ObservationOf(const config::Config& config, const runtime::ApiSpec& api,
                                                 tracing::Exporter* exporter) {
  Observation observation;
  observation.log = config.log;
  observation.sampling = {config.tracing.ratio, config.tracing.parent_based};
  observation.exporter = exporter;
  observation.database = api.name;
  observation.upstream = config.upstream.name;
  observation.server_timing = config.metrics.server_timing;
  return std::make_shared<const Observation>(std::move(observation));
}

RequestRecord::RequestRecord(http::Exchange& exchange, std::shared_ptr<const Observation> observation,
                             metrics::Metrics& metrics, size_t thread)
    : exchange_(exchange),
      observation_(std::move(observation)),
      metrics_(metrics.thread(thread)),
      thread_(thread),
      trace_(tracing::BeginTrace(exchange.head().headers, observation_->sampling)),
      id_(tracing::RequestId(exchange.head().headers, trace_)),
      route_(metrics.unmatched_route()),
      last_(exchange.start()) {
  metrics_.in_flight.Add(1);
}

void RequestRecord::Attach(base::Metadata* metadata) {
  if (observation_->log.audit) {
    const auth::Fingerprint given = auth::FingerprintOf(*metadata);
    if (given != auth::FingerprintOf({})) credential_ = tracing::Hex(std::span(given).first(kFingerprintBytes));
  }
  if (joins_traces()) tracing::Propagate(trace_, trace_.span, id_, metadata);
}

void RequestRecord::EndStage(metrics::Stage stage) {
  const Clock::time_point now = Clock::now();
  stages_[static_cast<size_t>(stage)] += now - last_;
  last_ = now;
}

std::string RequestRecord::ServerTiming() const {
  std::string text;
  const auto add = [&text](std::string_view name, std::chrono::nanoseconds time) {
    char milliseconds[32];
    std::snprintf(milliseconds, sizeof(milliseconds), "%.3f", static_cast<double>(time.count()) / 1e6);
    base::Append(&text, text.empty() ? "" : ", ", name, ";dur=", std::string_view(milliseconds));
  };
  for (size_t i = 0; i < stages_.size(); ++i) {
    if (stages_[i].count() > 0) add(metrics::kStageNames[i], stages_[i]);
  }
  add("total", Clock::now() - exchange_.start());
  return text;
}

RequestRecord::Call RequestRecord::BeginCall(base::Metadata* metadata) const {
  Call call{trace_.span, Clock::now()};
  if (keeps_spans()) {
    call.span = tracing::NewSpanId();
    tracing::Propagate(trace_, call.span, id_, metadata);
  }
  return call;
}

void RequestRecord::EndCall(const Call& call, std::string_view method, int code) {
  if (!keeps_spans()) return;
  method.remove_prefix(std::min<size_t>(1, method.size()));
  const size_t slash = std::min(method.find('/'), method.size());
  const std::string operation(method.substr(std::min(slash + 1, method.size())));
  tracing::Span& span = calls_.emplace_back();
  span.trace = trace_.trace;
  span.id = call.span;
  span.parent = trace_.span;
  span.state = trace_.state;
  span.kind = tracing::Span::Kind::kClient;
  span.name = std::string(method);
  span.start = UnixTime(call.start);
  span.end = UnixTime(Clock::now());
  span.failed = code != 0;
  span.attributes = {{"rpc.system", "grpc"},
                     {"rpc.service", std::string(method.substr(0, slash))},
                     {"rpc.method", operation},
                     {"rpc.grpc.status_code", code},
                     {"db.system.name", std::string(observation_->database)},
                     {"db.operation.name", operation}};
  if (!collection_.empty()) span.attributes.emplace_back("db.collection.name", collection_);
}

std::string_view RequestRecord::method() const { return exchange_.head().method.substr(0, kMaxMethodLength); }

RequestRecord::~RequestRecord() {
  const auto total = Clock::now() - exchange_.start();
  Count(total);
  if (observation_->log.access) LogAccess(total);
  if (Exceeds(observation_->log.slow, total)) LogSlow(total);
  if (IsAudited()) LogAudit();
  if (keeps_spans()) {
    calls_.push_back(ServerSpan());
    observation_->exporter->Put(thread_, std::move(calls_));
  }
}

void RequestRecord::Count(std::chrono::nanoseconds total) const {
  metrics_.in_flight.Subtract(1);
  metrics_.Responded(route_, status_, total);
  if (!collection_.empty()) metrics_.collections.Responded(collection_, route_, status_, total);
  metrics_.request_bytes.Add(exchange_.body_bytes());
  metrics_.response_bytes.Add(exchange_.bytes_sent());
  for (size_t i = 0; i < stages_.size(); ++i) {
    if (stages_[i].count() > 0) metrics_.Staged(static_cast<metrics::Stage>(i), stages_[i]);
  }
}

void RequestRecord::AddTarget(LogLine& line) const {
  line.Add("method", method()).Add("route", endpoint());
  if (!observation_->upstream.empty()) line.Add("upstream_name", observation_->upstream);
  if (!collection_.empty()) line.Add("collection", collection_);
}

void RequestRecord::LogAccess(std::chrono::nanoseconds total) const {
  LogLine line(LogLevel::kInfo, "request", LogKind::kAccess);
  line.Add("id", id_).Add("trace", tracing::Hex(trace_.trace));
  line.Add("client", exchange_.connection().peer_address);
  if (!caller_.empty()) line.Add("caller", caller_);
  AddTarget(line);
  line.Add("status", status_)
      .Add("bytes_in", exchange_.body_bytes())
      .Add("bytes_out", exchange_.bytes_sent())
      .Add("us", Microseconds(total));
  AddStages(line, stages_);
  if (!fault_.empty()) line.Add("origin", origin_).Add("fault", fault_);
}

void RequestRecord::LogSlow(std::chrono::nanoseconds total) const {
  LogLine line(LogLevel::kWarning, "slow_request", LogKind::kAccess);
  line.Add("id", id_).Add("trace", tracing::Hex(trace_.trace));
  AddTarget(line);
  line.Add("status", status_).Add("us", Microseconds(total));
  AddStages(line, stages_);
  if (!shape_.empty()) line.Add("shape", shape_);
}

// Writes, whatever came of them, and everyone who was sent away.
bool RequestRecord::IsAudited() const {
  if (!observation_->log.audit) return false;
  if (status_ == 401 || status_ == 403) return true;
  return spec_ != nullptr && (spec_->access == runtime::Access::kWrite || spec_->access == runtime::Access::kManage);
}

void RequestRecord::LogAudit() const {
  LogLine line(LogLevel::kInfo, "audit", LogKind::kAudit);
  line.Add("id", id_).Add("trace", tracing::Hex(trace_.trace));
  line.Add("client", exchange_.connection().peer_address);
  if (!caller_.empty()) line.Add("caller", caller_);
  if (!credential_.empty()) line.Add("credential", credential_);
  AddTarget(line);
  const bool denied = status_ == 401 || status_ == 403;
  line.Add("status", status_).Add("outcome", denied ? "denied" : status_ < 300 ? "done" : "failed");
}

tracing::Span RequestRecord::ServerSpan() const {
  constexpr uint32_t kFirstServerError = 500;
  const http::RequestHead& head = exchange_.head();
  tracing::Span span;
  span.trace = trace_.trace;
  span.id = trace_.span;
  span.parent = trace_.parent;
  span.state = trace_.state;
  span.name = base::Concat(method(), " ", endpoint());
  span.start = UnixTime(exchange_.start());
  span.end = UnixTime(Clock::now());
  span.failed = status_ >= kFirstServerError;
  span.attributes = {{"http.request.method", std::string(method())},
                     {"http.route", std::string(endpoint())},
                     {"url.path", std::string(head.path.substr(0, kMaxPath))},
                     {"http.response.status_code", status_},
                     {"client.address", exchange_.connection().peer_address},
                     {"url.scheme", exchange_.connection().tls ? "https" : "http"},
                     {"network.protocol.version", head.old_version ? "1.0" : "1.1"},
                     {"http.request.body.size", static_cast<int64_t>(exchange_.body_bytes())},
                     {"http.response.size", static_cast<int64_t>(exchange_.bytes_sent())},
                     {"vecgate.request.id", id_},
                     {"db.system.name", std::string(observation_->database)}};
  if (!collection_.empty()) span.attributes.emplace_back("db.collection.name", collection_);
  if (!caller_.empty()) span.attributes.emplace_back("enduser.id", caller_);
  if (span.failed) span.attributes.emplace_back("error.type", base::Concat(status_));
  return span;
}

}  // namespace vecgate::pipeline
