// Which address a call goes to.
//
// The balancing is ours, not gRPC's: with channels to one address each, health checks (the database has no
// grpc.health.v1 Watch, which gRPC's own would need), ejection, repeating elsewhere and metrics by address are one
// mechanism. DNS names are resolved by cluster.h, so that every address behind a name is an address here.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "upstream/breaker.h"
#include "upstream/channels.h"
#include "upstream/endpoint.h"

namespace vecgate::upstream {

struct Member {
  std::shared_ptr<Endpoint> endpoint;
  std::shared_ptr<const Channels> channels;
};

// Where calls can go at the moment. Immutable, shared by all threads.
struct Members {
  std::shared_ptr<const Plan> plan;
  std::vector<Member> list;
};

// One object per thread.
class Balancer {
 public:
  explicit Balancer(size_t thread) : thread_(thread), next_(thread) {}

  struct Choice {
    const Member* member = nullptr;  // null: every breaker is open
    Breaker::Pass pass = Breaker::Pass::kNone;
  };
  // A member whose breaker lets the call pass: rather one that is not ill, and rather none of `tried`. Among equals as
  // upstream.balance says:
  //   round_robin     one after the other
  //   pick_first      the first of the list
  //   least_requests  the one with the fewest calls of this thread under way
  Choice Choose(const Members& members, std::span<const Endpoint* const> tried, std::chrono::steady_clock::time_point now);

 private:
  const size_t thread_;
  size_t next_;
};

}  // namespace vecgate::upstream
