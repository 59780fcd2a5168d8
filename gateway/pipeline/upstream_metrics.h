// What is counted of the upstream, as metrics.
#pragma once

#include "metrics/metrics.h"
#include "upstream/cluster.h"

namespace vecgate::pipeline {

// `cluster` outlives `metrics`' last scrape.
void AddUpstreamMetrics(metrics::Metrics& metrics, const upstream::Cluster& cluster);

}  // namespace vecgate::pipeline
