#include "metrics/counters.h"

namespace vecgate::metrics {

Counters::Counters(std::string name, std::string help, Values label_names, size_t at_most)
    : name_(std::move(name)), help_(std::move(help)), label_names_(std::move(label_names)), at_most_(at_most) {
  for (auto& stripe : cells_) stripe.reset(new std::atomic<uint64_t>[at_most_ + 1]());
}

size_t Counters::Series(const Values& values) {
  const std::lock_guard lock(mutex_);
  if (const auto known = series_.find(values); known != series_.end()) return known->second;
  if (series_.size() < at_most_) return series_.emplace(values, series_.size()).first->second;
  series_.emplace(Values(label_names_.size(), "other"), at_most_);
  return at_most_;
}

uint64_t Counters::value(size_t series) const {
  uint64_t sum = 0;
  for (const auto& stripe : cells_) sum += stripe[series].load(std::memory_order_relaxed);
  return sum;
}

std::vector<std::pair<Counters::Values, size_t>> Counters::All() const {
  const std::lock_guard lock(mutex_);
  return {series_.begin(), series_.end()};
}

size_t Counters::Stripe() {
  static std::atomic<size_t> threads{0};
  thread_local const size_t stripe = threads.fetch_add(1, std::memory_order_relaxed) % kStripes;
  return stripe;
}

}  // namespace vecgate::metrics
