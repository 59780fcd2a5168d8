#include "upstream/client.h"

#include <google/protobuf/wrappers.pb.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "support/fake_api.h"
#include "support/grpc_backend.h"
#include "support/io_thread.h"
#include "support/raw_server.h"

namespace vecgate::upstream {
namespace {

using google::protobuf::StringValue;
using runtime::Access;
using runtime::CallOutcome;
using std::chrono::milliseconds;
using test::GrpcBackend;

constexpr char kNobody[] = "127.0.0.1:1";

class UpstreamClientTest : public testing::Test {
 protected:
  ~UpstreamClientTest() override { thread_.Join(); }

  void Connect(const std::vector<std::string>& addresses) {
    config_.upstream.addresses = addresses;
    cluster_.emplace(control_, test::FakeApi(), 1, *Plan::Make(config_));
    client_.emplace(*cluster_, 0, thread_.io().get_executor());
  }
  std::future<CallOutcome> Begin(const std::string& name, Access access, const std::string& text = "",
                                 base::CancelSource* cancel = nullptr) {
    request_.set_value(text);
    CallRequest request;
    method_ = base::Concat("/test.Service/", name);
    request.method = method_;
    request.message = &request_;
    request.response = &response_;
    request.timeout = std::chrono::seconds(30);
    request.metadata = &metadata_;
    request.access = access;
    auto done = std::make_shared<std::promise<CallOutcome>>();
    boost::asio::co_spawn(thread_.io(), client_->Call(request, cancel),
                          [done](std::exception_ptr, CallOutcome outcome) { done->set_value(std::move(outcome)); });
    return done->get_future();
  }
  CallOutcome Call(const std::string& name, Access access, const std::string& text = "") {
    return Begin(name, access, text).get();
  }
  uint64_t CallsTo(const std::string& address) {
    for (const Member& member : cluster_->members()->list) {
      if (member.endpoint->address() == address) return member.endpoint->calls();
    }
    return 0;
  }
  Endpoint& EndpointOf(size_t index) { return *cluster_->members()->list[index].endpoint; }
  uint64_t Total(metrics::Cell Cluster::Counts::*count) { return cluster_->Total(count); }

  config::Config config_;
  boost::asio::io_context control_;  // never runs: no health checks
  std::optional<Cluster> cluster_;
  test::IoThread thread_;
  std::optional<Client> client_;
  base::Metadata metadata_;
  std::string method_;
  StringValue request_;
  StringValue response_;
};

TEST_F(UpstreamClientTest, TakesTurns) {
  GrpcBackend one;
  GrpcBackend two;
  Connect({one.address(), two.address()});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Call("Echo", Access::kWrite).code, 0);
  EXPECT_EQ(CallsTo(one.address()), 5u);
  EXPECT_EQ(CallsTo(two.address()), 5u);
}

TEST_F(UpstreamClientTest, PicksTheFirst) {
  GrpcBackend one;
  GrpcBackend two;
  config_.upstream.balance = "pick_first";
  Connect({one.address(), two.address()});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Call("Echo", Access::kRead).code, 0);
  EXPECT_EQ(CallsTo(one.address()), 10u);
  EndpointOf(0).set_health(Health::kIll);
  EXPECT_EQ(Call("Echo", Access::kRead).code, 0);
  EXPECT_EQ(CallsTo(two.address()), 1u);
}

TEST_F(UpstreamClientTest, PrefersTheOneWithLessToDo) {
  GrpcBackend one;
  GrpcBackend two;
  config_.upstream.balance = "least_requests";
  Connect({one.address(), two.address()});
  base::CancelSource cancel;
  std::future<CallOutcome> slow = Begin("Slow", Access::kRead, "", &cancel);
  one.WaitForSlowStarted(1);
  const auto held = CallsTo(two.address());
  for (int i = 0; i < 6; ++i) {
    StringValue response;
    CallRequest request;
    request.method = "/test.Service/Echo";
    request.message = &StringValue::default_instance();
    request.response = &response;
    request.timeout = std::chrono::seconds(30);
    request.metadata = &metadata_;
    std::promise<void> done;
    boost::asio::co_spawn(thread_.io(), client_->Call(request, nullptr),
                          [&done](std::exception_ptr, const CallOutcome&) { done.set_value(); });
    done.get_future().wait();
  }
  EXPECT_EQ(CallsTo(two.address()) - held, 6u);
  thread_.Run([&] { cancel.Cancel(); });
  slow.get();
}

TEST_F(UpstreamClientTest, CallsThatWereNeverSentGoElsewhereEvenWrites) {
  GrpcBackend there;
  Connect({kNobody, there.address()});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(Call("Echo", Access::kManage, "a").code, 0) << i;
  EXPECT_EQ(response_.value(), "a");
  EXPECT_GE(Total(&Cluster::Counts::retries), 2u);
}

TEST_F(UpstreamClientTest, OnlyReadsAreRepeatedWhenTheServerMayHaveSeenThem) {
  GrpcBackend backend;
  config_.upstream.retries.backoff = milliseconds(1);
  config_.upstream.retries.attempts = 3;
  Connect({backend.address()});
  EXPECT_EQ(Call("Fail", Access::kWrite, "14 1").code, 14);
  EXPECT_EQ(CallsTo(backend.address()), 1u);
  EXPECT_EQ(Call("Fail", Access::kRead, "14 1").code, 14);
  EXPECT_EQ(CallsTo(backend.address()), 4u);
  // What the server has answered is no reason to ask again.
  EXPECT_EQ(Call("Fail", Access::kRead, "13 1").code, 13);
  EXPECT_EQ(CallsTo(backend.address()), 5u);
  EXPECT_EQ(Total(&Cluster::Counts::retries), 2u);
}

