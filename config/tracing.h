// `tracing.headers`: its table, for settings.cc.
#pragma once

#include <absl/status/status.h>

#include <span>

#include "config/settings.h"

namespace vecgate::config {

std::span<const Setting> TracingHeaderSettings();
// One element by itself. The message begins with the key within it.
absl::Status CheckTracingHeader(const TracingHeader& header);

}  // namespace vecgate::config
