#include "upstream/health.h"

#include <google/protobuf/descriptor.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "upstream/unary_call.h"

namespace vecgate::upstream {
namespace {

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

HealthMonitor::HealthMonitor(boost::asio::io_context& io, grpc::GenericStub& stub, const runtime::ApiSpec& api,
                             Settings settings)
    : executor_(io.get_executor()), stub_(stub), api_(api), settings_(settings), timer_(io) {}

base::Awaitable<void> HealthMonitor::Run() {
  while (!stop_.cancelled()) {
    const std::unique_ptr<google::protobuf::Message> question(api_.health.request()->New());
    const std::unique_ptr<google::protobuf::Message> answer(api_.health.response()->New());
    CallRequest call;
    call.method = api_.health.method;
    call.message = question.get();
    call.response = answer.get();
    call.timeout = settings_.timeout;
    const runtime::CallOutcome outcome = co_await Call(executor_, stub_, call, &stop_);
    if (stop_.cancelled()) break;
    // Any status of the server's own shows that it is there.
    if (outcome.code == 0) Learn(*answer);
    BecomeReady(!outcome.from_client, outcome.message);
    timer_.expires_after(ready() ? settings_.when_ready : settings_.when_away);
    co_await timer_.async_wait(base::kAsTuple);
  }
}

void HealthMonitor::Stop() {
  stop_.Cancel();
  timer_.cancel();
}

void HealthMonitor::Learn(const google::protobuf::Message& reply) {
  const google::protobuf::FieldDescriptor* const field =
      reply.GetDescriptor()->FindFieldByName(std::string(api_.health_version_field));
  if (field == nullptr || field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) return;
  std::string version = reply.GetReflection()->GetString(reply, field);
  if (version == version_) return;
  version_ = std::move(version);
  base::LogLine(base::LogLevel::kInfo, "upstream_version").Add("api", api_.name).Add("version", version_);
  if (settings_.check_compatibility && !VersionWithin(version_, api_.oldest_version, api_.version)) {
    base::LogLine(base::LogLevel::kWarning, "upstream_version_unknown")
        .Add("version", version_)
        .Add("oldest", api_.oldest_version)
        .Add("newest", api_.version)
        .Add("hint", "replies may lack fields; upstream.check_compatibility: false silences this");
  }
}

void HealthMonitor::BecomeReady(bool ready, std::string_view why) {
  const bool before = ready_.exchange(ready, std::memory_order_relaxed);
  if (ready && !before) {
    base::LogLine(base::LogLevel::kInfo, "upstream_ready").Add("version", version_);
  } else if (!ready && (before || !asked_)) {
    base::LogLine(base::LogLevel::kWarning, "upstream_away").Add("reason", why);
  }
  asked_ = true;
}

}  // namespace vecgate::upstream
