#include "tracing/exporter.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/body_buffer.h"
#include "base/log.h"
#include "base/status.h"
#include "base/text.h"
#include "base/url.h"
#include "compression/encoder.h"
#include "http_client/fetch.h"

namespace vecgate::tracing {
namespace {

constexpr int kTries = 4;
constexpr std::chrono::milliseconds kFirstPause{500};  // then twice as long each time
constexpr std::chrono::milliseconds kLastTry{2'000};   // when the gateway ends
constexpr size_t kAnswerBytes = 64 * 1024;

// What OTLP says may be tried again.
bool IsTransient(uint32_t status) { return status == 429 || status == 502 || status == 503 || status == 504; }

std::string HostName() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string("unknown");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Exporter>> Exporter::Make(const config::Tracing& settings, size_t threads,
                                                         std::string_view version, metrics::Metrics& metrics,
                                                         base::Executor executor) {
  if (settings.endpoint.empty()) return std::unique_ptr<Exporter>();
  const absl::StatusOr<base::Url> url = base::ParseUrl(settings.endpoint);
  if (!url.ok()) return absl::InvalidArgumentError(base::Concat("tracing.endpoint: ", base::MessageOf(url.status())));
  auto target = http_client::Target::Make(http_client::AddressOf(*url, settings.ca));
  if (!target.ok()) return absl::InvalidArgumentError(base::Concat("tracing.ca: ", base::MessageOf(target.status())));
  std::unique_ptr<Exporter> exporter(new Exporter(settings, threads, version, metrics, executor));
  exporter->target_ = *std::move(target);
  exporter->path_ = url->path;
  return exporter;
}

Exporter::Exporter(const config::Tracing& settings, size_t threads, std::string_view version,
                   metrics::Metrics& metrics, base::Executor executor)
    : settings_(settings),
      resource_{settings.service, std::string(version), base::Concat(HostName(), ":", getpid())},
      executor_(executor),
      counts_(metrics.AddCounters("vecgate_spans_total", "Spans by what became of them", {"result"})),
      exported_(counts_.Series({"exported"})),
      dropped_(counts_.Series({"dropped"})),
      failed_(counts_.Series({"failed"})),
      timer_(executor) {
  fields_ = "content-type: application/json\r\n";
  if (settings.gzip) fields_ += "content-encoding: gzip\r\n";
  for (const config::TracingHeader& header : settings.headers) {
    base::Append(&fields_, header.name, ": ", header.value.value(), "\r\n");
  }
  for (size_t i = 0; i < threads; ++i) {
    queues_.push_back(std::make_unique<SpanQueue>(std::max<size_t>(1, settings.queue / threads)));
  }
}

void Exporter::Put(size_t thread, std::vector<Span> spans) {
  if (const size_t lost = queues_[thread]->Put(std::move(spans)); lost > 0) counts_.Add(dropped_, lost);
}

base::Awaitable<void> Exporter::Run() {
  bool last = false;
  while (!last) {
    timer_.expires_after(settings_.interval);
    if (!stop_.cancelled()) co_await timer_.async_wait(base::kAsTuple);
    last = stop_.cancelled();
    std::vector<Span> spans;
    for (const auto& queue : queues_) queue->TakeAll(&spans);
    co_await Send(std::move(spans));
  }
}

void Exporter::Stop() {
  stop_.Cancel();
  timer_.cancel();
}

base::Awaitable<void> Exporter::Send(std::vector<Span> spans) {
  const std::span<const Span> all(spans);
  for (size_t at = 0; at < all.size(); at += settings_.batch) {
    const std::span<const Span> batch = all.subspan(at, std::min<size_t>(settings_.batch, all.size() - at));
    // At the end one try is enough to know that nobody is there.
    const bool hopeless = stop_.cancelled() && away_;
    bool taken = false;
    if (!hopeless) taken = co_await SendBatch(batch);
    counts_.Add(taken ? exported_ : failed_, batch.size());
  }
}

base::Awaitable<bool> Exporter::SendBatch(std::span<const Span> spans) {
  std::string body = OtlpJson(resource_, spans);
  if (settings_.gzip) {
    base::BodyBuffer coded;
    compression::Encoder().Encode(compression::Coding::kGzip, compression::Levels(), body, &coded);
    body = coded.view();
  }
  http_client::FetchRequest request;
  request.method = "POST";
  request.path = path_;
  request.fields = fields_;
  request.body = body;
  std::chrono::milliseconds pause = kFirstPause;
  std::string why;
  for (int tries = 1;; ++tries) {
    // The very last try is short, and nothing cuts it off.
    const bool last = stop_.cancelled();
    http_client::FetchLimits limits;
    limits.time = last ? std::min(kLastTry, settings_.timeout) : settings_.timeout;
    limits.body_bytes = kAnswerBytes;
    const auto answer = co_await http_client::Fetch(*target_, request, limits, executor_, last ? nullptr : &stop_);
    if (answer.ok() && answer->status >= 200 && answer->status < 300) {
      Tell(true, "");
      co_return true;
    }
    why = answer.ok() ? base::Concat("status ", answer->status) : std::string(base::MessageOf(answer.status()));
    const bool again = !answer.ok() || IsTransient(answer->status);
    if (!again || last || tries == kTries) break;
    if (stop_.cancelled()) continue;
    timer_.expires_after(pause);
    co_await timer_.async_wait(base::kAsTuple);
    pause *= 2;
  }
  Tell(false, why);
  co_return false;
}

void Exporter::Tell(bool taken, std::string_view why) {
  if (taken == !away_) return;
  away_ = !taken;
  if (away_) {
    base::LogLine(base::LogLevel::kWarning, "spans_not_exported").Add("endpoint", target_->authority()).Add("reason", why);
  } else {
    base::LogLine(base::LogLevel::kInfo, "spans_exported_again").Add("endpoint", target_->authority());
  }
}

}  // namespace vecgate::tracing
