#include "pipeline/upstream_metrics.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vecgate::pipeline {
namespace {

using metrics::Sample;
using upstream::Cluster;
using upstream::Endpoint;

double Number(uint64_t value) { return static_cast<double>(value); }

// A number per address.
std::function<std::vector<Sample>()> PerAddress(const Cluster& cluster, std::function<double(const Endpoint&)> read) {
  return [&cluster, read = std::move(read)] {
    std::vector<Sample> samples;
    for (const upstream::Member& member : cluster.members()->list) {
      samples.push_back({{member.endpoint->address()}, read(*member.endpoint)});
    }
    return samples;
  };
}

std::vector<Sample> Responses(const Cluster& cluster) {
  std::vector<Sample> samples;
  for (const upstream::Member& member : cluster.members()->list) {
    for (size_t code = 0; code < upstream::kCodeNames.size(); ++code) {
      const uint64_t calls = member.endpoint->calls(code);
      if (calls == 0 && code != 0) continue;
      samples.push_back({{member.endpoint->address(), std::string(upstream::kCodeNames[code])}, Number(calls)});
    }
  }
  return samples;
}

}  // namespace

void AddUpstreamMetrics(metrics::Metrics& metrics, const Cluster& cluster) {
  metrics.AddReadCounters("vecgate_upstream_responses_total",
                          "Calls by address and gRPC code, repeated and hedged ones included", {"address", "code"},
                          [&cluster] { return Responses(cluster); });
  const auto gauges = [&](std::string name, std::string help, std::function<double(const Endpoint&)> read) {
    metrics.AddGauges(std::move(name), std::move(help), {"address"}, PerAddress(cluster, std::move(read)));
  };
  gauges("vecgate_upstream_in_flight", "Calls under way by address",
         [](const Endpoint& endpoint) { return Number(endpoint.in_flight()); });
  gauges("vecgate_upstream_healthy", "1 when the address answers its health checks", [](const Endpoint& endpoint) {
    return endpoint.health() == upstream::Health::kWell ? 1.0 : 0.0;
  });
  gauges("vecgate_upstream_breaker_state", "0 closed, 1 half open, 2 open, by address",
         [](const Endpoint& endpoint) { return static_cast<double>(endpoint.breaker().state()); });
  metrics.AddReadCounters("vecgate_upstream_ejections_total", "Times the breaker of an address opened", {"address"},
                          PerAddress(cluster, [](const Endpoint& endpoint) {
                            return Number(endpoint.breaker().openings());
                          }));
  metrics.AddGauge("vecgate_upstream_ready", "1 when an address answers its health checks",
                   [&cluster] { return cluster.ready() ? 1.0 : 0.0; });
  const auto total = [&](std::string name, std::string help, metrics::Cell Cluster::Counts::*count) {
    metrics.AddReadCounter(std::move(name), std::move(help), [&cluster, count] { return Number(cluster.Total(count)); });
  };
  total("vecgate_upstream_retries_total", "Calls made again", &Cluster::Counts::retries);
  total("vecgate_upstream_retries_over_budget_total", "Calls not made again for want of budget",
        &Cluster::Counts::over_budget);
  total("vecgate_upstream_hedges_total", "Reads asked of a second address", &Cluster::Counts::hedges);
  total("vecgate_upstream_hedges_won_total", "Hedges whose answer counted", &Cluster::Counts::hedges_won);
  total("vecgate_upstream_rejected_total", "Requests answered 503 because every address was ejected",
        &Cluster::Counts::rejected);
}

}  // namespace vecgate::pipeline
