#include "pipeline/limit_metrics.h"

#include <string>
#include <utility>
#include <vector>

namespace vecgate::pipeline {

using limits::Reason;
using metrics::Sample;

void AddLimitMetrics(metrics::Metrics& metrics, const limits::Gate& gate, std::vector<NamedCluster> clusters) {
  metrics.AddReadCounters("vecgate_limited_total", "Refused for being too much, by which limit", {"reason"},
                          [&gate, clusters = std::move(clusters)] {
                            std::vector<Sample> samples;
                            for (size_t i = 0; i < limits::kReasonNames.size(); ++i) {
                              const auto reason = static_cast<Reason>(i);
                              uint64_t count = gate.refused(reason);
                              if (reason == Reason::kReplyBytes) {
                                for (const NamedCluster& each : clusters) {
                                  count += each.cluster->Total(&upstream::Cluster::Counts::too_large);
                                }
                              }
                              samples.push_back({{std::string(limits::kReasonNames[i])}, static_cast<double>(count)});
                            }
                            return samples;
                          });
  metrics.AddGauge("vecgate_request_bytes_in_flight", "Bytes of request bodies held",
                   [&gate] { return static_cast<double>(gate.in_flight_bytes()); });
}

}  // namespace vecgate::pipeline
