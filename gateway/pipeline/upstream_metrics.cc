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

using Clusters = std::vector<NamedCluster>;

// A number per upstream.
std::function<std::vector<Sample>()> PerCluster(const Clusters& clusters, std::function<double(const Cluster&)> read) {
  return [clusters, read = std::move(read)] {
    std::vector<Sample> samples;
    for (const NamedCluster& each : clusters) samples.push_back({{each.name}, read(*each.cluster)});
    return samples;
  };
}

// A number per address.
std::function<std::vector<Sample>()> PerAddress(const Clusters& clusters, std::function<double(const Endpoint&)> read) {
  return [clusters, read = std::move(read)] {
    std::vector<Sample> samples;
    for (const NamedCluster& each : clusters) {
      for (const upstream::Member& member : each.cluster->members()->list) {
        samples.push_back({{each.name, member.endpoint->address()}, read(*member.endpoint)});
      }
    }
    return samples;
  };
}

std::vector<Sample> Responses(const Clusters& clusters) {
  std::vector<Sample> samples;
  for (const NamedCluster& each : clusters) {
    for (const upstream::Member& member : each.cluster->members()->list) {
      for (size_t code = 0; code < upstream::kCodeNames.size(); ++code) {
        const uint64_t calls = member.endpoint->calls(code);
        if (calls == 0 && code != 0) continue;
        samples.push_back(
            {{each.name, member.endpoint->address(), std::string(upstream::kCodeNames[code])}, Number(calls)});
      }
    }
  }
  return samples;
}

}  // namespace

void AddUpstreamMetrics(metrics::Metrics& metrics, const Clusters& clusters) {
  metrics.AddReadCounters("vecgate_upstream_responses_total",
                          "Calls by address and gRPC code, repeated and hedged ones included",
                          {"upstream", "address", "code"}, [clusters] { return Responses(clusters); });
  const auto gauges = [&](std::string name, std::string help, std::function<double(const Endpoint&)> read) {
    metrics.AddGauges(std::move(name), std::move(help), {"upstream", "address"}, PerAddress(clusters, std::move(read)));
  };
  gauges("vecgate_upstream_in_flight", "Calls under way by address",
         [](const Endpoint& endpoint) { return Number(endpoint.in_flight()); });
  gauges("vecgate_upstream_healthy", "1 when the address answers its health checks", [](const Endpoint& endpoint) {
    return endpoint.health() == upstream::Health::kWell ? 1.0 : 0.0;
  });
  gauges("vecgate_upstream_breaker_state", "0 closed, 1 half open, 2 open, by address",
         [](const Endpoint& endpoint) { return static_cast<double>(endpoint.breaker().state()); });
  metrics.AddReadCounters("vecgate_upstream_ejections_total", "Times the breaker of an address opened",
                          {"upstream", "address"}, PerAddress(clusters, [](const Endpoint& endpoint) {
                            return Number(endpoint.breaker().openings());
                          }));
  metrics.AddGauges("vecgate_upstream_ready", "1 when an address answers its health checks", {"upstream"},
                    PerCluster(clusters, [](const Cluster& cluster) { return cluster.ready() ? 1.0 : 0.0; }));
  const auto total = [&](std::string name, std::string help, metrics::Cell Cluster::Counts::*count) {
    metrics.AddReadCounters(std::move(name), std::move(help), {"upstream"},
                            PerCluster(clusters, [count](const Cluster& c) { return Number(c.Total(count)); }));
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
