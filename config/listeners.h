// `listeners`: its table, for settings.cc.
#pragma once

#include <absl/status/status.h>

#include <span>

#include "config/settings.h"

namespace vecgate::config {

std::span<const Setting> ListenerSettings();
// One element by itself. The message begins with the key within it.
absl::Status CheckListener(const Listener& listener);

}  // namespace vecgate::config
