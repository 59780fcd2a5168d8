#include "lifecycle/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/descriptor.h"
#include "support/temp_path.h"

namespace vecgate::lifecycle {
namespace {

// Listens where NOTIFY_SOCKET says.
class ServiceManagerTest : public testing::Test {
 protected:
  void Listen(const std::string& path, const std::string& variable) {
    socket_ = base::Descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    ASSERT_EQ(bind(socket_.value(), reinterpret_cast<const sockaddr*>(&address), size), 0) << std::strerror(errno);
    setenv("NOTIFY_SOCKET", variable.c_str(), 1);
  }
  std::string Next() {
    char bytes[512];
    const ssize_t size = recv(socket_.value(), bytes, sizeof(bytes), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(bytes, static_cast<size_t>(size));
  }
  void TearDown() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
    std::remove(path_.c_str());
  }

  const std::string path_ = TempPath("notify_test");
  base::Descriptor socket_;
};

TEST_F(ServiceManagerTest, TellsWhatHappens) {
  Listen(path_, path_);
  ServiceManager manager;
  manager.Ready("serving");
  EXPECT_EQ(Next(), "READY=1\nMAINPID=" + std::to_string(getpid()) + "\nSTATUS=serving");
  manager.Reloading();
  EXPECT_TRUE(Next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
  manager.Stopping("draining");
  EXPECT_EQ(Next(), "STOPPING=1\nSTATUS=draining");
  manager.Beat();
  EXPECT_EQ(Next(), "WATCHDOG=1");
}

TEST_F(ServiceManagerTest, KnowsAbstractNames) {
  const std::string name = "vecgate-notify-test-" + std::to_string(getpid());
  Listen(std::string(1, '\0') + name, "@" + name);
  ServiceManager().Beat();
  EXPECT_EQ(Next(), "WATCHDOG=1");
}

TEST_F(ServiceManagerTest, IsQuietWithoutAManager) {
  ServiceManager().Ready("serving");
  setenv("NOTIFY_SOCKET", "/nonexistent/socket", 1);
  ServiceManager().Ready("serving");
}

TEST_F(ServiceManagerTest, TakesTheWatchdogThatIsMeantForIt) {
  EXPECT_EQ(ServiceManager().watchdog().count(), 0);
  setenv("WATCHDOG_USEC", "3000000", 1);
  EXPECT_EQ(ServiceManager().watchdog(), std::chrono::seconds(3));
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_EQ(ServiceManager().watchdog(), std::chrono::seconds(3));
  setenv("WATCHDOG_PID", "1", 1);
  EXPECT_EQ(ServiceManager().watchdog().count(), 0);
}

}  // namespace
}  // namespace vecgate::lifecycle
