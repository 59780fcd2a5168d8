// The sockets of all listeners: opened here, given by the service manager, or taken over from the gateway before.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "app/port_file.h"
#include "config/config.h"
#include "http/listening.h"
#include "lifecycle/handover.h"
#include "lifecycle/inherited_sockets.h"

namespace vecgate::app {

struct OpenListener {
  config::Listener listener;
  http::ListeningSockets sockets;
};

struct Sockets {
  std::vector<OpenListener> rest;
  std::optional<OpenListener> admin;  // of one socket
  // The gateway that runs, when it handed its sockets over; it waits to be told that this one serves.
  std::optional<lifecycle::Predecessor> predecessor;

  std::vector<Port> ports() const;
  // Further owners of all sockets: for the gateway that comes after this one.
  absl::StatusOr<std::vector<lifecycle::InheritedSocket>> Duplicate() const;
};

// At least `threads` sockets for each listener but admin. Fails when an address is taken, and when a socket was given
// that is no listener's.
absl::StatusOr<Sockets> OpenSockets(const config::Config& config, size_t threads);

}  // namespace vecgate::app
