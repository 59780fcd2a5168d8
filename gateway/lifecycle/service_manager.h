// What a service manager is told, by the protocol of systemd's sd_notify(3).
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace vecgate::lifecycle {

// Used on one thread.
class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. Without a manager nothing is ever sent.
  ServiceManager();

  void Ready(std::string_view status);
  void Reloading();
  void Stopping(std::string_view status);
  // The process is well.
  void Beat();

  // How often Beat is expected at least; zero: never.
  std::chrono::microseconds watchdog() const { return watchdog_; }

 private:
  // Never waits; what cannot be told is not told.
  void Send(std::string_view state) const;

  std::string address_;  // empty: no manager
  std::chrono::microseconds watchdog_{0};
};

}  // namespace vecgate::lifecycle
