// One address of the upstream: whether it is well, and what was counted of it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "metrics/cells.h"
#include "upstream/breaker.h"

namespace vecgate::upstream {

// gRPC status codes by number.
inline constexpr std::array<std::string_view, 17> kCodeNames = {
    "OK",             "CANCELLED",         "UNKNOWN",            "INVALID_ARGUMENT",    "DEADLINE_EXCEEDED",
    "NOT_FOUND",      "ALREADY_EXISTS",    "PERMISSION_DENIED",  "RESOURCE_EXHAUSTED",  "FAILED_PRECONDITION",
    "ABORTED",        "OUT_OF_RANGE",      "UNIMPLEMENTED",      "INTERNAL",            "UNAVAILABLE",
    "DATA_LOSS",      "UNAUTHENTICATED"};

// A place to connect to.
struct Place {
  std::string address;    // literal: "10.0.0.1:6334", "[::1]:6334"
  std::string authority;  // as configured; a certificate is to be good for its host
  bool operator==(const Place&) const = default;
};

enum class Health : uint8_t { kUnknown, kWell, kIll };

// Shared by all threads. It outlives the connections to its address: those are replaced, this stays.
class Endpoint {
 public:
  struct alignas(64) Cells {  // of one thread
    std::array<metrics::Cell, kCodeNames.size()> codes;
    metrics::Cell in_flight;
  };

  Endpoint(Place place, size_t threads)
      : place_(std::move(place)), threads_(threads), cells_(std::make_unique<Cells[]>(threads)) {}

  const Place& place() const { return place_; }
  const std::string& address() const { return place_.address; }

  // As the last health check saw it.
  Health health() const { return health_.load(std::memory_order_relaxed); }
  void set_health(Health health) { health_.store(health, std::memory_order_relaxed); }

  Breaker& breaker() { return breaker_; }
  const Breaker& breaker() const { return breaker_; }

  // Written by that thread only.
  Cells& cells(size_t thread) { return cells_[thread]; }
  void Count(size_t thread, int code) {
    constexpr size_t kUnknown = 2;
    const auto slot = static_cast<size_t>(code);
    cells_[thread].codes[slot < kCodeNames.size() ? slot : kUnknown].Add(1);
  }

  uint64_t calls(size_t code) const {
    uint64_t sum = 0;
    for (size_t i = 0; i < threads_; ++i) sum += cells_[i].codes[code].value();
    return sum;
  }
  uint64_t calls() const {
    uint64_t sum = 0;
    for (size_t code = 0; code < kCodeNames.size(); ++code) sum += calls(code);
    return sum;
  }
  uint64_t in_flight() const {
    uint64_t sum = 0;
    for (size_t i = 0; i < threads_; ++i) sum += cells_[i].in_flight.value();
    return sum;
  }

 private:
  const Place place_;
  const size_t threads_;
  std::atomic<Health> health_{Health::kUnknown};
  Breaker breaker_;
  const std::unique_ptr<Cells[]> cells_;
};

}  // namespace vecgate::upstream
