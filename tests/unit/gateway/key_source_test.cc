#include "auth/key_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <cstdio>
#include <fstream>
#include <future>
#include <string>
#include <thread>

#include "base/text.h"
#include "support/auth_tokens.h"
#include "support/io_thread.h"
#include "support/raw_server.h"

namespace vecgate::auth {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kOther =
    R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"new","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})";

std::string Ok(std::string_view body) {
  return base::Concat("HTTP/1.1 200 OK\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
}

class KeySourceTest : public testing::Test {
 protected:
  ~KeySourceTest() override {
    if (source_ != nullptr) source_->Stop();
    std::remove(file_.c_str());
  }

  void Open() {
    settings_.name = "test";
    auto opened = KeySource::Open(settings_, thread_.io().get_executor());
    ASSERT_TRUE(opened.ok()) << opened.status();
    source_ = *opened;
  }
  std::string Url(std::string_view path) { return base::Concat("http://127.0.0.1:", server_.port(), path); }
  // Asks from another thread, as requests do.
  std::future<void> Ask() {
    auto done = std::make_shared<std::promise<void>>();
    boost::asio::co_spawn(requests_.io().get_executor(), source_->Ask(),
                          [done](std::exception_ptr) { done->set_value(); });
    return done->get_future();
  }
  std::string Answer(std::string_view reply) {
    const auto peer = server_.Accept();
    std::string head = peer->ReadHead();
    peer->Send(reply);
    return head.substr(0, head.find('\r'));
  }
  bool Has(std::string_view id) {
    const auto keys = source_->keys();
    return keys != nullptr && keys->Has(id);
  }
  // Waits for what another thread does soon.
  template <typename Condition>
  bool Soon(Condition condition) {
    for (int i = 0; i < 500 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(10));
    return condition();
  }

  test::RawServer server_;
  test::IoThread thread_;
  test::IoThread requests_;
  KeySource::Settings settings_;
  std::shared_ptr<KeySource> source_;
  const std::string file_ = testing::TempDir() + "key_source_test_" + std::to_string(getpid());
};

TEST_F(KeySourceTest, FetchesWhenItStarts) {
  settings_.location = Url("/keys?x=1");
  Open();
  EXPECT_EQ(source_->keys(), nullptr);
  source_->Start();
  EXPECT_EQ(Answer(Ok(test::kJwks)), "GET /keys?x=1 HTTP/1.1");
  EXPECT_TRUE(Soon([this] { return Has("rs"); }));
}

TEST_F(KeySourceTest, ThoseWhoAskWaitForTheFirstKeys) {
  settings_.location = Url("/");
  Open();
  source_->Start();
  std::future<void> first = Ask();
  std::future<void> second = Ask();
  Answer(Ok(test::kJwks));
  first.wait();
  second.wait();
  EXPECT_TRUE(Has("rs"));
}

TEST_F(KeySourceTest, IsNotFetchedAsOftenAsAskedFor) {
  settings_.location = Url("/");
  settings_.least_between = milliseconds(3'600'000);
  Open();
  source_->Start();
  Answer(Ok(test::kJwks));
  ASSERT_TRUE(Soon([this] { return Has("rs"); }));
  // Nobody answers, so this would wait for 5 s if it were fetched.
  EXPECT_EQ(Ask().wait_for(milliseconds(4'000)), std::future_status::ready);
  EXPECT_TRUE(Has("rs"));
}

TEST_F(KeySourceTest, RotationIsSeenWhenAskedFor) {
  settings_.location = Url("/");
  settings_.least_between = milliseconds(0);
  Open();
  source_->Start();
  Answer(Ok(test::kJwks));
  ASSERT_TRUE(Soon([this] { return Has("rs"); }));
  std::future<void> asked = Ask();
  Answer(Ok(kOther));
  asked.wait();
  EXPECT_TRUE(Has("new"));
  EXPECT_FALSE(Has("rs"));
}

TEST_F(KeySourceTest, AFailureKeepsTheKeys) {
  settings_.location = Url("/");
  settings_.refresh = milliseconds(50);
  Open();
  source_->Start();
  Answer(Ok(test::kJwks));
  for (const std::string& reply :
       {Ok("{}"), std::string("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), std::string()}) {
    Answer(reply);
  }
  EXPECT_TRUE(Has("rs"));
  Answer(Ok(kOther));
  EXPECT_TRUE(Soon([this] { return Has("new"); }));
}

TEST_F(KeySourceTest, TheIssuerSaysWhereTheKeysAre) {
  settings_.issuer = Url("/realm/");
  Open();
  source_->Start();
  EXPECT_EQ(Answer(Ok(base::Concat(R"({"issuer":")", settings_.issuer, R"(","jwks_uri":")", Url("/k"), R"("})"))),
            "GET /realm/.well-known/openid-configuration HTTP/1.1");
  EXPECT_EQ(Answer(Ok(test::kJwks)), "GET /k HTTP/1.1");
  EXPECT_TRUE(Soon([this] { return Has("rs"); }));
}

TEST_F(KeySourceTest, AnotherIssuersDocumentIsNotBelieved) {
  settings_.issuer = Url("/realm");
  Open();
  source_->Start();
  Answer(Ok(base::Concat(R"({"issuer":"http://other","jwks_uri":")", Url("/k"), R"("})")));
  EXPECT_EQ(Answer(Ok("{}")), "GET /realm/.well-known/openid-configuration HTTP/1.1") << "the next attempt";
  EXPECT_EQ(source_->keys(), nullptr);
}

TEST_F(KeySourceTest, FilesAreWatched) {
  settings_.location = file_;
  settings_.file_check = milliseconds(20);
  EXPECT_FALSE(KeySource::Open(settings_, thread_.io().get_executor()).ok()) << "there is none";
  std::ofstream(file_) << test::kJwks;
  Open();
  EXPECT_TRUE(Has("rs"));
  source_->Start();
  std::ofstream(file_) << "half a fi";
  std::this_thread::sleep_for(milliseconds(60));
  EXPECT_TRUE(Has("rs"));
  std::ofstream(file_) << kOther;
  EXPECT_TRUE(Soon([this] { return Has("new"); }));
}

}  // namespace
}  // namespace vecgate::auth
