// Counters with one writing thread and any number of readers: no lock, no contended cache line.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

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

// Upper bounds in microseconds: from what a local answer takes to what a client gives up on. Those of the database's own
// histogram from 50 us on are among them, so that queries by `le` keep working.
inline constexpr std::array<uint64_t, 19> kTimeBounds = {
    50,      100,     200,     500,       1'000,     2'000,     5'000,      10'000,     20'000,    50'000,
    100'000, 200'000, 500'000, 1'000'000, 2'000'000, 5'000'000, 10'000'000, 20'000'000, 50'000'000};

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

// Places for objects that the owning thread makes when it first needs them.
template <typename T>
class LazyArray {
 public:
  explicit LazyArray(size_t size) : size_(size), places_(new std::atomic<T*>[size]()) {}
  ~LazyArray() {
    for (size_t i = 0; i < size_; ++i) delete places_[i].load(std::memory_order_relaxed);
  }
  LazyArray(const LazyArray&) = delete;
  LazyArray& operator=(const LazyArray&) = delete;

  size_t size() const { return size_; }

  // By the owning thread.
  template <typename... Arguments>
  T& At(size_t index, Arguments&&... arguments) {
    T* object = places_[index].load(std::memory_order_relaxed);
    if (object == nullptr) {
      object = new T(std::forward<Arguments>(arguments)...);  // owned by its place
      places_[index].store(object, std::memory_order_release);
    }
    return *object;
  }
  // By any thread. Null while it was not needed.
  const T* Find(size_t index) const { return places_[index].load(std::memory_order_acquire); }

 private:
  const size_t size_;
  std::unique_ptr<std::atomic<T*>[]> places_;
};

}  // namespace vecgate::metrics
