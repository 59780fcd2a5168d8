// Whether calls to one address make sense: the circuit breaker that ejects an address and lets it back in.
//
// It counts calls that got no answer: connections refused, cut or silent. What a server says is an answer, an error too:
// whoever asks badly must not close the way for others.
//
//   closed     calls pass; so many failures in a row, or such a share of them, open it
//   open       none passes for a while, which doubles up to a bound when it opens again and again
//   half open  one call passes and decides: back to closed or to open
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace vecgate::upstream {

// Shared by all threads. While closed, asking it and telling it of a success take no lock and write nothing.
class Breaker {
 public:
  using Clock = std::chrono::steady_clock;
  enum class State : uint8_t { kClosed, kHalfOpen, kOpen };
  enum class Pass : uint8_t { kNone, kCall, kProbe };  // kProbe: the call that decides
  struct Settings {
    unsigned failures = 5;  // in a row that open it; 0: never
    unsigned percent = 50;  // of the calls of ten seconds, when there were enough, that open it; 0: never
    std::chrono::milliseconds open{1'000};
    std::chrono::milliseconds longest{30'000};
  };

  // Who was let in tells how it ended, by one of the three below.
  Pass Admit(Clock::time_point now);
  bool WouldAdmit(Clock::time_point now) const;

  void Succeeded(Pass pass);
  // `calls`: all that ever ended, this one included. True when that opened it.
  bool Failed(Pass pass, Clock::time_point now, uint64_t calls, const Settings& settings);
  // The call was given up by whoever made it.
  void Abandoned(Pass pass);
  // The address answers again; it may be tried before its time.
  void MayTry();

  State state() const { return state_.load(std::memory_order_relaxed); }
  // When an open one lets the next call pass.
  Clock::time_point until() const;
  uint64_t openings() const { return openings_.load(std::memory_order_relaxed); }

 private:
  void Open(Clock::time_point now, const Settings& settings);

  std::atomic<State> state_{State::kClosed};
  std::atomic<unsigned> in_a_row_{0};
  std::atomic<uint64_t> openings_{0};

  mutable std::mutex mutex_;  // for all below, and for leaving kClosed
  bool probing_ = false;
  unsigned opened_in_a_row_ = 0;
  Clock::time_point until_{};
  Clock::time_point window_start_{};
  uint64_t window_calls_ = 0;  // that had ended when the window began
  uint64_t window_failures_ = 0;
};

}  // namespace vecgate::upstream
