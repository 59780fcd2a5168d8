// Requests by collection.
//
// Names come from clients, so they are bounded twice: only a name with which a request succeeded gets series of its own,
// and only so many do, first come first served. All other requests count for "other".
#pragma once

#include <prometheus/metric_family.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "metrics/cells.h"
#include "metrics/statuses.h"

namespace vecgate::metrics {

struct RouteLabel {
  std::string method;
  std::string endpoint;  // the route's template
};

// Which names have series. Shared by all threads.
class CollectionNames {
 public:
  static constexpr size_t kOther = 0;

  explicit CollectionNames(size_t at_most) : at_most_(at_most), full_(at_most == 0) {}

  size_t at_most() const { return at_most_; }
  // The name's number; kOther when it has none. `add`: gives it one while there are any left. Takes a lock unless all
  // numbers are given away.
  size_t Find(std::string_view name, bool add);
  // Names by their numbers less one.
  std::vector<std::string> All() const;

  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Numbers = std::unordered_map<std::string, size_t, Hash, std::equal_to<>>;

 private:
  const size_t at_most_;
  std::atomic<bool> full_;  // then `numbers_` does not change any more
  mutable std::mutex mutex_;
  Numbers numbers_;
};

// One thread's numbers. Written by that thread only.
class ThreadCollections {
 public:
  // `routes`: with the one for requests without a route. `names` outlives the object.
  ThreadCollections(CollectionNames& names, size_t routes)
      : names_(names), routes_(routes), collections_(names.at_most() + 1) {}

  void Responded(std::string_view collection, size_t route, uint32_t status, std::chrono::nanoseconds time);

  struct Route {
    std::array<Cell, kStatuses.size()> statuses;
  };
  struct Collection {
    explicit Collection(size_t count) : routes(count) {}
    TimeHistogram time;
    LazyArray<Route> routes;
  };
  const Collection* Find(size_t number) const { return collections_.Find(number); }

 private:
  CollectionNames& names_;
  const size_t routes_;
  CollectionNames::Numbers known_;  // as far as this thread has met them
  LazyArray<Collection> collections_;
};

// `vecgate_collection_*` over all threads; nothing when no collection is to be told.
std::vector<prometheus::MetricFamily> CollectionFamilies(const CollectionNames& names,
                                                         const std::vector<const ThreadCollections*>& threads,
                                                         const std::vector<RouteLabel>& routes);

}  // namespace vecgate::metrics
