// Listening sockets: one per I/O thread for one address.
#pragma once

#include <absl/status/statusor.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/descriptor.h"
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
  //
  // A unix socket gets the permissions `unix_mode`. A file that a dead process left there is replaced; ours stays when
  // we end, for a successor may have taken it over.
  static absl::StatusOr<ListeningSockets> Open(const config::Endpoint& endpoint, size_t count,
                                               unsigned unix_mode = 0660);
  // Sockets that listen already, at least one. All are there afterwards; with less than `count` some share a queue.
  static absl::StatusOr<ListeningSockets> Adopt(std::vector<base::Descriptor> descriptors, size_t count);

  // Further owners of the same sockets: for a process that is to go on with them.
  absl::StatusOr<std::vector<base::Descriptor>> Duplicate() const;

  size_t size() const { return descriptors_.size(); }
  uint16_t port() const { return port_; }  // 0 of unix sockets
  int family() const { return family_; }  // AF_INET, AF_INET6, AF_UNIX
  // The caller owns the descriptor from now on.
  int Take(size_t index);

 private:
  std::vector<int> descriptors_;
  uint16_t port_ = 0;
  int family_ = AF_INET;
};

}  // namespace vecgate::http
