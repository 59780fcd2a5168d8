#include "upstream/client.h"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "base/timer.h"

namespace vecgate::upstream {
namespace {

using base::Awaitable;
using runtime::Access;
using runtime::CallOutcome;

constexpr unsigned kMostDoublings = 6;
// A repeated call with less time than that would only end in a timeout.
constexpr std::chrono::milliseconds kLeastTime{5};

// The end of a call that no address may be asked for.
CallOutcome NobodyToAsk(const Members& members, std::chrono::steady_clock::time_point now) {
  CallOutcome outcome;
  outcome.code = kUnavailable;
  outcome.from_client = true;
  if (members.list.empty()) {
    outcome.message = "no address of the upstream is known";
    return outcome;
  }
  outcome.message = "every address of the upstream failed again and again; it is given a rest";
  auto first = std::chrono::steady_clock::time_point::max();
  for (const Member& member : members.list) first = std::min(first, member.endpoint->breaker().until());
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(first - now).count();
  outcome.trailers.emplace_back("retry-after", base::Concat(std::max<int64_t>(seconds, 1)));
  return outcome;
}

std::chrono::milliseconds DeadlineFor(const config::Upstream& upstream, Access access) {
  switch (access) {
    case Access::kOpen:
    case Access::kRead:
      return upstream.deadlines.read;
    case Access::kWrite:
      return upstream.deadlines.write;
    case Access::kManage:
      return upstream.deadlines.manage;
  }
  return {};
}

bool Reads(const CallRequest& request) {
  return request.access == Access::kRead || request.access == Access::kOpen;
}

}  // namespace

Client::Client(Cluster& cluster, size_t thread, base::Executor executor)
    : cluster_(cluster), thread_(thread), executor_(executor), balancer_(thread), live_(cluster.live()) {}

const std::shared_ptr<const Members>& Client::Now() {
  const std::shared_ptr<const Members>& members = live_.Get();
  if (members->plan != plan_) {
    plan_ = members->plan;
    const config::Retries& retries = plan_->upstream.retries;
    budget_ = RetryBudget(retries.budget_percent / 100.0,
                          static_cast<double>(retries.budget_per_second) / static_cast<double>(cluster_.threads()));
  }
  return members;
}

Awaitable<CallOutcome> Client::Call(CallRequest request, base::CancelSource* cancel) {
  // The plan may change while the call runs; what it says now holds for all of it.
  const std::shared_ptr<const Plan> plan = Now()->plan;
  const config::Upstream& settings = plan->upstream;
  if (const auto deadline = DeadlineFor(settings, request.access); !request.own_timeout && deadline.count() > 0) {
    request.timeout = deadline;
  }
  const unsigned most = settings.retries.attempts;
  const bool hedges = settings.hedge_after.count() > 0 && Reads(request);
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(request.timeout);
  budget_.Called();

  Tried tried;
  Attempt attempt;
  for (unsigned calls = 0;; ++calls) {
    const auto now = Clock::now();
    const std::shared_ptr<const Members> members = Now();
    Balancer::Choice choice = balancer_.Choose(*members, tried, now);
    if (choice.member == nullptr) {
      if (calls > 0) break;
      cluster_.counts(thread_).rejected.Add(1);
      co_return NobodyToAsk(*members, now);
    }
    const Endpoint* const endpoint = choice.member->endpoint.get();
    if (calls > 0) {
      if (std::find(tried.begin(), tried.end(), endpoint) != tried.end()) co_await Pause(calls, cancel);
      request.timeout = end - Clock::now();
      if ((cancel != nullptr && cancel->cancelled()) || request.timeout < kLeastTime) {
        choice.member->endpoint->breaker().Abandoned(choice.pass);
        break;
      }
      cluster_.counts(thread_).retries.Add(1);
      request.response->Clear();
    }
    tried.push_back(endpoint);
    if (hedges && members->list.size() > 1) {
      attempt = co_await Race(members, choice, request, cancel);
    } else {
      attempt = co_await Ask(members, choice, request, cancel);
    }
    if (calls + 1 >= most || !MayRepeat(request, attempt)) break;
    if (!budget_.Spend(Clock::now())) {
      cluster_.counts(thread_).over_budget.Add(1);
      break;
    }
  }
  if (attempt.too_large) cluster_.counts(thread_).too_large.Add(1);
  co_return std::move(attempt.outcome);
}

bool Client::MayRepeat(const CallRequest& request, const Attempt& attempt) const {
  if (attempt.outcome.code != kUnavailable) return false;
  return Reads(request) || attempt.answer == Attempt::Answer::kUnsent || attempt.answer == Attempt::Answer::kUnread;
}

Awaitable<void> Client::Pause(unsigned repeats, base::CancelSource* cancel) {
  // At random, so that callers who failed together do not come back together.
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto longest = plan_->upstream.retries.backoff * (1u << std::min(repeats - 1, kMostDoublings));
  std::uniform_int_distribution<int64_t> any(longest.count() / 2, longest.count());
  base::Timer timer(executor_);
  timer.expires_after(std::chrono::milliseconds(any(random)));
  const base::CancelSource::Target target(cancel, [](void* self) { static_cast<base::Timer*>(self)->cancel(); },
                                          &timer);
  co_await timer.async_wait(base::kAsTuple);
}

Awaitable<Attempt> Client::Ask(std::shared_ptr<const Members> members, Balancer::Choice choice, CallRequest request,
                               base::CancelSource* cancel) {
  Endpoint& endpoint = *choice.member->endpoint;
  Endpoint::Cells& cells = endpoint.cells(thread_);
  cells.in_flight.Add(1);
  Attempt attempt = co_await CallOnce(executor_, choice.member->channels->stub(thread_), request, cancel);
  cells.in_flight.Subtract(1);
  endpoint.Count(thread_, attempt.outcome.code);
  switch (attempt.answer) {
    case Attempt::Answer::kGiven:
      endpoint.breaker().Succeeded(choice.pass);
      break;
    case Attempt::Answer::kUnread:
    case Attempt::Answer::kGivenUp:
      endpoint.breaker().Abandoned(choice.pass);
      break;
    case Attempt::Answer::kNone:
    case Attempt::Answer::kUnsent:
      if (endpoint.breaker().Failed(choice.pass, Clock::now(), endpoint.calls(), members->plan->breaker)) {
        base::LogLine(base::LogLevel::kWarning, "upstream_ejected")
            .Add("address", endpoint.address())
            .Add("reason", std::string_view(attempt.outcome.message).substr(0, 256));
      }
      break;
  }
  co_return attempt;
}

// Two calls and a clock, each a coroutine of its own; whoever awaits them is woken by each end. All three have ended
// before the contest does.
struct Client::Contest {
  std::shared_ptr<const Members> members;
  CallRequest request;
  base::Timer clock;
  base::Suspension wake;
  std::array<base::CancelSource, 2> cancel;
  std::array<Attempt, 2> attempts;
  std::array<google::protobuf::Message*, 2> responses{};
  std::array<bool, 2> running{};
  bool ticking = true;

