#include "upstream/cluster.h"

#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "support/fake_api.h"
#include "support/grpc_backend.h"
#include "support/io_thread.h"
#include "upstream/client.h"

namespace vecgate::upstream {
namespace {

using google::protobuf::StringValue;
using std::chrono::milliseconds;
using test::GrpcBackend;

class ClusterTest : public testing::Test {
 protected:
  ClusterTest() {
    config_.upstream.health_interval = milliseconds(5);
    config_.upstream.health_timeout = milliseconds(2000);
  }
  ~ClusterTest() override {
    control_.Run([this] { cluster_->Stop(); });
    control_.Join();
    thread_.Join();
  }

  std::shared_ptr<const Plan> PlanFor(const std::vector<std::string>& addresses) {
    config_.upstream.addresses = addresses;
    return *Plan::Make(config_);
  }
  void Start(const std::vector<std::string>& addresses) {
    cluster_.emplace(control_.io(), test::FakeApi(), 1, PlanFor(addresses));
    client_.emplace(*cluster_, 0, thread_.io().get_executor());
    control_.Run([this] { cluster_->Start(); });
  }
  void Adopt(const std::vector<std::string>& addresses) {
    control_.Run([&] { cluster_->Adopt(PlanFor(addresses)); });
  }
  std::future<int> Begin(std::string_view method, StringValue* response, base::CancelSource* cancel) {
    CallRequest request;
    request.method = method;
    request.message = &StringValue::default_instance();
    request.response = response;
    request.timeout = std::chrono::seconds(30);
    request.metadata = &metadata_;
    auto done = std::make_shared<std::promise<int>>();
    boost::asio::co_spawn(thread_.io(), client_->Call(request, cancel),
                          [done](std::exception_ptr, const runtime::CallOutcome& outcome) {
                            done->set_value(outcome.code);
                          });
    return done->get_future();
  }
  int Echo() {
    StringValue response;
    return Begin("/test.Service/Echo", &response, nullptr).get();
  }
  std::vector<std::string> Addresses() {
    std::vector<std::string> addresses;
    for (const Member& member : cluster_->members()->list) addresses.push_back(member.endpoint->address());
    return addresses;
  }
  Health HealthOf(size_t index) { return cluster_->members()->list[index].endpoint->health(); }

