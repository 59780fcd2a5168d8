#include "lifecycle/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/descriptor.h"
#include "base/text.h"

namespace vecgate::lifecycle {
namespace {

std::string_view Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

ServiceManager::ServiceManager() : address_(Variable("NOTIFY_SOCKET")) {
  uint64_t microseconds = 0;
  if (!base::ParseDigits(Variable("WATCHDOG_USEC"), &microseconds)) return;
  uint64_t process = 0;
  const std::string_view of = Variable("WATCHDOG_PID");
  if (!of.empty() && (!base::ParseDigits(of, &process) || process != static_cast<uint64_t>(getpid()))) return;
  watchdog_ = std::chrono::microseconds(microseconds);
}

void ServiceManager::Ready(std::string_view status) {
  // The process named as the main one is the one that serves, also after a hand-over.
  Send(base::Concat("READY=1\nMAINPID=", static_cast<int64_t>(getpid()), "\nSTATUS=", status));
}

void ServiceManager::Reloading() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  Send(base::Concat("RELOADING=1\nMONOTONIC_USEC=",
                    static_cast<int64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count())));
}

void ServiceManager::Stopping(std::string_view status) { Send(base::Concat("STOPPING=1\nSTATUS=", status)); }

void ServiceManager::Beat() { Send("WATCHDOG=1"); }

void ServiceManager::Send(std::string_view state) const {
  sockaddr_un address{};
  if (address_.empty() || address_.size() >= sizeof(address.sun_path)) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, address_.data(), address_.size());
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // an abstract name
  const base::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  sendto(socket.value(), state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), size);
}

}  // namespace vecgate::lifecycle
