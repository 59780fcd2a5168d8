// How many requests may be in the house at a time.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace vecgate::pipeline {

// Shared by all threads.
class Admission {
 public:
  explicit Admission(size_t limit) : limit_(limit) {}
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // Held while a request is being answered; given back by scope.
  class Permit {
   public:
    Permit() = default;
    explicit Permit(std::atomic<size_t>* count) : count_(count) {}
    Permit(Permit&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    Permit& operator=(Permit&& other) noexcept {
      std::swap(count_, other.count_);
      return *this;
    }
    ~Permit() {
      if (count_ != nullptr) count_->fetch_sub(1, std::memory_order_relaxed);
    }
    explicit operator bool() const { return count_ != nullptr; }

   private:
    std::atomic<size_t>* count_ = nullptr;
  };

  // From any thread. Who is in stays.
  void set_limit(size_t limit) { limit_.store(limit, std::memory_order_relaxed); }

  // An empty permit when the house is full.
  Permit Enter() {
    if (count_.fetch_add(1, std::memory_order_relaxed) < limit_.load(std::memory_order_relaxed)) return Permit(&count_);
    count_.fetch_sub(1, std::memory_order_relaxed);
    return Permit();
  }

 private:
  std::atomic<size_t> limit_;
  std::atomic<size_t> count_{0};
};

}  // namespace vecgate::pipeline
