#include "auth/key_source.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "auth/json.h"
#include "auth/small_file.h"
#include "base/log.h"
#include "base/status.h"
#include "base/text.h"
#include "base/url.h"
#include "http_client/fetch.h"

namespace vecgate::auth {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds kFetchTime{5'000};
constexpr size_t kLargestAnswer = 256 * 1024;
constexpr std::chrono::milliseconds kFirstRetry{1'000};
constexpr std::chrono::milliseconds kLastRetry{60'000};
constexpr std::string_view kDiscovery = "/.well-known/openid-configuration";

bool IsUrl(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

}  // namespace

KeySource::KeySource(Settings settings, base::Executor executor)
    : settings_(std::move(settings)),
      file_(!settings_.location.empty() && !IsUrl(settings_.location)),
      executor_(executor),
      timer_(executor),
      refreshed_(executor) {}

absl::StatusOr<std::shared_ptr<KeySource>> KeySource::Open(Settings settings, base::Executor executor) {
  std::shared_ptr<KeySource> source(new KeySource(std::move(settings), executor));
  if (source->is_file()) {
    if (absl::Status status = source->ReadFile(); !status.ok()) return status;
    return source;
  }
  const std::string& url = source->settings_.location.empty() ? source->settings_.issuer : source->settings_.location;
  const absl::StatusOr<base::Url> parsed = base::ParseUrl(url);
  if (!parsed.ok()) return parsed.status();
  // Whoever changes keys on their way can sign tokens.
  if (base::IsExposed(*parsed)) {
    base::LogLine(base::LogLevel::kWarning, "token_keys_in_plain_text").Add("issuer", source->settings_.name);
  }
  return source;
}

void KeySource::Start() {
  asio::co_spawn(executor_, Run(), [self = shared_from_this()](std::exception_ptr failure) {
    if (failure) base::LogLine(base::LogLevel::kError, "key_source_lost").Add("issuer", self->settings_.name);
  });
}

void KeySource::Stop() {
  asio::post(executor_, [self = shared_from_this()] {
    self->stop_.Cancel();
    self->timer_.cancel();
    self->refreshed_.cancel();
  });
}

base::Awaitable<void> KeySource::Run() {
  std::chrono::milliseconds retry = kFirstRetry;
  while (!stop_.cancelled()) {
    if (co_await Refresh()) retry = kFirstRetry;
    const bool failed = !last_fault_.empty();
    std::chrono::milliseconds pause = is_file() ? settings_.file_check : settings_.refresh;
    if (failed && !is_file()) {
      pause = std::min(pause, retry);
      retry = std::min(2 * retry, kLastRetry);
    }
    if (stop_.cancelled()) break;
    timer_.expires_after(pause);
    co_await timer_.async_wait(base::kAsTuple);
  }
}

base::Awaitable<void> KeySource::Ask() {
  const std::shared_ptr<KeySource> self = shared_from_this();
  co_await asio::co_spawn(executor_, AskHere(), base::kUseAwaitable);
}

base::Awaitable<void> KeySource::AskHere() {
  if (stop_.cancelled()) co_return;
  if (refreshing_) {
    co_await refreshed_.async_wait(base::kAsTuple);
    co_return;
  }
  // Tokens with made-up keys must not make the gateway ask its issuer as often as they come.
  if (tried_ && Clock::now() - last_try_ < settings_.least_between) co_return;
  co_await Refresh();
}

base::Awaitable<bool> KeySource::Refresh() {
  if (refreshing_) {
    co_await refreshed_.async_wait(base::kAsTuple);
    co_return keys_.Get() != nullptr;
  }
  refreshing_ = true;
  refreshed_.expires_at(Clock::time_point::max());
  absl::Status status;
  if (is_file()) {
    status = ReadFile();
  } else {
    const absl::StatusOr<std::string> location = co_await FindLocation();
    status = location.status();
    if (location.ok()) {
      const absl::StatusOr<std::string> json = co_await Get(*location);
      status = json.ok() ? Take(*json) : json.status();
    }
  }
  refreshing_ = false;
  tried_ = true;
  last_try_ = Clock::now();
  const std::string fault(base::MessageOf(status));
  if (!fault.empty() && fault != last_fault_ && !stop_.cancelled()) {
    base::LogLine(base::LogLevel::kWarning, "token_keys_unavailable")
        .Add("issuer", settings_.name)
        .Add("fault", fault)
        .Add("have_keys", keys_.Get() != nullptr);
  }
  last_fault_ = fault;
  refreshed_.cancel();
  co_return status.ok();
}

base::Awaitable<absl::StatusOr<std::string>> KeySource::Get(std::string url) {
  const absl::StatusOr<base::Url> parsed = base::ParseUrl(url);
  if (!parsed.ok()) co_return parsed.status();
  const auto target = http_client::Target::Make(http_client::AddressOf(*parsed, settings_.ca));
  if (!target.ok()) co_return target.status();
  http_client::FetchRequest request;
  request.path = parsed->path;
  request.fields = "accept: application/json\r\n";
  absl::StatusOr<http_client::FetchAnswer> answer =
      co_await http_client::Fetch(**target, request, {kFetchTime, kLargestAnswer}, executor_, &stop_);
  if (!answer.ok()) co_return answer.status();
  if (answer->status != 200) co_return absl::UnavailableError(base::Concat("answered with status ", answer->status));
  co_return std::move(answer->body);
}

base::Awaitable<absl::StatusOr<std::string>> KeySource::FindLocation() {
  if (!settings_.location.empty()) co_return settings_.location;
  std::string_view issuer = settings_.issuer;
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  const absl::StatusOr<std::string> json = co_await Get(base::Concat(issuer, kDiscovery));
  if (!json.ok()) co_return json.status();
  rapidjson::Document document;
  // Whoever answers for the issuer must say that it is the issuer.
  if (!ParseObject(*json, &document) || TextMember(document, "issuer") != settings_.issuer) {
    co_return absl::InvalidArgumentError("the discovery document is not that of the issuer");
  }
  const std::string_view location = TextMember(document, "jwks_uri");
  if (location.empty()) co_return absl::InvalidArgumentError("the discovery document has no jwks_uri");
  // What was asked for safely is not to be got unsafely.
  if (issuer.starts_with("https://") && !location.starts_with("https://")) {
    co_return absl::InvalidArgumentError("the discovery document names a jwks_uri without TLS");
  }
  co_return std::string(location);
}

absl::Status KeySource::ReadFile() {
  const absl::StatusOr<std::string> text = ReadSmallFile(settings_.location, kLargestAnswer);
  return text.ok() ? Take(*text) : text.status();
}

absl::Status KeySource::Take(std::string_view json) {
  if (json == text_ && !text_.empty()) return absl::OkStatus();
  absl::StatusOr<KeySet> set = KeySet::Parse(json);
  if (!set.ok()) {
    return absl::InvalidArgumentError(base::Concat(
        settings_.location.empty() ? "what jwks_uri names" : settings_.location, " ", base::MessageOf(set.status())));
  }
  base::LogLine(base::LogLevel::kInfo, "token_keys").Add("issuer", settings_.name).Add("keys", set->keys().size());
  keys_.Set(std::make_shared<const KeySet>(*std::move(set)));
  text_ = std::string(json);
  return absl::OkStatus();
}

}  // namespace vecgate::auth
