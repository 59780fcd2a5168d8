#include "support/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace vecgate::test {
namespace {

void SetPatience(int descriptor) {
  const timeval patience{20, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

}  // namespace

Peer::Peer(int descriptor) : descriptor_(descriptor) { SetPatience(descriptor_); }
Peer::~Peer() { Close(); }

void Peer::Close() {
  if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
}

bool Peer::Fill() {
  char buffer[65536];
  const ssize_t received = recv(descriptor_, buffer, sizeof(buffer), 0);
  if (received <= 0) return false;
  input_.append(buffer, static_cast<size_t>(received));
  return true;
}

std::string Peer::ReadUntil(std::string_view mark) {
  size_t at;
  while ((at = input_.find(mark)) == std::string::npos) {
    if (!Fill()) return std::exchange(input_, {});
  }
  std::string bytes = input_.substr(0, at + mark.size());
  input_.erase(0, bytes.size());
  return bytes;
}

std::string Peer::ReadBytes(size_t size) {
  while (input_.size() < size && Fill()) {
  }
  std::string bytes = input_.substr(0, size);
  input_.erase(0, bytes.size());
  return bytes;
}

bool Peer::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

size_t Peer::SendUntilHeldBack(std::string_view bytes, int patience_ms) {
  size_t total = 0;
  while (total < bytes.size()) {
    pollfd wait{descriptor_, POLLOUT, 0};
    if (poll(&wait, 1, patience_ms) == 0) break;
    const ssize_t sent = send(descriptor_, bytes.data() + total, bytes.size() - total, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN) continue;
    if (sent <= 0) break;
    total += static_cast<size_t>(sent);
  }
  return total;
}

bool Peer::Ended() {
  if (!input_.empty()) return false;
  char byte;
  const ssize_t received = recv(descriptor_, &byte, 1, 0);
  return received == 0 || (received < 0 && errno == ECONNRESET);
}

RawServer::RawServer() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  SetPatience(descriptor_);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), size) == 0 && listen(descriptor_, 16) == 0 &&
      getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
    port_ = ntohs(address.sin_port);
  }
}
RawServer::~RawServer() { close(descriptor_); }

std::unique_ptr<Peer> RawServer::Accept() {
  return std::make_unique<Peer>(accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC));
}

}  // namespace vecgate::test
