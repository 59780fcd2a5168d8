#include "auth/upstream_credentials.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "auth/run_command.h"
#include "base/text.h"
#include "support/io_thread.h"
#include "support/raw_server.h"

namespace vecgate::auth {
namespace {

using std::chrono::milliseconds;

std::string Ok(std::string_view body) {
  return base::Concat("HTTP/1.1 200 OK\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
}

class UpstreamCredentialsTest : public testing::Test {
 protected:
  ~UpstreamCredentialsTest() override {
    if (credentials_ != nullptr) credentials_->Stop();
    std::remove(file_.c_str());
  }

  void Make() {
    auto made = UpstreamCredentials::Make(config_, thread_.io().get_executor());
    ASSERT_TRUE(made.ok()) << made.status();
    credentials_ = *made;
    credentials_->Start();
  }
  // What the upstream sees of a request with both credentials and something else.
  base::Metadata Seen(bool known) {
    base::Metadata metadata = {{"api-key", "k"}, {"x-request-id", "1"}, {"authorization", "Bearer t"}};
    if (!credentials_->Apply(known, &metadata)) return {{"refused", ""}};
    return metadata;
  }
  // Takes one request for a token and answers it.
  void Answer(std::string_view reply) {
    const auto peer = server_.Accept();
    peer->ReadHead();
    peer->ReadBytes(std::string_view("grant_type=client_credentials").size());
    peer->Send(reply);
    peer->Ended();
  }
  bool Soon(const std::function<bool()>& condition) {
    for (int i = 0; i < 500 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(10));
    return condition();
  }
  bool Bearer(std::string_view token) {
    return Soon([this, token] {
      return Seen(true) == base::Metadata{{"x-request-id", "1"}, {"authorization", base::Concat("Bearer ", token)}};
    });
  }

  test::RawServer server_;
  test::IoThread thread_;
  config::UpstreamCredentials config_;
  std::shared_ptr<const UpstreamCredentials> credentials_;
  const std::string file_ = testing::TempDir() + "upstream_credentials_test_" + std::to_string(getpid());
};

const base::Metadata kAll = {{"api-key", "k"}, {"x-request-id", "1"}, {"authorization", "Bearer t"}};

TEST_F(UpstreamCredentialsTest, CallersCredentialsGoAlongUnlessTheyWereJudgedHere) {
  Make();
  EXPECT_EQ(Seen(false), kAll);
  EXPECT_EQ(Seen(true), (base::Metadata{{"x-request-id", "1"}}));
  config_.source = "forward";
  Make();
  EXPECT_EQ(Seen(false), kAll);
  EXPECT_EQ(Seen(true), kAll);
}

TEST_F(UpstreamCredentialsTest, AKeyTakesTheirPlace) {
  config_.source = "key";
  config_.key = *config::Secret::From("own");
  Make();
  EXPECT_TRUE(credentials_->own());
  EXPECT_TRUE(Bearer("own"));
  EXPECT_EQ(Seen(false), Seen(true));
  config_.header = "api-key";
  Make();
  EXPECT_EQ(Seen(true), (base::Metadata{{"x-request-id", "1"}, {"api-key", "own"}}));
  config_.key = *config::Secret::From("with space");
  EXPECT_FALSE(UpstreamCredentials::Make(config_, thread_.io().get_executor()).ok());
}

TEST_F(UpstreamCredentialsTest, AFileIsWatched) {
  config_.source = "file";
  config_.file = file_;
  config_.file_check = milliseconds(20);
  Make();
  EXPECT_FALSE(credentials_->ready());
  EXPECT_EQ(Seen(true), (base::Metadata{{"refused", ""}}));
  std::ofstream(file_) << "first\n";
  EXPECT_TRUE(Bearer("first"));
  std::ofstream(file_) << "second";
  EXPECT_TRUE(Bearer("second"));
  std::remove(file_.c_str());
  EXPECT_TRUE(Soon([this] { return credentials_->failures() > 1; }));
  EXPECT_TRUE(Bearer("second")) << "the last one is kept";
}

TEST_F(UpstreamCredentialsTest, ACommandPrintsIt) {
  config_.source = "command";
  config_.command = {"/bin/sh", "-c", base::Concat("cat ", file_)};
  config_.refresh = milliseconds(30);
  std::ofstream(file_) << "first\n";
  Make();
  EXPECT_TRUE(Bearer("first"));
  std::ofstream(file_) << "second\n";
  EXPECT_TRUE(Bearer("second"));
}

// An executor whose work is done waits for the command all the same, which does not take as long as it would.
TEST_F(UpstreamCredentialsTest, StoppingEndsTheCommand) {
  config_.source = "command";
  config_.command = {"/bin/sh", "-c", base::Concat("echo x > ", file_, "; sleep 60")};
  config_.timeout = milliseconds(60'000);
  Make();
  ASSERT_TRUE(Soon([this] { return std::ifstream(file_).good(); }));
  const auto begin = std::chrono::steady_clock::now();
  credentials_->Stop();
  thread_.Join();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
  credentials_ = nullptr;
}

TEST_F(UpstreamCredentialsTest, OAuth2AsksAheadOfTheEnd) {
  config_.source = "oauth2";
  config_.oauth2.token_url = base::Concat("http://127.0.0.1:", server_.port(), "/token");
  config_.oauth2.client_id = "a b";
  config_.oauth2.client_secret = *config::Secret::From("s:1");
  config_.oauth2.scope = "read write";
  Make();
  {
    const auto peer = server_.Accept();
    const std::string head = peer->ReadHead();
    EXPECT_TRUE(head.starts_with("POST /token HTTP/1.1\r\n")) << head;
    // printf 'a+b:s%%3A1' | base64
    EXPECT_NE(head.find("authorization: Basic YStiOnMlM0Ex\r\n"), std::string::npos) << head;
    const std::string body = "grant_type=client_credentials&scope=read+write";
    EXPECT_EQ(peer->ReadBytes(body.size()), body);
    peer->Send(Ok(R"({"access_token":"first","token_type":"Bearer","expires_in":2})"));
    peer->Ended();
  }
  EXPECT_TRUE(Bearer("first"));
  // The second attempt, before the end, fails; the third succeeds.
  Answer("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
  Answer(Ok(R"({"access_token":"second","token_type":"bearer","expires_in":3600})"));
  EXPECT_TRUE(Bearer("second"));
  EXPECT_EQ(credentials_->failures(), 1u);
}

TEST_F(UpstreamCredentialsTest, ATokenThatEndedIsNotUsed) {
  config_.source = "oauth2";
  config_.oauth2.token_url = base::Concat("http://127.0.0.1:", server_.port(), "/");
  config_.oauth2.client_id = "c";
  config_.oauth2.client_secret = *config::Secret::From("s");
  Make();
  Answer(Ok(R"({"access_token":"brief","token_type":"bearer","expires_in":1.5})"));
  EXPECT_TRUE(Soon([this] { return credentials_->ready(); }));
  EXPECT_TRUE(Soon([this] { return !credentials_->ready(); }));
  EXPECT_EQ(Seen(true), (base::Metadata{{"refused", ""}}));
}

class RunCommandTest : public testing::Test {
 protected:
  absl::StatusOr<std::string> Run(std::string script, milliseconds timeout = milliseconds(5000), size_t most = 100) {
    return RunCommand({"/bin/sh", "-c", std::move(script)}, timeout, most, give_up_);
  }
  std::atomic<bool> give_up_{false};
};

TEST_F(RunCommandTest, GivesWhatIsPrinted) {
  EXPECT_EQ(*Run("echo one; echo two"), "one\ntwo\n");
  EXPECT_EQ(*Run("cat"), "") << "there is no input";
}

TEST_F(RunCommandTest, GetsNoneOfOurDescriptors) {
  const int ours = ::dup(STDERR_FILENO);
  ASSERT_GT(ours, STDERR_FILENO);
  EXPECT_EQ(*Run(base::Concat("test -e /proc/$$/fd/", ours, " && echo open || echo closed")), "closed\n");
  ::close(ours);
}

TEST_F(RunCommandTest, FailuresAreTold) {
  EXPECT_FALSE(RunCommand({"/no/such/program"}, milliseconds(1000), 10, give_up_).ok());
  EXPECT_EQ(std::string(Run("echo x; exit 3").status().message()), "the command ended with status 3");
  EXPECT_EQ(Run("head -c 200 /dev/zero").status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_FALSE(Run("kill -9 $$").ok());
}

TEST_F(RunCommandTest, WhatTakesTooLongIsEndedWithAllItStarted) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(Run("sleep 60 & sleep 60", milliseconds(100)).status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(Run("exec >&-; sleep 60", milliseconds(100)).ok(), false) << "its output ended, but it did not";
  give_up_ = true;
  EXPECT_EQ(Run("sleep 60").status().code(), absl::StatusCode::kCancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

}  // namespace
}  // namespace vecgate::auth