  static void CancelAll(void* self) {
    auto& contest = *static_cast<Contest*>(self);
    contest.clock.cancel();
    for (base::CancelSource& leg : contest.cancel) leg.Cancel();
  }
  void Wake() {
    if (wake.waiting()) wake.Resume();
  }
};

Awaitable<void> Client::Run(Contest& contest, size_t leg, Balancer::Choice choice) {
  CallRequest request = contest.request;
  request.response = contest.responses[leg];
  contest.attempts[leg] = co_await Ask(contest.members, choice, request, &contest.cancel[leg]);
  contest.running[leg] = false;
  contest.Wake();
}

Awaitable<void> Client::Wait(Contest& contest) {
  if (contest.running[0]) co_await contest.clock.async_wait(base::kAsTuple);
  contest.ticking = false;
  contest.Wake();
}

Awaitable<Attempt> Client::Race(std::shared_ptr<const Members> members, Balancer::Choice choice, CallRequest request,
                                base::CancelSource* cancel) {
  Contest contest{members, request, base::Timer(executor_), {}, {}, {}, {}, {}, true};
  const base::CancelSource::Target target(cancel, &Contest::CancelAll, &contest);
  const auto ended = [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  };
  const auto begin = Clock::now();
  contest.responses[0] = request.response;
  contest.clock.expires_after(members->plan->upstream.hedge_after);
  contest.running[0] = true;
  boost::asio::co_spawn(executor_, Wait(contest), ended);
  boost::asio::co_spawn(executor_, Run(contest, 0, choice), ended);
  while (contest.running[0] && contest.ticking) co_await contest.wake.Wait();

  std::unique_ptr<google::protobuf::Message> second_response;
  if (contest.running[0] && !(cancel != nullptr && cancel->cancelled())) {
    const Endpoint* const taken = choice.member->endpoint.get();
    Balancer::Choice other = balancer_.Choose(*members, {&taken, 1}, Clock::now());
    if (other.member != nullptr && (other.member->endpoint.get() == taken || !budget_.Spend(Clock::now()))) {
      other.member->endpoint->breaker().Abandoned(other.pass);
      other.member = nullptr;
    }
    if (other.member != nullptr) {
      cluster_.counts(thread_).hedges.Add(1);
      second_response.reset(request.response->New());
      contest.responses[1] = second_response.get();
      contest.request.timeout -= Clock::now() - begin;
      contest.running[1] = true;
      boost::asio::co_spawn(executor_, Run(contest, 1, other), ended);
    }
  }
  // The first answer counts if it is one; else the other's is waited for.
  const auto good = [&contest](size_t leg) {
    return !contest.running[leg] && contest.attempts[leg].answer == Attempt::Answer::kGiven &&
           contest.attempts[leg].outcome.code != kUnavailable;
  };
  const bool raced = contest.running[1];
  while ((contest.running[0] || contest.running[1]) && !good(0) && !(raced && good(1))) {
    co_await contest.wake.Wait();
  }
  const size_t winner = raced && !good(0) && good(1) ? 1 : 0;
  Contest::CancelAll(&contest);
  while (contest.running[0] || contest.running[1] || contest.ticking) co_await contest.wake.Wait();
  if (winner == 1) {
    cluster_.counts(thread_).hedges_won.Add(1);
    request.response->CopyFrom(*second_response);
  }
  co_return std::move(contest.attempts[winner]);
}

}  // namespace vecgate::upstream
