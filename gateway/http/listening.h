// Listening sockets: one per I/O thread for one address.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.h"

namespace vecgate::http {

// Owns descriptors until they are taken.
class ListeningSockets {
 public:
  ListeningSockets() = default;
  ListeningSockets(ListeningSockets&& other) noexcept;
  ListeningSockets& operator=(ListeningSockets&& other) noexcept;
  ~ListeningSockets();

  // `count` sockets listening on `endpoint`. With several, the kernel spreads connections over them (SO_REUSEPORT);
  // where it cannot, all share one queue. An address that another process listens on is an error either way.
  static absl::StatusOr<ListeningSockets> Open(const config::Endpoint& endpoint, size_t count);

  size_t size() const { return descriptors_.size(); }
  uint16_t port() const { return port_; }
  bool ipv6() const { return ipv6_; }
  // The caller owns the descriptor from now on.
  int Take(size_t index);

 private:
  std::vector<int> descriptors_;
  uint16_t port_ = 0;
  bool ipv6_ = false;
};

}  // namespace vecgate::http
