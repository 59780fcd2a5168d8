#include "upstream/unary_call.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/wrappers.pb.h>
#include <grpcpp/channel.h>
#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <future>
#include <optional>

#include "base/status.h"
#include "base/text.h"
#include "config/config.h"
#include "http/listening.h"
#include "support/grpc_backend.h"
#include "support/io_thread.h"
#include "upstream/channels.h"

namespace vecgate::upstream {
namespace {

using google::protobuf::StringValue;
using runtime::CallOutcome;

const StringValue kEmpty;  // requests must outlive their calls

class UnaryCallTest : public testing::Test {
 protected:
  void Connect(const std::string& address) {
    channels_.emplace(**Plan::Make(config::Config()), Place{address, address}, completions_);
  }

  std::future<CallOutcome> Begin(std::string_view method, const google::protobuf::Message& message,
                                 google::protobuf::Message* response, double timeout = 30,
                                 base::CancelSource* cancel = nullptr) {
    CallRequest request;
    request.method = method;
    request.message = &message;
    request.response = response;
    request.timeout = std::chrono::duration<double>(timeout);
    request.metadata = &metadata_;
    auto done = std::make_shared<std::promise<CallOutcome>>();
    boost::asio::co_spawn(thread_.io(), CallOnce(thread_.io().get_executor(), channels_->stub(0), request, cancel),
                          [this, done](std::exception_ptr, Attempt attempt) {
                            answer_ = attempt.answer;
                            done->set_value(std::move(attempt.outcome));
                          });
    return done->get_future();
  }
  CallOutcome CallText(std::string_view method, const std::string& text, StringValue* response, double timeout = 30) {
    StringValue request;
    request.set_value(text);
    return Begin(method, request, response, timeout).get();
  }

