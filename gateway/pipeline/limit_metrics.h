// What was refused for being too much, as metrics.
#pragma once

#include <vector>

#include "limits/gate.h"
#include "metrics/metrics.h"
#include "pipeline/upstream_metrics.h"

namespace vecgate::pipeline {

// `gate` and the clusters outlive `metrics`' last scrape.
void AddLimitMetrics(metrics::Metrics& metrics, const limits::Gate& gate, std::vector<NamedCluster> clusters);

}  // namespace vecgate::pipeline
