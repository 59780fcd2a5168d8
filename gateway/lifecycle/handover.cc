#include "lifecycle/handover.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/text.h"
#include "lifecycle/handover_message.h"

namespace vecgate::lifecycle {
namespace {

namespace asio = boost::asio;

constexpr timeval kAnswerTime{5, 0};
// A successor that has the sockets and does not serve within this time is given up.
constexpr std::chrono::seconds kPatience{60};
constexpr std::string_view kSocket = "socket";

absl::Status SystemError(std::string_view path, std::string_view what) {
  return absl::UnavailableError(base::Concat("lifecycle.handover: ", path, ": ", what, ": ", std::strerror(errno)));
}

// False: the path is too long.
bool AddressOf(std::string_view path, sockaddr_un* address) {
  address->sun_family = AF_UNIX;
  if (path.size() >= sizeof(address->sun_path)) return false;
  std::memcpy(address->sun_path, path.data(), path.size());
  return true;
}

// Root or the user of this process.
bool MayConnect(int connection) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == geteuid() || peer.uid == 0);
}

}  // namespace

absl::StatusOr<std::optional<Predecessor>> Predecessor::Find(const std::string& path) {
  sockaddr_un address{};
  if (!AddressOf(path, &address)) return absl::InvalidArgumentError("lifecycle.handover: the path is too long");
  Predecessor found;
  found.connection_ = base::Descriptor(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  const int connection = found.connection_.value();
  if (connection < 0) return SystemError(path, "socket");
  if (connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return std::optional<Predecessor>();
    return SystemError(path, "connect");
  }
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &kAnswerTime, sizeof(kAnswerTime));
  for (;;) {
    Packet packet;
    if (!ReceivePacket(connection, &packet)) return SystemError(path, "no answer of the running gateway");
    if (packet.text == kEnd) return std::optional<Predecessor>(std::move(found));
    const std::vector<std::string_view> parts = base::Split(packet.text, '\n');
    if (parts.size() != 3 || parts[0] != kSocket || !packet.descriptor) {
      return absl::UnavailableError(base::Concat("lifecycle.handover: ", path, ": not a gateway that hands over"));
    }
    found.sockets_.push_back({std::string(parts[1]), std::string(parts[2]), std::move(packet.descriptor)});
  }
}

void Predecessor::Replace() {
  if (!SendPacket(connection_.value(), kServing, -1)) {
    base::LogLine(base::LogLevel::kWarning, "handover_predecessor_gone").Add("error", std::strerror(errno));
  }
  connection_ = base::Descriptor();
}

Handover::Handover(asio::io_context& io, std::string path, std::vector<InheritedSocket> sockets,
                   std::function<void()> replaced)
    : path_(std::move(path)),
      sockets_(std::move(sockets)),
      replaced_(std::move(replaced)),
      listener_(io),
      connection_(io),
      patience_(io) {}

Handover::~Handover() {
  if (OwnsPath()) unlink(path_.c_str());
}

absl::Status Handover::Listen() {
  const std::string draft = path_ + ".new";
  sockaddr_un address{};
  if (!AddressOf(draft, &address)) return absl::InvalidArgumentError("lifecycle.handover: the path is too long");
  base::Descriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return SystemError(path_, "socket");
  unlink(draft.c_str());
  // Nobody can connect before it listens, and then the file is the user's own.
  if (bind(socket.value(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return SystemError(path_, "bind");
  }
  struct stat file {};
  if (chmod(draft.c_str(), S_IRUSR | S_IWUSR) != 0 || listen(socket.value(), 1) != 0 ||
      stat(draft.c_str(), &file) != 0 || std::rename(draft.c_str(), path_.c_str()) != 0) {
    const absl::Status status = SystemError(path_, "listen");
    unlink(draft.c_str());
    return status;
  }
  device_ = file.st_dev;
  inode_ = file.st_ino;
  listener_.assign(socket.Release());
  return absl::OkStatus();
}

base::Awaitable<void> Handover::Run() {
  while (listener_.is_open()) {
    const auto [error] = co_await listener_.async_wait(Stream::wait_read, base::kAsTuple);
    if (error || !listener_.is_open()) break;
    base::Descriptor connection(accept4(listener_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!connection) continue;
    if (!MayConnect(connection.value())) {
      base::LogLine(base::LogLevel::kWarning, "handover_refused").Add("reason", "another user");
      continue;
    }
    const bool replaced = co_await Serve(std::move(connection));
    if (!listener_.is_open()) break;
    if (replaced) {
      replaced_();
      break;
    }
    base::LogLine(base::LogLevel::kWarning, "handover_abandoned");
  }
}

base::Awaitable<bool> Handover::Serve(base::Descriptor connection) {
  connection_.assign(connection.Release());
  // Awaited by nobody: it only closes the connection, which ends what waits for it.
  patience_.expires_after(kPatience);
  patience_.async_wait([this](boost::system::error_code error) {
    boost::system::error_code ignored;
    if (!error) connection_.close(ignored);
  });
  bool replaced = false;
  size_t sent = 0;
  while (connection_.is_open() && !replaced) {
    const bool sending = sent <= sockets_.size();
    const auto [error] =
        co_await connection_.async_wait(sending ? Stream::wait_write : Stream::wait_read, base::kAsTuple);
    if (error) break;
    if (sending) {
      const bool done = sent == sockets_.size()
                            ? SendPacket(connection_.native_handle(), kEnd, -1)
                            : SendPacket(connection_.native_handle(),
                                         base::Concat(kSocket, "\n", sockets_[sent].name, "\n", sockets_[sent].address),
                                         sockets_[sent].descriptor.value());
      if (done) {
        ++sent;
      } else if (errno != EAGAIN) {
        break;
      }
      continue;
    }
    Packet packet;
    if (!ReceivePacket(connection_.native_handle(), &packet)) {
      if (errno == EAGAIN) continue;
      break;
    }
    if (packet.text != kServing) break;
    replaced = true;
  }
  patience_.cancel();
  boost::system::error_code ignored;
  connection_.close(ignored);
  co_return replaced;
}

void Handover::Stop() {
  boost::system::error_code ignored;
  listener_.close(ignored);
  connection_.close(ignored);
  patience_.cancel();
  sockets_.clear();
  if (OwnsPath()) unlink(path_.c_str());
}

bool Handover::OwnsPath() const {
  struct stat file {};
  return inode_ != 0 && stat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_;
}

}  // namespace vecgate::lifecycle
