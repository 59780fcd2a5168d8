// The upstream: its addresses, the connections to them, and how they are.
//
// Names are resolved here, not by gRPC: at the start, every upstream.resolve_every, and soon after an address behind a
// name turned ill. A name stands for its IPv4 addresses, or for its IPv6 ones when it has no others. While a name cannot
// be resolved, what it last stood for stays.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/awaitable.h"
#include "base/live.h"
#include "base/timer.h"
#include "metrics/cells.h"
#include "runtime/route.h"
#include "upstream/balancer.h"
#include "upstream/channels.h"
#include "upstream/health.h"

namespace vecgate::upstream {

class Cluster {
 public:
  // Written by one thread only.
  struct alignas(64) Counts {
    metrics::Cell retries;
    metrics::Cell over_budget;  // calls not repeated for want of budget
    metrics::Cell hedges;
    metrics::Cell hedges_won;
    metrics::Cell rejected;     // calls that no breaker let pass
    metrics::Cell too_large;    // replies
  };

  // Resolves names and waits for that. `threads`: how many make calls. `control` and `api` outlive the cluster. Nothing
  // runs before Start, and after Stop the cluster lives until `control` has nothing left to do.
  Cluster(boost::asio::io_context& control, const runtime::ApiSpec& api, size_t threads,
          std::shared_ptr<const Plan> plan);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // --- on the thread of `control` ---
  // Health checks, resolving and renewing connections, until Stop.
  void Start();
  void Stop();
  // From now on the upstream is that of `plan`. Calls under way end where they are; addresses that stay keep what is
  // known of them, and their connections unless those would be made otherwise now.
  void Adopt(std::shared_ptr<const Plan> plan);

  // --- from any thread ---
  const base::Live<Members>& live() const { return members_; }
  std::shared_ptr<const Members> members() const { return members_.Get(); }
  size_t threads() const { return threads_; }
  Counts& counts(size_t thread) { return counts_[thread]; }
  // Sum over the threads.
  uint64_t Total(metrics::Cell Counts::*count) const;
  // Some address answers its health checks.
  bool ready() const;

 private:
  using Clock = std::chrono::steady_clock;
  using Tcp = boost::asio::ip::tcp;

  base::Awaitable<void> Keep();
  base::Awaitable<void> ResolveNames();
  // What came of a name. False: it stays as it is.
  bool Resolved(const std::string& name, boost::system::error_code error, std::vector<std::string> addresses);
  // What the configured addresses stand for at the moment.
  std::vector<Place> Places() const;
  // Makes `places` the members; with `renew` by new connections.
  void Publish(const std::vector<Place>& places, bool renew);
  void Install(std::vector<Member> list);
  void RenewOld(Clock::time_point now);
  bool SomeNamedIsIll() const;

  boost::asio::io_context& control_;
  const runtime::ApiSpec& api_;
  const size_t threads_;
  const std::unique_ptr<Counts[]> counts_;
  Completions completions_;  // one for each thread that makes calls

  // Of the control thread.
  std::shared_ptr<const Plan> plan_;
  std::map<std::string, std::vector<std::string>> names_;  // a configured name -> its literal addresses
  std::set<std::string> unresolved_;                       // names, told in the log once
  std::map<std::string, std::shared_ptr<HealthMonitor>> monitors_;  // by address
  std::map<const Endpoint*, std::shared_ptr<const Channels>> warming_;  // to take over once they are connected
  base::Timer timer_;
  boost::asio::ip::basic_resolver<Tcp, base::Executor> resolver_;
  Clock::time_point resolve_at_{};
  bool started_ = false;
  bool stopped_ = false;

  base::Live<Members> members_;
};

}  // namespace vecgate::upstream
