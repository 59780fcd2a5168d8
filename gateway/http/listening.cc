#include "http/listening.h"

#include <absl/status/status.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "base/descriptor.h"
#include "base/text.h"

namespace vecgate::http {
namespace {

constexpr int kBacklog = 1024;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  int family() const { return storage.ss_family; }
};

absl::Status SystemError(const config::Endpoint& endpoint, std::string_view what) {
  return absl::UnavailableError(
      base::Concat("cannot listen on ", endpoint.ToString(), ": ", what, ": ", std::strerror(errno)));
}

absl::StatusOr<Address> Resolve(const config::Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = base::Concat(endpoint.port);
  const int error = getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) {
    return absl::InvalidArgumentError(
        base::Concat("cannot listen on ", endpoint.ToString(), ": ", gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  Address address;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  address.size = found->ai_addrlen;
  return address;
}

using base::Descriptor;

int NewSocket(const Address& address) {
  const int descriptor = socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  if (descriptor >= 0) setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  return descriptor;
}

bool Bind(int descriptor, const Address& address) {
  return bind(descriptor, reinterpret_cast<const sockaddr*>(&address.storage), address.size) == 0;
}

Address BoundAddress(int descriptor) {
  Address bound;
  bound.size = sizeof(bound.storage);
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound.storage), &bound.size) != 0) bound = Address();
  return bound;
}

uint16_t PortOf(const Address& bound) {
  return ntohs(bound.family() == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(bound.storage).sin6_port
                                          : reinterpret_cast<const sockaddr_in&>(bound.storage).sin_port);
}

