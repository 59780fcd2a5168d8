#include "auth/token_source.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "base/log.h"
#include "base/status.h"

namespace vecgate::auth {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

constexpr milliseconds kFirstRetry{500};
constexpr milliseconds kLastRetry{30'000};
constexpr milliseconds kShortestUse{1'000};  // a provider that hands out shorter ones is not asked without end

}  // namespace

TokenSource::TokenSource(std::unique_ptr<TokenProvider> provider, base::Executor executor)
    : provider_(std::move(provider)), executor_(executor), timer_(executor) {}

void TokenSource::Start() {
  asio::co_spawn(executor_, Run(), [self = shared_from_this()](std::exception_ptr failure) {
    if (failure) base::LogLine(base::LogLevel::kError, "upstream_credential_lost").Add("kind", self->provider_->kind());
  });
}

void TokenSource::Stop() {
  asio::post(executor_, [self = shared_from_this()] {
    self->stop_.Cancel();
    self->timer_.cancel();
  });
}

std::shared_ptr<const std::string> TokenSource::token() const {
  const std::shared_ptr<const Held> held = held_.Get();
  return held == nullptr || held->until <= Clock::now() ? nullptr : held->text;
}

base::Awaitable<void> TokenSource::Run() {
  milliseconds retry = kFirstRetry;
  while (!stop_.cancelled()) {
    absl::StatusOr<IssuedToken> token = co_await provider_->Obtain(stop_);
    if (stop_.cancelled()) break;
    milliseconds pause = retry;
    if (token.ok()) {
      pause = Keep(*std::move(token));
      retry = kFirstRetry;
      last_fault_.clear();
    } else {
      retry = std::min(2 * retry, kLastRetry);
      failures_.fetch_add(1, std::memory_order_relaxed);
      const std::string fault(base::MessageOf(token.status()));
      if (fault != last_fault_) {
        base::LogLine(base::LogLevel::kWarning, "upstream_credential_unavailable")
            .Add("kind", provider_->kind())
            .Add("fault", fault)
            .Add("have_token", this->token() != nullptr);
      }
      last_fault_ = fault;
    }
    timer_.expires_after(pause);
    co_await timer_.async_wait(base::kAsTuple);
  }
}

milliseconds TokenSource::Keep(IssuedToken token) {
  const Clock::time_point now = Clock::now();
  const std::shared_ptr<const Held> before = held_.Get();
  const bool changed = before == nullptr || *before->text != token.text;
  auto held = std::make_shared<Held>();
  held->text = changed ? std::make_shared<const std::string>(std::move(token.text)) : before->text;
  held->until = token.lifetime.has_value() ? now + *token.lifetime : Clock::time_point::max();
  held_.Set(std::move(held));
  if (changed) base::LogLine(base::LogLevel::kInfo, "upstream_credential").Add("kind", provider_->kind());
  // Ahead of its end by a fifth, so that several attempts fit in between.
  if (!token.lifetime.has_value()) return provider_->interval();
  return std::max(kShortestUse, *token.lifetime * 4 / 5);
}

}  // namespace vecgate::auth
