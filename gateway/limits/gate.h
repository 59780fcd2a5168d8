// Who is let in. Everything is refused at once or taken on at once; nothing waits in line, so what is admitted is answered
// as fast as the upstream answers, however many ask.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/byte_budget.h"
#include "base/live.h"
#include "config/config.h"
#include "limits/keyed.h"
#include "limits/reason.h"
#include "metrics/cells.h"

namespace vecgate::limits {

struct Refusal {
  Reason reason;
  uint64_t retry_after;  // seconds
};

class Gate;
class Door;

// What one request has taken; given back by scope.
class Held final : public base::ByteBudget {
 public:
  Held() = default;
  Held(Held&& other) noexcept { *this = std::move(other); }
  Held& operator=(Held&& other) noexcept;
  ~Held() override;

  // Room for so many bytes more of a body. False: there is none, and nothing was taken.
  bool Take(uint64_t bytes) override;
  // Takes what the request turned out to hold.
  void Charge(const Cost& cost);
  // False: what it holds does not matter.
  bool costs() const { return costs_; }

 private:
  friend class Door;
  Gate* gate_ = nullptr;
  uint64_t bytes_ = 0;
  bool costs_ = false;
  Keyed::Place caller_;
  Keyed::Place collection_;
};

// Shared by all threads.
class Gate {
 public:
  Gate(const config::Limits& limits, size_t threads);
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // From now on. Rates that stay keep what they know of their keys.
  void Adopt(const config::Limits& limits);

  // From any thread.
  uint64_t refused(Reason reason) const;
  uint64_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }
  uint64_t in_flight_bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  friend class Held;
  friend class Door;
  struct Keys {
    std::shared_ptr<Keyed> callers;      // null: no limits
    std::shared_ptr<Keyed> collections;
  };
  struct alignas(64) Cells {
    std::array<metrics::Cell, kReasonNames.size()> refused;
  };

  const size_t threads_;
  const std::unique_ptr<Cells[]> cells_;
  std::atomic<uint64_t> most_in_flight_;
  std::atomic<uint64_t> most_bytes_;
  base::Live<Keys> keys_;
  alignas(64) std::atomic<uint64_t> in_flight_{0};
  alignas(64) std::atomic<uint64_t> bytes_{0};
};

// The way in, of one thread.
class Door {
 public:
  // `gate` outlives it.
  Door(Gate& gate, size_t thread) : gate_(gate), cells_(gate.cells_[thread]), keys_(gate.keys_) {}

  // Takes a request on. The first of two questions; nothing is known of it yet but that it is there.
  std::optional<Refusal> Enter(Held* held);
  // The second: it is `caller`'s, for `collection` (empty: for none).
  std::optional<Refusal> Enter(std::string_view caller, std::string_view collection, Held* held);
  // False: the second question needs not be asked.
  bool has_keys() { return keys_.Get()->callers != nullptr || keys_.Get()->collections != nullptr; }

  void Count(Reason reason) { cells_.refused[static_cast<size_t>(reason)].Add(1); }

 private:
  Gate& gate_;
  Gate::Cells& cells_;
  base::Live<Gate::Keys>::View keys_;
};

}  // namespace vecgate::limits
