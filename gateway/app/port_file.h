// Tells whoever started the gateway where it listens.
#pragma once

#include <absl/status/status.h>

#include <string>
#include <vector>

#include "config/config.h"

namespace vecgate::app {

struct Port {
  std::string name;  // of the listener; "admin"
  config::Endpoint address;
};

// A line NAME=PORT for each; nothing when `path` is empty. Whoever waits for the file never sees half of it.
absl::Status WritePortFile(const std::string& path, const std::vector<Port>& ports);

}  // namespace vecgate::app
