// `upstream` and `upstreams`: their tables, for settings.cc.
#pragma once

#include <absl/status/status.h>

#include <span>

#include "config/settings.h"

namespace vecgate::config {

// The table of Upstream.
std::span<const Setting> UpstreamSettings();
// The same with what is told of one among several.
std::span<const Setting> NamedUpstreamSettings();

// What single values cannot tell; messages begin with the key within the upstream.
absl::Status CheckUpstream(const Upstream& upstream, const Auth& auth);
absl::Status CheckName(const Upstream& upstream);

}  // namespace vecgate::config
