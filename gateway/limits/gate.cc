#include "limits/gate.h"

namespace vecgate::limits {
namespace {

using Clock = Keyed::Clock;

std::shared_ptr<Keyed> Renewed(const std::shared_ptr<Keyed>& before, const config::KeyLimits& limits, uint64_t keys) {
  const KeyLimits wanted{limits.in_flight, static_cast<double>(limits.requests), static_cast<double>(limits.points),
                         static_cast<double>(limits.vector_values)};
  if (wanted.none()) return nullptr;
  if (before != nullptr && before->limits() == wanted) return before;
  return std::make_shared<Keyed>(wanted, keys);
}

struct Names {
  Reason in_flight;
  Reason requests;
  Reason points;
  Reason values;
};
constexpr Names kCaller{Reason::kCallerInFlight, Reason::kCallerRequests, Reason::kCallerPoints, Reason::kCallerValues};
constexpr Names kCollection{Reason::kCollectionInFlight, Reason::kCollectionRequests, Reason::kCollectionPoints,
                            Reason::kCollectionValues};

std::optional<Refusal> EnterKey(Keyed* keyed, std::string_view key, const Names& names, Clock::time_point now,
                                Keyed::Place* place) {
  if (keyed == nullptr || key.empty()) return std::nullopt;
  Keyed::Answer answer = keyed->Enter(key, now);
  switch (answer.verdict) {
    case Keyed::Verdict::kPasses:
      *place = std::move(answer.place);
      return std::nullopt;
    case Keyed::Verdict::kInFlight:
      return Refusal{names.in_flight, answer.retry_after};
    case Keyed::Verdict::kRequests:
      return Refusal{names.requests, answer.retry_after};
    case Keyed::Verdict::kPoints:
      return Refusal{names.points, answer.retry_after};
    case Keyed::Verdict::kVectorValues:
      return Refusal{names.values, answer.retry_after};
  }
  return std::nullopt;
}

}  // namespace

Held& Held::operator=(Held&& other) noexcept {
  std::swap(gate_, other.gate_);
  std::swap(bytes_, other.bytes_);
  std::swap(costs_, other.costs_);
  std::swap(caller_, other.caller_);
  std::swap(collection_, other.collection_);
  return *this;
}

Held::~Held() {
  if (gate_ == nullptr) return;
  if (bytes_ > 0) gate_->bytes_.fetch_sub(bytes_, std::memory_order_relaxed);
  gate_->in_flight_.fetch_sub(1, std::memory_order_relaxed);
}

bool Held::Take(uint64_t bytes) {
  if (gate_ == nullptr || bytes == 0) return true;
  const uint64_t before = gate_->bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (before + bytes > gate_->most_bytes_.load(std::memory_order_relaxed)) {
    gate_->bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  bytes_ += bytes;
  return true;
}

void Held::Charge(const Cost& cost) {
  const auto now = Clock::now();
  caller_.Charge(cost, now);
  collection_.Charge(cost, now);
}

Gate::Gate(const config::Limits& limits, size_t threads)
    : threads_(threads),
      cells_(std::make_unique<Cells[]>(threads)),
      most_in_flight_(limits.in_flight),
      most_bytes_(limits.in_flight_bytes),
      keys_(std::make_shared<const Keys>()) {
  Adopt(limits);
}

void Gate::Adopt(const config::Limits& limits) {
  most_in_flight_.store(limits.in_flight, std::memory_order_relaxed);
  most_bytes_.store(limits.in_flight_bytes, std::memory_order_relaxed);
  const std::shared_ptr<const Keys> before = keys_.Get();
  auto keys = std::make_shared<const Keys>(Keys{Renewed(before->callers, limits.per_caller, limits.tracked_keys),
                                                Renewed(before->collections, limits.per_collection, limits.tracked_keys)});
  keys_.Set(std::move(keys));
}

uint64_t Gate::refused(Reason reason) const {
  uint64_t sum = 0;
  for (size_t i = 0; i < threads_; ++i) sum += cells_[i].refused[static_cast<size_t>(reason)].value();
  return sum;
}

std::optional<Refusal> Door::Enter(Held* held) {
  std::atomic<uint64_t>& count = gate_.in_flight_;
  if (count.fetch_add(1, std::memory_order_relaxed) >= gate_.most_in_flight_.load(std::memory_order_relaxed)) {
    count.fetch_sub(1, std::memory_order_relaxed);
    Count(Reason::kInFlight);
    return Refusal{Reason::kInFlight, 1};
  }
  held->gate_ = &gate_;
  return std::nullopt;
}

std::optional<Refusal> Door::Enter(std::string_view caller, std::string_view collection, Held* held) {
  const Gate::Keys& keys = *keys_.Get();
  const auto now = Clock::now();
  std::optional<Refusal> refusal = EnterKey(keys.callers.get(), caller, kCaller, now, &held->caller_);
  if (!refusal.has_value()) {
    refusal = EnterKey(keys.collections.get(), collection, kCollection, now, &held->collection_);
  }
  if (refusal.has_value()) Count(refusal->reason);
  held->costs_ = (keys.callers != nullptr && keys.callers->limits().costs()) ||
                 (keys.collections != nullptr && keys.collections->limits().costs());
  return refusal;
}

}  // namespace vecgate::limits
