#include "upstream/health.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "upstream/unary_call.h"

namespace vecgate::upstream {
namespace {

// An address that is away is asked at least that often: it should not wait long for calls once it is back.
constexpr std::chrono::milliseconds kWhenIll{1'000};

std::optional<std::pair<unsigned, unsigned>> MajorMinor(std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  const std::vector<std::string_view> parts = base::Split(version, '.');
  unsigned major = 0;
  unsigned minor = 0;
  if (parts.size() < 2 || !base::ParseDigits(parts[0], &major) || !base::ParseDigits(parts[1], &minor)) {
    return std::nullopt;
  }
  return std::pair(major, minor);
}

}  // namespace

bool VersionWithin(std::string_view version, std::string_view oldest, std::string_view newest) {
  const auto own = MajorMinor(version);
  const auto low = MajorMinor(oldest);
  const auto high = MajorMinor(newest);
  if (!own.has_value()) return false;
  return (!low.has_value() || *low <= *own) && (!high.has_value() || *own <= *high);
}

HealthMonitor::HealthMonitor(boost::asio::io_context& io, const runtime::ApiSpec& api,
                             std::shared_ptr<Endpoint> endpoint, std::shared_ptr<const Plan> plan,
                             std::shared_ptr<const Channels> channels)
    : executor_(io.get_executor()),
      api_(api),
      endpoint_(std::move(endpoint)),
      plan_(std::move(plan)),
      channels_(std::move(channels)),
      timer_(io) {}

base::Awaitable<void> HealthMonitor::Run() {
  while (!stop_.cancelled()) {
    const std::unique_ptr<google::protobuf::Message> question(api_.health.request()->New());
    const std::unique_ptr<google::protobuf::Message> answer(api_.health.response()->New());
    const std::shared_ptr<const Channels> channels = channels_;  // may be replaced meanwhile
    CallRequest call;
    call.method = api_.health.method;
    call.message = question.get();
    call.response = answer.get();
    call.timeout = plan_->upstream.health_timeout;
    const Attempt attempt = co_await CallOnce(executor_, channels->stub(0), call, &stop_);
    if (stop_.cancelled()) break;
    // Any status of the server's own shows that it is there.
    if (attempt.outcome.code == 0) Learn(*answer);
    Note(!attempt.outcome.from_client, attempt.outcome.message);
    const auto pause = plan_->upstream.health_interval;
    timer_.expires_after(endpoint_->health() == Health::kWell ? pause : std::min<std::chrono::milliseconds>(pause, kWhenIll));
    co_await timer_.async_wait(base::kAsTuple);
  }
}

void HealthMonitor::Stop() {
  stop_.Cancel();
  timer_.cancel();
}

void HealthMonitor::Use(std::shared_ptr<const Plan> plan, std::shared_ptr<const Channels> channels) {
  plan_ = std::move(plan);
  channels_ = std::move(channels);
}

void HealthMonitor::Learn(const google::protobuf::Message& reply) {
  const google::protobuf::FieldDescriptor* const field =
      reply.GetDescriptor()->FindFieldByName(std::string(api_.health_version_field));
  if (field == nullptr || field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) return;
  std::string version = reply.GetReflection()->GetString(reply, field);
  if (version == version_) return;
  version_ = std::move(version);
  base::LogLine(base::LogLevel::kInfo, "upstream_version")
      .Add("address", endpoint_->address())
      .Add("api", api_.name)
      .Add("version", version_);
  if (plan_->upstream.check_compatibility && !VersionWithin(version_, api_.oldest_version, api_.version)) {
    base::LogLine(base::LogLevel::kWarning, "upstream_version_unknown")
        .Add("version", version_)
        .Add("oldest", api_.oldest_version)
        .Add("newest", api_.version)
        .Add("hint", "replies may lack fields; upstream.check_compatibility: false silences this");
  }
}

void HealthMonitor::Note(bool answered, std::string_view why) {
  const Health before = endpoint_->health();
  endpoint_->set_health(answered ? Health::kWell : Health::kIll);
  if (answered && before == Health::kIll) endpoint_->breaker().MayTry();
  if (answered && before != Health::kWell) {
    base::LogLine(base::LogLevel::kInfo, "upstream_ready")
        .Add("address", endpoint_->address())
        .Add("version", version_);
  } else if (!answered && before != Health::kIll) {
    base::LogLine(base::LogLevel::kWarning, "upstream_away").Add("address", endpoint_->address()).Add("reason", why);
  }
}

}  // namespace vecgate::upstream
