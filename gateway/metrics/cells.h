// Counters with one writing thread and any number of readers: no lock, no contended cache line.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vecgate::metrics {

class Cell {
 public:
  // By the owning thread.
  void Add(uint64_t n) { value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed); }
  void Subtract(uint64_t n) { value_.store(value_.load(std::memory_order_relaxed) - n, std::memory_order_relaxed); }
  // By any thread.
  uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

// Upper bounds in microseconds: from what a local answer takes to what a client gives up on.
inline constexpr std::array<uint64_t, 19> kTimeBounds = {
    50,     100,    200,    500,     1'000,   2'000,     5'000,     10'000,    20'000,    50'000,
    100'000, 200'000, 500'000, 1'000'000, 2'000'000, 5'000'000, 10'000'000, 30'000'000, 60'000'000};

class TimeHistogram {
 public:
  void Observe(std::chrono::nanoseconds time) {
    const uint64_t nanoseconds = time.count() > 0 ? static_cast<uint64_t>(time.count()) : 0;
    size_t bucket = 0;
    while (bucket < kTimeBounds.size() && nanoseconds > kTimeBounds[bucket] * 1000) ++bucket;
    buckets_[bucket].Add(1);
    sum_.Add(nanoseconds);
  }
  // The last bucket has no bound.
  const std::array<Cell, kTimeBounds.size() + 1>& buckets() const { return buckets_; }
  uint64_t sum_nanoseconds() const { return sum_.value(); }

 private:
  std::array<Cell, kTimeBounds.size() + 1> buckets_;
  Cell sum_;
};

}  // namespace vecgate::metrics
