// Limits per key: requests at a time, and rates as token buckets.
//
// A bucket fills at its rate up to what two seconds bring. A request passes while something is in it, and then takes its
// whole cost, so the bucket may owe: what one large request took too much, those after it wait for. So the decision falls
// before a body is read, what it costs may be found out later, and no request is too large for its bucket.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "limits/cost.h"

namespace vecgate::limits {

// 0: no limit.
struct KeyLimits {
  uint64_t in_flight = 0;
  double requests = 0;       // per second
  double points = 0;         // per second
  double vector_values = 0;  // per second

  bool none() const { return in_flight == 0 && requests == 0 && !costs(); }
  bool costs() const { return points > 0 || vector_values > 0; }
  bool operator==(const KeyLimits&) const = default;
};

// Shared by all threads; a key's shard is locked for some dozen instructions. The number of keys is bounded: the one not
// heard of for longest is forgotten first, which gives it a full bucket. Keys in use are not forgotten.
class Keyed : public std::enable_shared_from_this<Keyed> {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Verdict : uint8_t { kPasses, kInFlight, kRequests, kPoints, kVectorValues };

  // A place among the requests of a key; given back by scope.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept { *this = std::move(other); }
    Place& operator=(Place&& other) noexcept {
      std::swap(owner_, other.owner_);
      std::swap(shard_, other.shard_);
      std::swap(entry_, other.entry_);
      return *this;
    }
    ~Place();
    // Takes what a request turned out to hold.
    void Charge(const Cost& cost, Clock::time_point now);

   private:
    friend class Keyed;
    std::shared_ptr<Keyed> owner_;
    size_t shard_ = 0;
    void* entry_ = nullptr;
  };

  struct Answer {
    Verdict verdict = Verdict::kPasses;
    uint64_t retry_after = 1;  // seconds
    Place place;               // empty unless it passes
  };

  Keyed(KeyLimits limits, size_t most_keys);
  Keyed(const Keyed&) = delete;
  Keyed& operator=(const Keyed&) = delete;

  Answer Enter(std::string_view key, Clock::time_point now);
  const KeyLimits& limits() const { return limits_; }
  size_t size() const;

 private:
  struct Bucket {
    double tokens = 0;
    void Fill(double rate, double seconds);
  };
  struct Entry {
    std::string key;
    uint64_t in_flight = 0;
    Bucket requests;
    Bucket points;
    Bucket values;
    Clock::time_point seen;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::list<Entry> entries;  // the one heard of last comes first
    absl::flat_hash_map<std::string_view, std::list<Entry>::iterator> index;
  };
  static constexpr size_t kShards = 16;

  Entry& Find(Shard& shard, std::string_view key, Clock::time_point now);
  void Refill(Entry& entry, Clock::time_point now) const;

  const KeyLimits limits_;
  const size_t most_per_shard_;
  std::vector<Shard> shards_;
};

}  // namespace vecgate::limits
