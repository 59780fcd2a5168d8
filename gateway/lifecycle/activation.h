// Sockets from the service manager: systemd's socket activation, sd_listen_fds(3).
#pragma once

#include <absl/status/statusor.h>

#include <vector>

#include "lifecycle/inherited_sockets.h"

namespace vecgate::lifecycle {

// The sockets that LISTEN_PID, LISTEN_FDS and LISTEN_FDNAMES speak of; none without them, or when they are for another
// process. FileDescriptorName= of the .socket unit is the listener's name. Fails when a descriptor is not a listening
// stream socket. Once, before there are threads: the variables are removed.
absl::StatusOr<std::vector<InheritedSocket>> ActivatedSockets();

}  // namespace vecgate::lifecycle
