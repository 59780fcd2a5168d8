// Where requests of our own go, and connections to it.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/awaitable.h"
#include "http_client/connection.h"

namespace vecgate::http_client {

struct Address {
  std::string host;  // name or address, without brackets
  uint16_t port = 0;
  bool tls = false;
  std::string ca;           // PEM file of the authorities to trust; empty: the system's
  std::string certificate = {};  // PEM file of our certificate with its chain, with `key`; empty: none
  std::string key = {};
};

// Immutable; shared by all threads.
class Target {
 public:
  // Fails when a file cannot be read or certificate and key do not belong together. Nothing connects yet.
  static absl::StatusOr<std::unique_ptr<const Target>> Make(Address address);

  virtual ~Target() = default;
  // A connection of the executor's thread, not opened yet. The target outlives it.
  virtual std::unique_ptr<Connection> NewConnection(base::Executor executor) const = 0;
  // "host:port" for the field Host.
  virtual const std::string& authority() const = 0;
};

}  // namespace vecgate::http_client