TEST_F(UpstreamClientTest, TheBudgetBoundsWhatIsRepeated) {
  GrpcBackend backend;
  config_.upstream.retries.backoff = milliseconds(1);
  config_.upstream.retries.budget_percent = 0;
  config_.upstream.retries.budget_per_second = 1;
  Connect({backend.address()});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Call("Fail", Access::kRead, "14 1").code, 14);
  EXPECT_LE(Total(&Cluster::Counts::retries), 4u);
  EXPECT_GE(Total(&Cluster::Counts::over_budget), 16u);
}

TEST_F(UpstreamClientTest, AnAddressThatFailsIsLeftAloneAndTheRequestAnsweredAtOnce) {
  auto backend = std::make_unique<GrpcBackend>();
  const int port = backend->port();
  config_.upstream.retries.attempts = 1;
  config_.upstream.breaker.failures = 3;
  config_.upstream.breaker.open = milliseconds(200);
  Connect({backend->address()});
  backend.reset();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Call("Echo", Access::kRead).code, 14);
  EXPECT_EQ(EndpointOf(0).breaker().state(), Breaker::State::kOpen);
  const CallOutcome rejected = Call("Echo", Access::kRead);
  EXPECT_EQ(rejected.code, 14);
  EXPECT_TRUE(rejected.from_client);
  ASSERT_EQ(rejected.trailers.size(), 1u);
  EXPECT_EQ(rejected.trailers[0], std::make_pair(std::string("retry-after"), std::string("1")));
  EXPECT_EQ(Total(&Cluster::Counts::rejected), 1u);
  EXPECT_EQ(CallsTo(EndpointOf(0).address()), 3u);
  backend = std::make_unique<GrpcBackend>(port);
  while (Call("Echo", Access::kRead).code != 0) std::this_thread::yield();
  EXPECT_EQ(EndpointOf(0).breaker().state(), Breaker::State::kClosed);
}

TEST_F(UpstreamClientTest, AnswersOfTheServerEjectNobody) {
  GrpcBackend backend;
  config_.upstream.retries.attempts = 1;
  config_.upstream.breaker.failures = 1;
  Connect({backend.address()});
  for (const char* code : {"13 1", "14 1", "2 1", "16 1"}) Call("Fail", Access::kRead, code);
  Call("Garbage", Access::kRead);
  EXPECT_EQ(EndpointOf(0).breaker().state(), Breaker::State::kClosed);
}

TEST_F(UpstreamClientTest, TheSettingsGiveTheDeadlineUnlessTheClientDoes) {
  GrpcBackend backend;
  config_.upstream.deadlines.read = milliseconds(50);
  Connect({backend.address()});
  EXPECT_EQ(Call("Slow", Access::kRead).code, 4);
  base::CancelSource cancel;
  std::future<CallOutcome> write = Begin("Slow", Access::kWrite, "", &cancel);
  EXPECT_EQ(write.wait_for(milliseconds(300)), std::future_status::timeout);
  thread_.Run([&] { cancel.Cancel(); });
  EXPECT_EQ(write.get().code, 1);
}

TEST_F(UpstreamClientTest, ASlowReadIsAskedOfASecondAddress) {
  test::RawServer silent;  // accepts, and never says a word
  GrpcBackend quick;
  config_.upstream.hedge_after = milliseconds(30);
  config_.upstream.balance = "pick_first";
  Connect({base::Concat("127.0.0.1:", silent.port()), quick.address()});
  EXPECT_EQ(Call("Echo", Access::kRead, "hedged").code, 0);
  EXPECT_EQ(response_.value(), "hedged");
  EXPECT_EQ(Total(&Cluster::Counts::hedges), 1u);
  EXPECT_EQ(Total(&Cluster::Counts::hedges_won), 1u);
  // The loser was cancelled, which is nobody's failure.
  EXPECT_EQ(EndpointOf(0).breaker().state(), Breaker::State::kClosed);
  // Writes are not asked twice.
  base::CancelSource cancel;
  std::future<CallOutcome> write = Begin("Echo", Access::kWrite, "", &cancel);
  EXPECT_EQ(write.wait_for(milliseconds(200)), std::future_status::timeout);
  thread_.Run([&] { cancel.Cancel(); });
  EXPECT_EQ(write.get().code, 1);
  EXPECT_EQ(Total(&Cluster::Counts::hedges), 1u);
}

TEST_F(UpstreamClientTest, AHedgedReadIsCancelledAsAWhole) {
  GrpcBackend one;
  GrpcBackend two;
  config_.upstream.hedge_after = milliseconds(10);
  Connect({one.address(), two.address()});
  base::CancelSource cancel;
  std::future<CallOutcome> outcome = Begin("Slow", Access::kRead, "", &cancel);
  one.WaitForSlowStarted(1);
  two.WaitForSlowStarted(1);
  thread_.Run([&] { cancel.Cancel(); });
  EXPECT_EQ(outcome.get().code, 1);
  one.WaitForSlowCancelled(1);
  two.WaitForSlowCancelled(1);
}

TEST_F(UpstreamClientTest, AQuickReadIsNotHedged) {
  GrpcBackend one;
  GrpcBackend two;
  config_.upstream.hedge_after = std::chrono::seconds(20);
  Connect({one.address(), two.address()});
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Call("Echo", Access::kRead, "a").code, 0);
  EXPECT_EQ(Call("Fail", Access::kRead, "5 1").code, 5);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(Total(&Cluster::Counts::hedges), 0u);
}

}  // namespace
}  // namespace vecgate::upstream
