// Calls to the upstream, wherever it is: chooses an address, repeats what may be repeated, races what is slow.
//
// What may be repeated:
//   reads   when the upstream is unavailable, by its own word or because a connection failed
//   writes  only when the server did nothing of them: there was no connection to send them on, or it says so itself
// and both only within upstream.retries.budget_percent and up to upstream.retries.attempts calls in all. A call is made
// again at another address at once, at the same one after a pause.
//
// Hedging: a read that has no answer after upstream.hedge_after is asked of a second address too. The first good answer
// counts, and the other call is cancelled. Hedges come out of the same budget.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/awaitable.h"
#include "base/cancel.h"
#include "upstream/balancer.h"
#include "upstream/cluster.h"
#include "upstream/retry_budget.h"
#include "upstream/unary_call.h"

namespace vecgate::upstream {

// One object per thread, used on it only.
class Client {
 public:
  // `cluster` outlives the client; `executor` is the thread's.
  Client(Cluster& cluster, size_t thread, base::Executor executor);

  // Everything `request` points to and `cancel` (may be null) outlive the call. The outcome of a call that could go
  // nowhere is UNAVAILABLE, with a trailer "retry-after" when breakers are open.
  base::Awaitable<runtime::CallOutcome> Call(CallRequest request, base::CancelSource* cancel);

 private:
  using Clock = std::chrono::steady_clock;
  using Tried = std::vector<const Endpoint*>;

  // Where calls can go now, with the budget that belongs to it.
  const std::shared_ptr<const Members>& Now();
  bool MayRepeat(const CallRequest& request, const Attempt& attempt) const;
  base::Awaitable<void> Pause(unsigned repeats, base::CancelSource* cancel);
  // One call, counted for its address.
  base::Awaitable<Attempt> Ask(std::shared_ptr<const Members> members, Balancer::Choice choice, CallRequest request,
                               base::CancelSource* cancel);
  // One call, and a second one of another address when the first takes long.
  base::Awaitable<Attempt> Race(std::shared_ptr<const Members> members, Balancer::Choice choice, CallRequest request,
                                base::CancelSource* cancel);
  struct Contest;
  base::Awaitable<void> Run(Contest& contest, size_t leg, Balancer::Choice choice);
  base::Awaitable<void> Wait(Contest& contest);

  Cluster& cluster_;
  const size_t thread_;
  const base::Executor executor_;
  Balancer balancer_;
  RetryBudget budget_;
  base::Live<Members>::View live_;
  std::shared_ptr<const Plan> plan_;
};

}  // namespace vecgate::upstream
