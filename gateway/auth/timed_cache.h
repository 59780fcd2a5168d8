// What was found out a moment ago, bounded in time and size; the oldest goes first.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <utility>

#include "auth/credentials.h"

namespace vecgate::auth {

// By the fingerprint of a credential. One object per thread.
template <typename Value>
class TimedCache {
 public:
  using Clock = std::chrono::steady_clock;

  TimedCache(std::chrono::seconds lifetime, size_t capacity) : lifetime_(lifetime), capacity_(capacity) {}

  // Null when nothing is known or it is too old. Valid until the next call.
  const Value* Find(const Fingerprint& fingerprint, Clock::time_point now) {
    const auto found = entries_.find(fingerprint);
    if (found == entries_.end() || found->second.until <= now) return nullptr;
    return &found->second.value;
  }

  void Put(const Fingerprint& fingerprint, Value value, Clock::time_point now) {
    DropOld(now);
    const auto [at, is_new] = entries_.try_emplace(fingerprint);
    // A value replaced keeps its place in the order and its end, which only makes it be asked for again sooner.
    at->second.value = std::move(value);
    if (!is_new) return;
    at->second.until = now + lifetime_;
    order_.push_back(fingerprint);
  }

  void Clear() {
    entries_.clear();
    order_.clear();
  }

  size_t size() const { return entries_.size(); }

 private:
  void DropOld(Clock::time_point now) {
    while (!order_.empty()) {
      const auto oldest = entries_.find(order_.front());
      if (oldest->second.until > now && entries_.size() < capacity_) break;
      entries_.erase(oldest);
      order_.pop_front();
    }
  }

  struct Entry {
    Value value;
    Clock::time_point until;
  };
  const std::chrono::seconds lifetime_;
  const size_t capacity_;
  absl::flat_hash_map<Fingerprint, Entry> entries_;
  std::deque<Fingerprint> order_;  // each key of `entries_` once, oldest first
};

}  // namespace vecgate::auth
