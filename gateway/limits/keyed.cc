#include "limits/keyed.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace vecgate::limits {
namespace {

// What a bucket holds at most, in seconds of its rate; never less than one request.
constexpr double kBurstSeconds = 2;
constexpr double kLongestWait = 3600;
// Forgetting looks at so many entries; those in use are passed over.
constexpr int kLooks = 8;

double Capacity(double rate) { return std::max(1.0, rate * kBurstSeconds); }

uint64_t SecondsUntilPositive(double tokens, double rate) {
  return static_cast<uint64_t>(std::clamp(std::ceil((1 - tokens) / rate), 1.0, kLongestWait));
}

}  // namespace

void Keyed::Bucket::Fill(double rate, double seconds) {
  if (rate > 0) tokens = std::min(Capacity(rate), tokens + rate * seconds);
}

Keyed::Keyed(KeyLimits limits, size_t most_keys)
    : limits_(limits), most_per_shard_(std::max<size_t>(1, most_keys / kShards)), shards_(kShards) {}

Keyed::Entry& Keyed::Find(Shard& shard, std::string_view key, Clock::time_point now) {
  if (const auto found = shard.index.find(key); found != shard.index.end()) {
    shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
    return shard.entries.front();
  }
  for (int look = 0; look < kLooks && shard.entries.size() >= most_per_shard_; ++look) {
    const auto oldest = std::prev(shard.entries.end());
    if (oldest->in_flight > 0) {
      shard.entries.splice(shard.entries.begin(), shard.entries, oldest);
      continue;
    }
    shard.index.erase(oldest->key);
    shard.entries.erase(oldest);
  }
  Entry& entry = shard.entries.emplace_front();
  entry.key = std::string(key);
  entry.requests.tokens = Capacity(limits_.requests);
  entry.points.tokens = Capacity(limits_.points);
  entry.values.tokens = Capacity(limits_.vector_values);
  entry.seen = now;
  shard.index.emplace(entry.key, shard.entries.begin());
  return entry;
}

void Keyed::Refill(Entry& entry, Clock::time_point now) const {
  const double seconds = std::max(0.0, std::chrono::duration<double>(now - entry.seen).count());
  entry.seen = std::max(entry.seen, now);
  entry.requests.Fill(limits_.requests, seconds);
  entry.points.Fill(limits_.points, seconds);
  entry.values.Fill(limits_.vector_values, seconds);
}

Keyed::Answer Keyed::Enter(std::string_view key, Clock::time_point now) {
  const size_t at = std::hash<std::string_view>()(key) % kShards;
  Shard& shard = shards_[at];
  Answer answer;
  const std::lock_guard<std::mutex> lock(shard.mutex);
  Entry& entry = Find(shard, key, now);
  Refill(entry, now);
  if (limits_.in_flight > 0 && entry.in_flight >= limits_.in_flight) {
    answer.verdict = Verdict::kInFlight;
  } else if (limits_.requests > 0 && entry.requests.tokens < 1) {
    answer.verdict = Verdict::kRequests;
    answer.retry_after = SecondsUntilPositive(entry.requests.tokens, limits_.requests);
  } else if (limits_.points > 0 && entry.points.tokens < 1) {
    answer.verdict = Verdict::kPoints;
    answer.retry_after = SecondsUntilPositive(entry.points.tokens, limits_.points);
  } else if (limits_.vector_values > 0 && entry.values.tokens < 1) {
    answer.verdict = Verdict::kVectorValues;
    answer.retry_after = SecondsUntilPositive(entry.values.tokens, limits_.vector_values);
  } else {
    if (limits_.requests > 0) entry.requests.tokens -= 1;
    ++entry.in_flight;
    answer.place.owner_ = shared_from_this();
    answer.place.shard_ = at;
    answer.place.entry_ = &entry;
  }
  return answer;
}

size_t Keyed::size() const {
  size_t sum = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard<std::mutex> lock(shard.mutex);
    sum += shard.entries.size();
  }
  return sum;
}

Keyed::Place::~Place() {
  if (owner_ == nullptr) return;
  const std::lock_guard<std::mutex> lock(owner_->shards_[shard_].mutex);
  --static_cast<Entry*>(entry_)->in_flight;
}

void Keyed::Place::Charge(const Cost& cost, Clock::time_point now) {
  if (owner_ == nullptr || !owner_->limits_.costs()) return;
  Entry& entry = *static_cast<Entry*>(entry_);
  const std::lock_guard<std::mutex> lock(owner_->shards_[shard_].mutex);
  owner_->Refill(entry, now);
  entry.points.tokens -= static_cast<double>(cost.points);
  entry.values.tokens -= static_cast<double>(cost.vector_values);
}

}  // namespace vecgate::limits
