// What was refused for being too much, as metrics.
#pragma once

#include "limits/gate.h"
#include "metrics/metrics.h"
#include "upstream/cluster.h"

namespace vecgate::pipeline {

// `gate` and `cluster` outlive `metrics`' last scrape.
void AddLimitMetrics(metrics::Metrics& metrics, const limits::Gate& gate, const upstream::Cluster& cluster);

}  // namespace vecgate::pipeline
