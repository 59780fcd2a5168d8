// What the upstream said of a credential a moment ago.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "auth/credentials.h"

namespace vecgate::auth {

// The upstream's verdict. Refused: its answer, to be told to the client.
struct Verdict {
  bool refused = false;
  int code = 0;
  std::string message;
};

// Bounded in time and size; the oldest verdict goes first. One object per thread.
class ProofCache {
 public:
  using Clock = std::chrono::steady_clock;

  ProofCache(std::chrono::seconds lifetime, size_t capacity) : lifetime_(lifetime), capacity_(capacity) {}

  // Null when nothing is known or it is too old. Valid until the next call.
  const Verdict* Find(const Fingerprint& fingerprint, Clock::time_point now);
  void Put(const Fingerprint& fingerprint, Verdict verdict, Clock::time_point now);
  size_t size() const { return verdicts_.size(); }

 private:
  void DropOld(Clock::time_point now);

  struct Entry {
    Verdict verdict;
    Clock::time_point until;
  };
  const std::chrono::seconds lifetime_;
  const size_t capacity_;
  absl::flat_hash_map<Fingerprint, Entry> verdicts_;
  std::deque<Fingerprint> order_;  // each key of `verdicts_` once, oldest first
};

}  // namespace vecgate::auth
