// Refusals of callers, counted by reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/refusal.h"
#include "metrics/metrics.h"

namespace vecgate::pipeline {

// Shared by all threads.
class AuthFailures {
 public:
  explicit AuthFailures(metrics::Metrics& metrics)
      : counters_(metrics.AddCounters("vecgate_auth_failures_total", "Requests refused for their caller, by reason",
                                      {"reason"}, auth::kReasonNames.size())) {
    for (const std::string_view name : auth::kReasonNames) series_.push_back(counters_.Series({std::string(name)}));
  }

  void Count(auth::Reason reason) { counters_.Add(series_[static_cast<size_t>(reason)]); }

 private:
  metrics::Counters& counters_;
  std::vector<size_t> series_;  // by reason
};

}  // namespace vecgate::pipeline
