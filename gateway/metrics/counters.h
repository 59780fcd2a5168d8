// Counters that a room names and counts itself.
//
//   Counters& failures = metrics.AddCounters("vecgate_auth_failures_total", "Refused callers by reason", {"reason"});
//   const size_t expired = failures.Series({"expired"});   // at start: it is shown as 0 from then on
//   failures.Add(expired);                                 // later, on any thread
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace vecgate::metrics {

// One family with a fixed set of label names. Label values come from the configuration or from fixed lists, never from
// requests; `at_most` bounds them all the same.
class Counters {
 public:
  using Values = std::vector<std::string>;

  Counters(std::string name, std::string help, Values label_names, size_t at_most);
  Counters(const Counters&) = delete;
  Counters& operator=(const Counters&) = delete;

  // The series with these label values, in the order of the names; made when it is new. Beyond `at_most` it is one whose
  // values are all "other". Takes a lock: keep the number. From any thread.
  size_t Series(const Values& values);
  // From any thread; no lock, no line shared with other threads.
  void Add(size_t series, uint64_t n = 1) { cells_[Stripe()][series].fetch_add(n, std::memory_order_relaxed); }

  const std::string& name() const { return name_; }
  const std::string& help() const { return help_; }
  const Values& label_names() const { return label_names_; }
  uint64_t value(size_t series) const;
  // All series so far: label values and number.
  std::vector<std::pair<Values, size_t>> All() const;

 private:
  static constexpr size_t kStripes = 8;
  // The same for all calls of a thread.
  static size_t Stripe();

  const std::string name_;
  const std::string help_;
  const Values label_names_;
  const size_t at_most_;
  mutable std::mutex mutex_;
  std::map<Values, size_t> series_;
  std::array<std::unique_ptr<std::atomic<uint64_t>[]>, kStripes> cells_;
};

}  // namespace vecgate::metrics
