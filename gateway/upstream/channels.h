// Connections to the upstream.
#pragma once

#include <absl/status/statusor.h>
#include <grpcpp/channel.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"

namespace vecgate::upstream {

// What a gRPC channel is told to connect to: one address or name, or a list of literal addresses.
std::string TargetOf(const std::vector<std::string>& addresses);

// Opens `count` channels with a connection each. Nothing connects before the first call; a lost connection comes back
// by itself. Fails when a TLS file cannot be read.
absl::StatusOr<std::vector<std::shared_ptr<grpc::Channel>>> OpenChannels(const config::Upstream& upstream, size_t count);

}  // namespace vecgate::upstream
