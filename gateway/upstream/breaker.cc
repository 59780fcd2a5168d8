#include "upstream/breaker.h"

#include <algorithm>

namespace vecgate::upstream {
namespace {

constexpr std::chrono::seconds kWindow{10};
constexpr uint64_t kEnoughCalls = 20;  // for a share to mean something
constexpr unsigned kMostDoublings = 16;

}  // namespace

Breaker::Pass Breaker::Admit(Clock::time_point now) {
  if (state() == State::kClosed) return Pass::kCall;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (state() == State::kClosed) return Pass::kCall;
  if (state() == State::kOpen && now >= until_) state_.store(State::kHalfOpen, std::memory_order_relaxed);
  if (state() == State::kOpen || probing_) return Pass::kNone;
  probing_ = true;
  return Pass::kProbe;
}

bool Breaker::WouldAdmit(Clock::time_point now) const {
  if (state() == State::kClosed) return true;
  const std::lock_guard<std::mutex> lock(mutex_);
  return state() == State::kClosed || (!probing_ && (state() == State::kHalfOpen || now >= until_));
}

void Breaker::Succeeded(Pass pass) {
  if (pass != Pass::kProbe) {
    if (in_a_row_.load(std::memory_order_relaxed) != 0) in_a_row_.store(0, std::memory_order_relaxed);
    return;
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  probing_ = false;
  opened_in_a_row_ = 0;
  window_start_ = {};
  in_a_row_.store(0, std::memory_order_relaxed);
  state_.store(State::kClosed, std::memory_order_relaxed);
}

bool Breaker::Failed(Pass pass, Clock::time_point now, uint64_t calls, const Settings& settings) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (pass == Pass::kProbe) {
    probing_ = false;
    Open(now, settings);
    return true;
  }
  if (state() != State::kClosed) return false;  // began before it opened; the probe decides
  // The window begins with a failure, so calls that succeed have nothing to keep.
  if (window_start_ == Clock::time_point() || now - window_start_ > kWindow) {
    window_start_ = now;
    window_calls_ = calls > 0 ? calls - 1 : 0;
    window_failures_ = 0;
  }
  ++window_failures_;
  const unsigned in_a_row = in_a_row_.fetch_add(1, std::memory_order_relaxed) + 1;
  const uint64_t within = calls - window_calls_;
  const bool too_many_in_a_row = settings.failures > 0 && in_a_row >= settings.failures;
  const bool too_large_a_share = settings.percent > 0 && within >= kEnoughCalls &&
                                 window_failures_ * 100 >= within * settings.percent;
  if (!too_many_in_a_row && !too_large_a_share) return false;
  Open(now, settings);
  return true;
}

void Breaker::Abandoned(Pass pass) {
  if (pass != Pass::kProbe) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  probing_ = false;
}

void Breaker::MayTry() {
  if (state() != State::kOpen) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (state() == State::kOpen) state_.store(State::kHalfOpen, std::memory_order_relaxed);
}

Breaker::Clock::time_point Breaker::until() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return until_;
}

void Breaker::Open(Clock::time_point now, const Settings& settings) {
  const auto pause = settings.open * (int64_t{1} << std::min(opened_in_a_row_, kMostDoublings));
  until_ = now + std::min<std::chrono::milliseconds>(pause, std::max(settings.longest, settings.open));
  ++opened_in_a_row_;
  window_start_ = {};
  in_a_row_.store(0, std::memory_order_relaxed);
  openings_.fetch_add(1, std::memory_order_relaxed);
  state_.store(State::kOpen, std::memory_order_relaxed);
}

}  // namespace vecgate::upstream