  base::Metadata metadata_;
  Completions completions_{1};
  std::optional<Channels> channels_;
  Attempt::Answer answer_{};  // of the last call
  test::IoThread thread_;
};

TEST_F(UnaryCallTest, BringsMessagesAndMetadataAcross) {
  test::GrpcBackend backend;
  Connect(backend.address());
  metadata_ = {{"api-key", "k"}};
  StringValue response;
  const CallOutcome outcome = CallText("/test.Service/Echo", "hello", &response);
  EXPECT_EQ(outcome.code, 0) << outcome.message;
  EXPECT_EQ(response.value(), "hello");
  EXPECT_EQ(backend.LastMetadata("api-key"), "k");
}

TEST_F(UnaryCallTest, TakesBigReplies) {
  test::GrpcBackend backend;
  Connect(backend.address());
  StringValue response;
  EXPECT_EQ(CallText("/test.Service/Big", "", &response).code, 0);
  EXPECT_EQ(response.value().size(), 8'000'000u);
}

TEST_F(UnaryCallTest, TakesDeepReplies) {
  test::GrpcBackend backend;
  Connect(backend.address());
  google::protobuf::Value response;
  EXPECT_EQ(Begin("/test.Service/Deep", kEmpty, &response).get().code, 0);
  int depth = 0;
  const google::protobuf::Value* inner = &response;
  while (inner->has_list_value()) {
    inner = &inner->list_value().values(0);
    ++depth;
  }
  EXPECT_EQ(depth, 150);
}

TEST_F(UnaryCallTest, TellsTheServersStatusWithItsTrailers) {
  test::GrpcBackend backend;
  Connect(backend.address());
  StringValue response;
  // Codes, and texts far beyond the 8 KiB of metadata a client takes by default.
  for (const int code : {1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 14, 16}) {
    const CallOutcome outcome = CallText("/test.Service/Fail", base::Concat(code, " 100000"), &response);
    EXPECT_EQ(outcome.code, code);
    EXPECT_EQ(outcome.message.size(), 100'000u) << code;
    EXPECT_FALSE(outcome.from_client) << code;
    ASSERT_EQ(outcome.trailers.size(), 1u);
    EXPECT_EQ(outcome.trailers[0], std::make_pair(std::string("retry-after"), std::string("7")));
  }
  const CallOutcome unknown = CallText("/test.Service/Nothing", "", &response);
  EXPECT_EQ(unknown.code, 12);
  EXPECT_FALSE(unknown.from_client);
}

TEST_F(UnaryCallTest, TextsBeyondTheMetadataLimitAreOurOwnFault) {
  test::GrpcBackend backend;
  Connect(backend.address());
  StringValue response;
  const CallOutcome outcome = CallText("/test.Service/Fail", "3 2000000", &response);
  EXPECT_EQ(outcome.code, 8);
  EXPECT_TRUE(outcome.from_client);
}

TEST_F(UnaryCallTest, EndsAtTheDeadline) {
  test::GrpcBackend backend;
  Connect(backend.address());
  StringValue response;
  const CallOutcome outcome = CallText("/test.Service/Slow", "", &response, 0.05);
  EXPECT_EQ(outcome.code, 4);
  EXPECT_TRUE(outcome.from_client);
  backend.WaitForSlowCancelled(1);
}

TEST_F(UnaryCallTest, CancellingReachesTheServer) {
  test::GrpcBackend backend;
  Connect(backend.address());
  StringValue response;
  base::CancelSource cancel;
  std::future<CallOutcome> outcome = Begin("/test.Service/Slow", kEmpty, &response, 30, &cancel);
  backend.WaitForSlowStarted(1);
  thread_.Run([&] { cancel.Cancel(); });
  backend.WaitForSlowCancelled(1);
  const CallOutcome told = outcome.get();
  EXPECT_EQ(told.code, 1);
  EXPECT_TRUE(told.from_client);
  // Cancelled before it began: nothing is sent.
  EXPECT_EQ(Begin("/test.Service/Echo", kEmpty, &response, 30, &cancel).get().code, 1);
}

TEST_F(UnaryCallTest, NobodyThereIsOurOwnStatus) {
  test::GrpcBackend backend;
  Connect(backend.address());
  backend.Stop();
  StringValue response;
  const CallOutcome outcome = CallText("/test.Service/Echo", "", &response);
  EXPECT_EQ(outcome.code, 14) << outcome.message;
  EXPECT_TRUE(outcome.from_client);
  EXPECT_EQ(answer_, Attempt::Answer::kUnsent) << outcome.message;
}

TEST_F(UnaryCallTest, AConnectionThatBreaksIsOurOwnStatus) {
  auto sockets = http::ListeningSockets::Open({"127.0.0.1", 0}, 1);
  const int listening = sockets->Take(0);
  Connect(base::Concat("127.0.0.1:", sockets->port()));
  StringValue response;
  std::future<CallOutcome> outcome = Begin("/test.Service/Echo", kEmpty, &response);
  // Speaks just enough HTTP/2 (an empty SETTINGS frame) to be sent the call.
  pollfd ready{listening, POLLIN, 0};
  poll(&ready, 1, -1);
  const int connection = accept(listening, nullptr, nullptr);
  constexpr char kSettings[] = "\0\0\0\4\0\0\0\0";
  EXPECT_EQ(send(connection, kSettings, 9, MSG_NOSIGNAL), 9);
  std::string seen;
  char buffer[4096];
  while (seen.find("grpc") == std::string::npos) {
    const ssize_t n = recv(connection, buffer, sizeof(buffer), 0);
    if (n <= 0) break;
    seen.append(buffer, static_cast<size_t>(n));
  }
  close(listening);
  close(connection);
  const CallOutcome told = outcome.get();
  EXPECT_EQ(told.code, 14) << told.message;
  EXPECT_TRUE(told.from_client) << told.message;
  EXPECT_EQ(answer_, Attempt::Answer::kNone) << told.message;
}

TEST_F(UnaryCallTest, AServerThatShutsDownMidwayEndsTheCall) {
  test::GrpcBackend backend;
  Connect(backend.address());
  StringValue response;
  std::future<CallOutcome> outcome = Begin("/test.Service/Slow", kEmpty, &response);
  backend.WaitForSlowStarted(1);
  backend.Stop();
  const CallOutcome told = outcome.get();
  EXPECT_NE(told.code, 0);
}

TEST_F(UnaryCallTest, ConnectsAgainByItself) {
  auto backend = std::make_unique<test::GrpcBackend>();
  const int port = backend->port();
  Connect(backend->address());
  StringValue response;
  EXPECT_EQ(CallText("/test.Service/Echo", "", &response).code, 0);
  backend.reset();
  EXPECT_NE(CallText("/test.Service/Echo", "", &response).code, 0);
  backend = std::make_unique<test::GrpcBackend>(port);
  int attempts = 0;
  while (CallText("/test.Service/Echo", "", &response).code != 0 && ++attempts < 100'000) std::this_thread::yield();
  EXPECT_EQ(CallText("/test.Service/Echo", "back", &response).code, 0);
}

TEST_F(UnaryCallTest, UnreadableRepliesAreInternal) {
  test::GrpcBackend backend;
  Connect(backend.address());
  StringValue response;
  const CallOutcome outcome = CallText("/test.Service/Garbage", "", &response);
  EXPECT_EQ(outcome.code, 13);
  EXPECT_TRUE(outcome.from_client);
}

TEST_F(UnaryCallTest, ManyAtATime) {
  test::GrpcBackend backend;
  Connect(backend.address());
  std::vector<StringValue> requests(200);
  std::vector<StringValue> responses(200);
  std::vector<std::future<CallOutcome>> outcomes;
  for (size_t i = 0; i < requests.size(); ++i) {
    requests[i].set_value(base::Concat("text", i));
    outcomes.push_back(Begin("/test.Service/Echo", requests[i], &responses[i]));
  }
  for (size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(outcomes[i].get().code, 0);
    EXPECT_EQ(responses[i].value(), requests[i].value());
  }
}

TEST_F(UnaryCallTest, RepliesBeyondTheLimitAreRefused) {
  test::GrpcBackend backend;
  config::Config config;
  config.limits.reply_bytes = 1'000'000;
  channels_.emplace(**Plan::Make(config), Place{backend.address(), backend.address()}, completions_);
  StringValue response;
  const CallOutcome outcome = CallText("/test.Service/Big", "", &response);
  EXPECT_EQ(outcome.code, 8);
  EXPECT_TRUE(outcome.from_client);
  EXPECT_EQ(outcome.message, "the reply is larger than limits.reply_bytes allows");
  EXPECT_EQ(answer_, Attempt::Answer::kGiven);
}

TEST(PlanTest, UnreadableTlsFilesAreNamed) {
  config::Config config;
  config.upstream.tls.enabled = true;
  config.upstream.tls.ca = "/nonexistent/ca.pem";
  const auto plan = Plan::Make(config);
  ASSERT_FALSE(plan.ok());
  EXPECT_NE(base::MessageOf(plan.status()).find("/nonexistent/ca.pem"), std::string_view::npos);
}

}  // namespace
}  // namespace vecgate::upstream
