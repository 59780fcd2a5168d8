// What is counted of the upstreams, as metrics.
#pragma once

#include <string>
#include <vector>

#include "metrics/metrics.h"
#include "upstream/cluster.h"

namespace vecgate::pipeline {

struct NamedCluster {
  std::string name;  // of the upstream; empty: it is the only one
  const upstream::Cluster* cluster;
};

// The clusters outlive `metrics`' last scrape.
void AddUpstreamMetrics(metrics::Metrics& metrics, const std::vector<NamedCluster>& clusters);

}  // namespace vecgate::pipeline
