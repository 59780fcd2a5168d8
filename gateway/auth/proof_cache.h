// What was found out of a credential a moment ago.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "auth/caller.h"
#include "auth/timed_cache.h"

namespace vecgate::auth {

inline constexpr std::chrono::seconds kProofLifetime{10};
inline constexpr size_t kProofsKept = 4096;

// The upstream's verdict. Refused: its answer, to be told to the client.
struct Verdict {
  bool refused = false;
  int code = 0;
  std::string message;
};

using ProofCache = TimedCache<Verdict>;
// Callers whose tokens were verified here.
using CallerCache = TimedCache<CallerPtr>;

}  // namespace vecgate::auth
