#include "upstream/health.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <thread>

#include "support/fake_api.h"
#include "support/grpc_backend.h"
#include "support/io_thread.h"
#include "upstream/channels.h"

namespace vecgate::upstream {
namespace {

using std::chrono::milliseconds;

TEST(HealthMonitorTest, FollowsTheUpstream) {
  auto backend = std::make_unique<test::GrpcBackend>();
  const int port = backend->port();
  config::Upstream upstream;
  upstream.addresses = {backend->address()};
  grpc::GenericStub stub(OpenChannels(upstream, 1)->front());
  test::IoThread thread;
  HealthMonitor monitor(thread.io(), stub, test::FakeApi(), {true, milliseconds(5), milliseconds(5), milliseconds(2000)});
  EXPECT_FALSE(monitor.ready());
  boost::asio::co_spawn(thread.io(), monitor.Run(), [](std::exception_ptr) {});
  while (!monitor.ready()) std::this_thread::yield();
  backend.reset();
  while (monitor.ready()) std::this_thread::yield();
  backend = std::make_unique<test::GrpcBackend>(port);
  while (!monitor.ready()) std::this_thread::yield();
  thread.Run([&] { monitor.Stop(); });
  thread.Join();
}

TEST(VersionWithinTest, ComparesMajorAndMinor) {
  EXPECT_TRUE(VersionWithin("1.2.9", "1.1.0", "1.2.0"));
  EXPECT_TRUE(VersionWithin("v1.1.0-dev", "1.1.5", "1.2.0"));
  EXPECT_FALSE(VersionWithin("1.3.0", "1.1.0", "1.2.0"));
  EXPECT_FALSE(VersionWithin("1.0.9", "1.1.0", "1.2.0"));
  EXPECT_FALSE(VersionWithin("2.1.0", "1.1.0", "1.2.0"));
  EXPECT_FALSE(VersionWithin("1.10.0", "1.1.0", "1.2.0"));
  EXPECT_FALSE(VersionWithin("", "1.1.0", "1.2.0"));
  EXPECT_FALSE(VersionWithin("dev", "1.1.0", "1.2.0"));
}

}  // namespace
}  // namespace vecgate::upstream