  config::Config config_;
  test::IoThread control_;
  test::IoThread thread_;
  std::optional<Cluster> cluster_;
  std::optional<Client> client_;
  base::Metadata metadata_;
  base::CancelSource cancel_;
};

TEST_F(ClusterTest, HealthFollowsEveryAddress) {
  auto one = std::make_unique<GrpcBackend>();
  GrpcBackend two;
  const int port = one->port();
  Start({one->address(), two.address()});
  while (HealthOf(0) != Health::kWell || HealthOf(1) != Health::kWell) std::this_thread::yield();
  EXPECT_TRUE(cluster_->ready());
  one.reset();
  while (HealthOf(0) != Health::kIll) std::this_thread::yield();
  EXPECT_TRUE(cluster_->ready());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Echo(), 0);
  two.Stop();
  while (cluster_->ready()) std::this_thread::yield();
  one = std::make_unique<GrpcBackend>(port);
  while (!cluster_->ready()) std::this_thread::yield();
  while (Echo() != 0) std::this_thread::yield();
}

TEST_F(ClusterTest, ANameStandsForItsAddresses) {
  GrpcBackend backend;
  Start({base::Concat("localhost:", backend.port())});
  EXPECT_EQ(Addresses(), std::vector<std::string>{backend.address()});
  EXPECT_EQ(cluster_->members()->list[0].endpoint->place().authority, base::Concat("localhost:", backend.port()));
  EXPECT_EQ(Echo(), 0);
}

TEST_F(ClusterTest, ANameThatCannotBeResolvedLeavesTheOthers) {
  GrpcBackend backend;
  Start({"no.such.name.invalid:6334", backend.address()});
  EXPECT_EQ(Addresses(), std::vector<std::string>{backend.address()});
  EXPECT_EQ(Echo(), 0);
  Adopt({"no.such.name.invalid:6334"});
  EXPECT_EQ(Echo(), 14);
  EXPECT_FALSE(cluster_->ready());
}

TEST_F(ClusterTest, AnAddressTwiceIsOne) {
  Start({"127.0.0.1:1", "127.0.0.1:1", "[::1]:1", "[0:0:0:0:0:0:0:1]:1"});
  EXPECT_EQ(Addresses(), (std::vector<std::string>{"127.0.0.1:1", "[::1]:1"}));
}

TEST_F(ClusterTest, CallsUnderWayEndWhereTheyAreWhenTheUpstreamChanges) {
  GrpcBackend before;
  GrpcBackend after;
  Start({before.address()});
  StringValue response;
  std::future<int> slow = Begin("/test.Service/Slow", &response, &cancel_);
  before.WaitForSlowStarted(1);
  Adopt({after.address()});
  EXPECT_EQ(Addresses(), std::vector<std::string>{after.address()});
  EXPECT_EQ(Echo(), 0);
  after.WaitForEchoed(1);
  EXPECT_EQ(slow.wait_for(milliseconds(50)), std::future_status::timeout);
  thread_.Run([this] { cancel_.Cancel(); });
  EXPECT_EQ(slow.get(), 1);
}

TEST_F(ClusterTest, AnAddressThatStaysKeepsWhatIsKnownOfIt) {
  GrpcBackend one;
  GrpcBackend two;
  Start({one.address()});
  EXPECT_EQ(Echo(), 0);
  const auto known = cluster_->members()->list[0].endpoint;
  Adopt({two.address(), one.address()});
  EXPECT_EQ(cluster_->members()->list[1].endpoint, known);
  EXPECT_EQ(known->calls(), 1u);
}

TEST_F(ClusterTest, ConnectionsStayUnlessTheyWouldBeMadeOtherwise) {
  GrpcBackend backend;
  Start({backend.address()});
  const auto channels = [this] { return cluster_->members()->list[0].channels; };
  const auto first = channels();
  config_.upstream.retries.attempts = 7;
  config_.upstream.credentials.source = "forward";
  Adopt({backend.address()});
  EXPECT_EQ(channels(), first);
  EXPECT_EQ(cluster_->members()->plan->upstream.retries.attempts, 7u);
  config_.limits.reply_bytes = 1000;
  Adopt({backend.address()});
  EXPECT_NE(channels(), first);
  EXPECT_EQ(Echo(), 0);
}

// They are read anew each time.
TEST_F(ClusterTest, OtherContentsOfAFileMakeOtherConnections) {
  const std::string path = testing::TempDir() + "cluster_test_" + std::to_string(getpid());
  Start({"127.0.0.1:1"});
  config_.upstream.tls.enabled = true;
  config_.upstream.tls.ca = path;
  std::ofstream(path) << "one";
  const auto one = PlanFor({"127.0.0.1:1"});
  EXPECT_TRUE(PlanFor({"127.0.0.1:2"})->connecting == one->connecting);
  std::ofstream(path) << "two";
  EXPECT_FALSE(PlanFor({"127.0.0.1:1"})->connecting == one->connecting);
  std::remove(path.c_str());
}

TEST_F(ClusterTest, OldConnectionsAreReplacedWithoutALostCall) {
  GrpcBackend backend;
  config_.upstream.max_connection_age = milliseconds(100);
  Start({backend.address()});
  const auto first = cluster_->members()->list[0].channels;
  StringValue response;
  std::future<int> slow = Begin("/test.Service/Slow", &response, &cancel_);
  backend.WaitForSlowStarted(1);
  while (cluster_->members()->list[0].channels == first) EXPECT_EQ(Echo(), 0);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Echo(), 0);
  EXPECT_EQ(slow.wait_for(milliseconds(0)), std::future_status::timeout);
  thread_.Run([this] { cancel_.Cancel(); });
  EXPECT_EQ(slow.get(), 1);
}

}  // namespace
}  // namespace vecgate::upstream
