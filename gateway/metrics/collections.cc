#include "metrics/collections.h"

#include <utility>

#include "metrics/families.h"

namespace vecgate::metrics {

using prometheus::MetricFamily;
using prometheus::MetricType;

size_t CollectionNames::Find(std::string_view name, bool add) {
  const auto number_of = [&] {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? kOther : found->second;
  };
  if (full_.load(std::memory_order_acquire)) return number_of();
  const std::lock_guard lock(mutex_);
  if (const size_t number = number_of(); number != kOther || !add || numbers_.size() == at_most_) return number;
  const size_t number = numbers_.size() + 1;
  numbers_.emplace(name, number);
  if (number == at_most_) full_.store(true, std::memory_order_release);
  return number;
}

std::vector<std::string> CollectionNames::All() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names(numbers_.size());
  for (const auto& [name, number] : numbers_) names[number - 1] = name;
  return names;
}

void ThreadCollections::Responded(std::string_view collection, size_t route, uint32_t status,
                                  std::chrono::nanoseconds time) {
  if (names_.at_most() == 0) return;
  size_t number = CollectionNames::kOther;
  if (const auto known = known_.find(collection); known != known_.end()) {
    number = known->second;
  } else if (number = names_.Find(collection, status >= 200 && status < 300); number != CollectionNames::kOther) {
    known_.emplace(collection, number);
  }
  Collection& own = collections_.At(number, routes_);
  own.time.Observe(time);
  own.routes.At(route).statuses[StatusSlot(status)].Add(1);
}

std::vector<MetricFamily> CollectionFamilies(const CollectionNames& names,
                                             const std::vector<const ThreadCollections*>& threads,
                                             const std::vector<RouteLabel>& routes) {
  MetricFamily requests = Family("vecgate_collection_requests_total",
                                 "Requests by collection and route; \"other\": collections beyond metrics.collections, "
                                 "and names that no request succeeded with",
                                 MetricType::Counter);
  MetricFamily durations = Family("vecgate_collection_duration_seconds",
                                  "Time from a request's first byte to its answer, by collection", MetricType::Histogram);
  const std::vector<std::string> known = names.All();
  for (size_t number = 0; number <= known.size(); ++number) {
    const std::string name = number == CollectionNames::kOther ? "other" : known[number - 1];
    HistogramSum time;
    std::vector<std::array<uint64_t, kStatuses.size()>> counts(routes.size() + 1);
    for (const ThreadCollections* thread : threads) {
      const ThreadCollections::Collection* collection = thread->Find(number);
      if (collection == nullptr) continue;
      time.Add(collection->time);
      for (size_t route = 0; route < counts.size(); ++route) {
        const ThreadCollections::Route* cells = collection->routes.Find(route);
        for (size_t slot = 0; cells != nullptr && slot < kStatuses.size(); ++slot) {
          counts[route][slot] += cells->statuses[slot].value();
        }
      }
    }
    if (time.count() == 0) continue;
    time.AddTo(durations, {{"collection", name}});
    for (size_t route = 0; route < routes.size(); ++route) {
      for (size_t slot = 0; slot < kStatuses.size(); ++slot) {
        if (counts[route][slot] == 0) continue;
        AddNumber(requests,
                   {{"collection", name},
                    {"method", routes[route].method},
                    {"endpoint", routes[route].endpoint},
                    {"status", std::to_string(kStatuses[slot])}},
                  static_cast<double>(counts[route][slot]));
      }
    }
  }
  if (requests.metric.empty()) return {};
  return {std::move(requests), std::move(durations)};
}

}  // namespace vecgate::metrics