// Fills `out` with `count` descriptors of one queue.
absl::Status Share(Descriptor one, size_t count, const config::Endpoint& endpoint, std::vector<int>* out) {
  for (size_t i = 1; i < count; ++i) {
    const int copy = fcntl(one.value(), F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return SystemError(endpoint, "dup");
    out->push_back(copy);
  }
  out->push_back(one.Release());
  return absl::OkStatus();
}

// Makes room for a socket at `address`: takes a file away that no process listens on any more.
absl::Status RemoveStale(const config::Endpoint& endpoint, const sockaddr_un& address) {
  struct stat found {};
  if (lstat(address.sun_path, &found) != 0) return absl::OkStatus();
  if (!S_ISSOCK(found.st_mode)) {
    errno = EEXIST;
    return SystemError(endpoint, "not a socket");
  }
  const Descriptor probe(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const bool taken = connect(probe.value(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 ||
                     errno != ECONNREFUSED;
  if (taken) {
    errno = EADDRINUSE;
    return SystemError(endpoint, "bind");
  }
  unlink(address.sun_path);
  return absl::OkStatus();
}

absl::StatusOr<Descriptor> ListenOnPath(const config::Endpoint& endpoint, unsigned mode) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (endpoint.unix_path.size() >= sizeof(address.sun_path)) {
    errno = ENAMETOOLONG;
    return SystemError(endpoint, "path");
  }
  endpoint.unix_path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (absl::Status status = RemoveStale(endpoint, address); !status.ok()) return status;
  Descriptor one(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (one.value() < 0) return SystemError(endpoint, "socket");
  if (bind(one.value(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return SystemError(endpoint, "bind");
  }
  // Nobody gets in before it listens, so there is no moment with other permissions.
  if (chmod(address.sun_path, mode) != 0) return SystemError(endpoint, "chmod");
  if (listen(one.value(), kBacklog) != 0) return SystemError(endpoint, "listen");
  return one;
}

void SetPort(uint16_t port, Address* address) {
  if (address->family() == AF_INET6) {
    reinterpret_cast<sockaddr_in6&>(address->storage).sin6_port = htons(port);
  } else {
    reinterpret_cast<sockaddr_in&>(address->storage).sin_port = htons(port);
  }
}

}  // namespace

ListeningSockets::ListeningSockets(ListeningSockets&& other) noexcept
    : descriptors_(std::exchange(other.descriptors_, {})), port_(other.port_), family_(other.family_) {}

ListeningSockets& ListeningSockets::operator=(ListeningSockets&& other) noexcept {
  std::swap(descriptors_, other.descriptors_);
  std::swap(port_, other.port_);
  std::swap(family_, other.family_);
  return *this;
}

ListeningSockets::~ListeningSockets() {
  for (const int descriptor : descriptors_) {
    if (descriptor >= 0) close(descriptor);
  }
}

int ListeningSockets::Take(size_t index) { return std::exchange(descriptors_[index], -1); }

absl::StatusOr<ListeningSockets> ListeningSockets::Open(const config::Endpoint& endpoint, size_t count,
                                                        unsigned unix_mode) {
  ListeningSockets sockets;
  if (!endpoint.unix_path.empty()) {
    sockets.family_ = AF_UNIX;
    absl::StatusOr<Descriptor> one = ListenOnPath(endpoint, unix_mode);
    if (!one.ok()) return one.status();
    if (absl::Status status = Share(*std::move(one), count, endpoint, &sockets.descriptors_); !status.ok()) return status;
    return sockets;
  }
  absl::StatusOr<Address> address = Resolve(endpoint);
  if (!address.ok()) return address.status();
  sockets.family_ = address->family();
  // With SO_REUSEPORT a second process of the same user could share the port unnoticed. So the port is first bound
  // without it, which fails when someone listens there already.
  Descriptor alone(NewSocket(*address));
  if (alone.value() < 0) return SystemError(endpoint, "socket");
  if (!Bind(alone.value(), *address)) return SystemError(endpoint, "bind");
  if (listen(alone.value(), kBacklog) != 0) return SystemError(endpoint, "listen");
  sockets.port_ = PortOf(BoundAddress(alone.value()));
  if (count == 1) {
    sockets.descriptors_.push_back(alone.Release());
    return sockets;
  }

  SetPort(sockets.port_, &*address);
  const int on = 1;
  close(alone.Release());
  for (size_t i = 0; i < count; ++i) {
    Descriptor shared(NewSocket(*address));
    if (shared.value() < 0 || setsockopt(shared.value(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0 ||
        !Bind(shared.value(), *address) || listen(shared.value(), kBacklog) != 0) {
      break;
    }
    sockets.descriptors_.push_back(shared.Release());
  }
  if (sockets.descriptors_.size() == count) return sockets;

  // One queue for all threads.
  for (const int descriptor : sockets.descriptors_) close(descriptor);
  sockets.descriptors_.clear();
  Descriptor one(NewSocket(*address));
  if (one.value() < 0 || !Bind(one.value(), *address) || listen(one.value(), kBacklog) != 0) {
    return SystemError(endpoint, "listen");
  }
  if (absl::Status status = Share(std::move(one), count, endpoint, &sockets.descriptors_); !status.ok()) return status;
  return sockets;
}

absl::StatusOr<ListeningSockets> ListeningSockets::Adopt(std::vector<base::Descriptor> descriptors, size_t count) {
  const Address address = BoundAddress(descriptors[0].value());
  ListeningSockets sockets;
  sockets.family_ = address.family();
  if (sockets.family_ != AF_UNIX) sockets.port_ = PortOf(address);
  for (Descriptor& descriptor : descriptors) sockets.descriptors_.push_back(descriptor.Release());
  for (size_t i = 0; sockets.descriptors_.size() < count; ++i) {
    const int copy = fcntl(sockets.descriptors_[i], F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return absl::UnavailableError(base::Concat("dup: ", std::strerror(errno)));
    sockets.descriptors_.push_back(copy);
  }
  return sockets;
}

absl::StatusOr<std::vector<base::Descriptor>> ListeningSockets::Duplicate() const {
  std::vector<base::Descriptor> copies;
  for (const int descriptor : descriptors_) {
    copies.emplace_back(fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    if (!copies.back()) return absl::UnavailableError(base::Concat("dup: ", std::strerror(errno)));
  }
  return copies;
}

}  // namespace vecgate::http
