#include "http_client/fetch.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <string>

#include "base/text.h"
#include "support/io_thread.h"
#include "support/raw_server.h"

namespace vecgate::http_client {
namespace {

using std::chrono::milliseconds;

class FetchTest : public testing::Test {
 protected:
  std::future<absl::StatusOr<FetchAnswer>> Start(FetchRequest request, FetchLimits limits,
                                                 base::CancelSource* cancel = nullptr) {
    auto done = std::make_shared<std::promise<absl::StatusOr<FetchAnswer>>>();
    auto future = done->get_future();
    boost::asio::co_spawn(thread_.io().get_executor(),
                          Fetch(*target_, request, limits, thread_.io().get_executor(), cancel),
                          [done](std::exception_ptr, absl::StatusOr<FetchAnswer> answer) { done->set_value(answer); });
    return future;
  }

  test::RawServer server_;
  std::unique_ptr<const Target> target_ = *Target::Make({"127.0.0.1", server_.port(), false, ""});
  test::IoThread thread_;
};

TEST_F(FetchTest, SendsTheRequestAndTakesTheAnswer) {
  auto answer = Start({"POST", "/token?x=1", "accept: application/json\r\n", "a=b"}, {});
  const auto peer = server_.Accept();
  EXPECT_EQ(peer->ReadHead(), base::Concat("POST /token?x=1 HTTP/1.1\r\nhost: 127.0.0.1:", server_.port(),
                                           "\r\nconnection: close\r\nuser-agent: vecgate\r\naccept: application/json\r\n"
                                           "content-length: 3\r\n\r\n"));
  EXPECT_EQ(peer->ReadBytes(3), "a=b");
  peer->Send("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1\r\n!\r\n0\r\n\r\n");
  const absl::StatusOr<FetchAnswer> got = answer.get();
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->status, 201u);
  EXPECT_EQ(got->body, "ok!");
  EXPECT_TRUE(peer->Ended());
}

TEST_F(FetchTest, AnAnswerBeyondItsLimitFails) {
  for (const std::string_view head : {"Content-Length: 11\r\n\r\n", "\r\n"}) {
    auto answer = Start({}, {milliseconds(5000), 10});
    const auto peer = server_.Accept();
    peer->ReadHead();
    peer->Send(base::Concat("HTTP/1.1 200 OK\r\n", head, "0123456789a"));
    EXPECT_EQ(answer.get().status().code(), absl::StatusCode::kResourceExhausted);
  }
}

TEST_F(FetchTest, TheTimeLimitCoversTheWholeAnswer) {
  auto answer = Start({}, {milliseconds(100), 10});
  const auto peer = server_.Accept();
  peer->ReadHead();
  peer->Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
  EXPECT_EQ(answer.get().status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(FetchTest, AnAnswerCutOffFails) {
  auto answer = Start({}, {});
  const auto peer = server_.Accept();
  peer->ReadHead();
  peer->Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
  peer->Close();
  EXPECT_EQ(answer.get().status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(FetchTest, Cancelling) {
  base::CancelSource cancel;
  auto answer = Start({}, {}, &cancel);
  const auto peer = server_.Accept();
  peer->ReadHead();
  thread_.Run([&cancel] { cancel.Cancel(); });
  EXPECT_EQ(answer.get().status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace vecgate::http_client
