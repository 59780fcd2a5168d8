#include "lifecycle/activation.h"

#include <absl/status/status.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"

namespace vecgate::lifecycle {
namespace {

constexpr int kFirst = 3;
constexpr uint64_t kMost = 1024;

// Takes the variable out of the environment: it is for this process alone.
std::string Take(const char* name) {
  const char* const value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  unsetenv(name);
  return text;
}

bool IsListening(int descriptor) {
  int type = 0;
  int accepts = 0;
  socklen_t size = sizeof(int);
  return getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM &&
         getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size) == 0 && accepts == 1;
}

}  // namespace

absl::StatusOr<std::vector<InheritedSocket>> ActivatedSockets() {
  const std::string process = Take("LISTEN_PID");
  const std::string count = Take("LISTEN_FDS");
  const std::string names = Take("LISTEN_FDNAMES");
  std::vector<InheritedSocket> sockets;
  uint64_t number = 0;
  if (!base::ParseDigits(process, &number) || number != static_cast<uint64_t>(getpid())) return sockets;
  if (!base::ParseDigits(count, &number) || number > kMost) {
    return absl::InvalidArgumentError(base::Concat("socket activation: LISTEN_FDS is '", count, "'"));
  }
  const std::vector<std::string_view> name = base::Split(names, ':');
  for (uint64_t i = 0; i < number; ++i) {
    InheritedSocket socket;
    socket.name = std::string(i < name.size() ? name[i] : std::string_view());
    socket.descriptor = base::Descriptor(kFirst + static_cast<int>(i));
    fcntl(socket.descriptor.value(), F_SETFD, FD_CLOEXEC);
    if (!IsListening(socket.descriptor.value())) {
      return absl::InvalidArgumentError(base::Concat("socket activation: descriptor ", socket.descriptor.value(), " (",
                                                     socket.name, ") is not a listening stream socket"));
    }
    sockets.push_back(std::move(socket));
  }
  return sockets;
}

}  // namespace vecgate::lifecycle
