// What the kernel knows of this process, under the names Prometheus clients agreed on.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace vecgate::metrics {

// `started`: seconds since 1970. What cannot be read is left out.
std::vector<prometheus::MetricFamily> ProcessFamilies(double started);

}  // namespace vecgate::metrics
