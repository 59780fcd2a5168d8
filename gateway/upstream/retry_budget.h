// How many calls may be made a second time: a share of the calls, and a few a second in any case.
//
// When everything fails, repeating everything would double the load of an upstream that has too much already.
#pragma once

#include <algorithm>
#include <chrono>

namespace vecgate::upstream {

// One object per thread.
class RetryBudget {
 public:
  using Clock = std::chrono::steady_clock;

  RetryBudget() = default;
  // `share` of the calls (0.2: one in five) and `per_second`.
  RetryBudget(double share, double per_second)
      : share_(share), per_second_(per_second), most_(std::max(1.0, kSeconds * per_second) + kSavedCalls * share), saved_(most_) {}

  // A call is made for the first time.
  void Called() { saved_ = std::min(most_, saved_ + share_); }
  // One is to be made again; false: the budget does not allow it.
  bool Spend(Clock::time_point now) {
    if (last_ != Clock::time_point()) {
      saved_ = std::min(most_, saved_ + per_second_ * std::chrono::duration<double>(now - last_).count());
    }
    last_ = now;
    if (share_ + per_second_ <= 0 || saved_ < 1) return false;
    saved_ -= 1;
    return true;
  }

 private:
  // What may be saved up: so many seconds, and the share of so many calls.
  static constexpr double kSeconds = 2;
  static constexpr double kSavedCalls = 50;

  double share_ = 0;
  double per_second_ = 0;
  double most_ = 0;
  double saved_ = 0;
  Clock::time_point last_{};
};

}  // namespace vecgate::upstream
