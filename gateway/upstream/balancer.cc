#include "upstream/balancer.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace vecgate::upstream {
namespace {

bool Contains(std::span<const Endpoint* const> tried, const Endpoint* endpoint) {
  return std::find(tried.begin(), tried.end(), endpoint) != tried.end();
}

}  // namespace

Balancer::Choice Balancer::Choose(const Members& members, std::span<const Endpoint* const> tried,
                                  std::chrono::steady_clock::time_point now) {
  const std::vector<Member>& list = members.list;
  const std::string& policy = members.plan->upstream.balance;
  const bool least = policy == "least_requests";
  const size_t start = policy == "pick_first" || list.empty() ? 0 : next_++ % list.size();
  // Another thread may take the one call a half-open breaker lets pass, so the best may be refused; then the next best.
  for (size_t round = 0; round < list.size(); ++round) {
    const Member* best = nullptr;
    uint64_t best_rank = std::numeric_limits<uint64_t>::max();
    for (size_t i = 0; i < list.size(); ++i) {
      const Member& member = list[(start + i) % list.size()];
      if (!member.endpoint->breaker().WouldAdmit(now)) continue;
      constexpr uint64_t kIll = uint64_t{1} << 63;
      constexpr uint64_t kTried = uint64_t{1} << 62;
      const uint64_t rank = (member.endpoint->health() == Health::kIll ? kIll : 0) |
                            (Contains(tried, member.endpoint.get()) ? kTried : 0) |
                            (least ? member.endpoint->cells(thread_).in_flight.value() : 0);
      if (rank >= best_rank) continue;
      best = &member;
      best_rank = rank;
    }
    if (best == nullptr) break;
    const Breaker::Pass pass = best->endpoint->breaker().Admit(now);
    if (pass != Breaker::Pass::kNone) return {best, pass};
  }
  return {};
}

}  // namespace vecgate::upstream
