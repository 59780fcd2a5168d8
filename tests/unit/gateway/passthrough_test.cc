#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "base/text.h"
#include "passthrough/pass.h"
#include "support/grpc_backend.h"
#include "support/http_client.h"
#include "support/raw_server.h"
#include "support/test_gateway.h"

namespace vecgate::passthrough {
namespace {

using std::chrono::milliseconds;
using test::Get;
using test::GrpcBackend;
using test::HttpClient;
using test::HttpReply;
using test::Peer;
using test::Post;
using test::RawServer;
using test::TestGateway;

constexpr size_t kLarge = 64 * 1024 * 1024;
// What sockets and buffers on the way may hold; far below kLarge.
constexpr size_t kHeldOnTheWay = 32 * 1024 * 1024;
constexpr int kPatience = 500;

constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::string Noise(size_t size) {
  std::mt19937_64 random(1);
  std::string text(size, '\0');
  for (size_t i = 0; i + 8 <= size; i += 8) {
    const uint64_t number = random();
    std::memcpy(text.data() + i, &number, 8);
  }
  return text;
}

class PassthroughTest : public testing::Test {
 protected:
  PassthroughTest() {
    config_.upstream.rest.endpoint = {"127.0.0.1", rest_.port()};
    config_.upstream.rest.groups = {"files"};
  }

  void Start(http::ServerSettings settings = test::QuickSettings()) {
    gateway_.emplace(backend_.address(), settings, config::Compression{}, config_);
    client_.emplace(gateway_->port());
  }

  HttpClient& client() { return *client_; }
  // Sends a request and takes the connection it makes the gateway open.
  std::unique_ptr<Peer> Ask(std::string_view request) {
    client().Send(request);
    return rest_.Accept();
  }

  GrpcBackend backend_;
  RawServer rest_;
  config::Config config_;
  std::optional<TestGateway> gateway_;
  std::optional<HttpClient> client_;
};

TEST_F(PassthroughTest, ForwardsWhatConcernsTheOtherSideAndNothingElse) {
  Start();
  for (int i = 0; i < 2; ++i) {
    const auto peer = Ask(Get("/files/a%20b?x=1&y",
                              "Api-Key: k\r\nRange: bytes=1-2\r\nAccept: a/b\r\nX-Other: o\r\nTE: trailers\r\n"
                              "Connection: x-other\r\nX-Request-Id: r\r\n"));
    EXPECT_EQ(peer->ReadHead(), base::Concat("GET /files/a%20b?x=1&y HTTP/1.1\r\nhost: 127.0.0.1:", rest_.port(),
                                             "\r\nconnection: close\r\napi-key: k\r\nx-request-id: r\r\n"
                                             "Range: bytes=1-2\r\nAccept: a/b\r\n\r\n"));
    peer->Send(
        "HTTP/1.1 206 Partial Content\r\nContent-Type: x/y\r\nContent-Length: 4\r\nContent-Range: bytes 1-2/9\r\n"
        "Connection: close, X-Hop\r\nX-Hop: h\r\nKeep-Alive: 5\r\nETag: \"e\"\r\nDate: yesterday\r\n\r\nbody");
    const HttpReply reply = client().Read();
    EXPECT_EQ(reply.status, 206);
    EXPECT_EQ(reply.body, "body");
    EXPECT_TRUE(reply.Has("content-type: x/y"));
    EXPECT_TRUE(reply.Has("Content-Range: bytes 1-2/9"));
    EXPECT_TRUE(reply.Has("ETag: \"e\""));
    EXPECT_FALSE(reply.Has("X-Hop: h"));
    EXPECT_FALSE(reply.Has("Keep-Alive: 5"));
    EXPECT_FALSE(reply.Has("Date: yesterday"));
    EXPECT_FALSE(reply.Has("connection: close"));
    EXPECT_TRUE(peer->Ended());
  }
  EXPECT_EQ(backend_.proofs(), 0);  // the other side judges the key
}

TEST_F(PassthroughTest, OnlyWhatIsAllowedPasses) {
  Start();
  EXPECT_EQ(client().Ask(Get("/other")).status, 501);
  EXPECT_EQ(client().Ask(Get("/files/..")).status, 501);
  EXPECT_EQ(client().Ask(Get("/files/%2e%2E")).status, 501);
  EXPECT_EQ(client().Ask(Get("/files/.")).status, 501);
}

// What the translation itself asks the REST port.
TEST_F(PassthroughTest, LookupsAreKeptForTheCallerUntilSomethingIsWritten) {
  Start();
  const auto lookup = [](std::string_view key) { return Post("/lookup", "a", base::Concat("Api-Key: ", key, "\r\n")); };
  const auto answer = [&](std::string_view request, std::string_view body) {
    const auto peer = Ask(request);
    const std::string head = peer->ReadHead();
    peer->Send(base::Concat("HTTP/1.1 200 OK\r\nContent-Length: ", body.size(), "\r\n\r\n", body));
    return head;
  };
  const std::string head = answer(lookup("k"), "one");
  EXPECT_TRUE(head.starts_with("GET /files/a HTTP/1.1\r\n")) << head;
  EXPECT_NE(head.find("api-key: k\r\n"), std::string::npos) << head;
  EXPECT_EQ(client().Read().body, "one");
  // Nobody answers this time.
  EXPECT_EQ(client().Ask(lookup("k")).body, "one");
  // Another caller may see something else.
  answer(lookup("other"), "two");
  EXPECT_EQ(client().Read().body, "two");
  EXPECT_EQ(client().Ask(lookup("k")).body, "one");
  answer(Post("/files", "new"), "written");
  EXPECT_EQ(client().Read().body, "written");
  answer(lookup("k"), "three");
  EXPECT_EQ(client().Read().body, "three");
}

TEST_F(PassthroughTest, LookupsFailInTheTranslationsOwnWay) {
  Start();
  {
    const auto peer = Ask(Post("/lookup", "a"));
    peer->ReadHead();
    peer->Send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  }
  EXPECT_EQ(client().Read().status, 403);
  Ask(Post("/lookup", "a"))->Close();
  EXPECT_EQ(client().Read().status, 503);
}

TEST_F(PassthroughTest, UnknownGroupsAreRefusedAtStart) {
  config_.upstream.rest.groups = {"files", "nonsense"};
  const auto port = pipeline::RestPort::Open(config_, test::FakeApi());
  ASSERT_FALSE(port.ok());
  EXPECT_NE(port.status().ToString().find("'nonsense'"), std::string::npos);
}

TEST_F(PassthroughTest, KeepsTheFramingOfRequests) {
  Start();
  auto peer = Ask(Post("/files", "hello"));
  EXPECT_NE(peer->ReadHead().find("\r\ncontent-length: 5\r\n"), std::string::npos);
  EXPECT_EQ(peer->ReadBytes(5), "hello");
  peer->Send(kOk);
  EXPECT_EQ(client().Read().body, "ok");

  peer = Ask("POST /files HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  EXPECT_NE(peer->ReadHead().find("\r\ntransfer-encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(peer->ReadBytes(10), "5\r\nhello\r\n");  // does not wait for the rest
  client().Send("6;x=y\r\n world\r\n0\r\nTrailer: t\r\n\r\n");
  EXPECT_EQ(peer->ReadUntil("0\r\n\r\n"), "6\r\n world\r\n0\r\n\r\n");
  peer->Send(kOk);
  EXPECT_EQ(client().Read().body, "ok");

  peer = Ask("POST /files HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(peer->ReadHead().find("content-length"), std::string::npos);
  peer->Send(kOk);
  EXPECT_EQ(client().Read().body, "ok");
}

TEST_F(PassthroughTest, AnswersOfAnyFraming) {
  Start();
  constexpr std::string_view kChunks = "5\r\nhello\r\n0\r\n\r\n";
  auto peer = Ask(Get("/missing"));
  peer->Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  EXPECT_TRUE(client().Read(true).Has("transfer-encoding: chunked"));
  EXPECT_EQ(client().ReadBytes(kChunks.size()), kChunks);

  peer = Ask(Get("/missing"));
  peer->ReadHead();  // closing with bytes unread would be a reset
  peer->Send("HTTP/1.0 200 OK\r\n\r\nhello");
  EXPECT_TRUE(client().Read(true).Has("transfer-encoding: chunked"));
  EXPECT_EQ(client().ReadBytes(10), kChunks.substr(0, 10));  // passed on before the end is known
  peer->Close();
  EXPECT_EQ(client().ReadBytes(5), kChunks.substr(10));

  peer = Ask(Get("/missing"));
  peer->Send("HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(client().Read().status, 204);

  peer = Ask("HEAD /files/a HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_TRUE(peer->ReadHead().starts_with("HEAD "));
  peer->Send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
  EXPECT_TRUE(client().Read(true).Has("content-length: 1000"));

  peer = Ask("GET /missing HTTP/1.0\r\n\r\n");
  peer->Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  const HttpReply old = client().Read(true);
  EXPECT_TRUE(old.Has("connection: close"));
  EXPECT_EQ(old.head.find("transfer-encoding"), std::string::npos);
  EXPECT_EQ(client().ReadBytes(100), "hello");
}

TEST_F(PassthroughTest, InterimAnswersStayHere) {
  Start();
  client().Send("POST /files HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  const auto peer = rest_.Accept();
  EXPECT_EQ(peer->ReadHead().find("xpect"), std::string::npos);
  EXPECT_EQ(client().Read(true).status, 100);  // ours
  peer->Send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
  client().Send("hello");
  EXPECT_EQ(peer->ReadBytes(5), "hello");
  peer->Send(kOk);
  EXPECT_EQ(client().Read().status, 200);
}

TEST_F(PassthroughTest, ASlowClientHoldsTheUpstreamBack) {
  Start();
  const std::string body = Noise(kLarge);
  const auto peer = Ask(Get("/missing"));
  peer->ReadHead();
  peer->Send(base::Concat("HTTP/1.1 200 OK\r\nContent-Length: ", body.size(), "\r\n\r\n"));
  const size_t sent = peer->SendUntilHeldBack(body, kPatience);
  EXPECT_GT(sent, 0u);
  EXPECT_LT(sent, kHeldOnTheWay);
  std::thread rest([&] { peer->Send(std::string_view(body).substr(sent)); });
  EXPECT_TRUE(client().Read().body == body);
  rest.join();
}

TEST_F(PassthroughTest, ASlowUpstreamHoldsTheClientBack) {
  Start();
  const std::string body = Noise(kLarge);
  for (const bool chunked : {false, true}) {
    Peer sender(client().Duplicate());
    sender.Send(base::Concat("POST /files HTTP/1.1\r\nHost: t\r\n",
                             chunked ? std::string("Transfer-Encoding: chunked\r\n\r\n4000000\r\n")
                                     : base::Concat("Content-Length: ", body.size(), "\r\n\r\n")));
    static_assert(kLarge == 0x4000000);
    const auto peer = rest_.Accept();
    peer->ReadHead();
    const size_t sent = sender.SendUntilHeldBack(body, kPatience);
    EXPECT_GT(sent, 0u);
    EXPECT_LT(sent, kHeldOnTheWay);
    std::thread rest([&] {
      sender.Send(std::string_view(body).substr(sent));
      if (chunked) sender.Send("\r\n0\r\n\r\n");
    });
    if (chunked) {
      std::string received;
      for (;;) {
        const size_t size = std::stoull(peer->ReadUntil("\r\n"), nullptr, 16);
        if (size == 0) break;
        received += peer->ReadBytes(size);
        peer->ReadBytes(2);
      }
      EXPECT_TRUE(received == body);
    } else {
      EXPECT_TRUE(peer->ReadBytes(body.size()) == body);
    }
    rest.join();
    peer->Send(kOk);
    EXPECT_EQ(client().Read().body, "ok");
  }
}

TEST_F(PassthroughTest, AnUpstreamThatIsAwayIs503) {
  uint16_t nobody = 0;
  {
    RawServer server;
    nobody = server.port();
  }
  config_.upstream.rest.endpoint.port = nobody;
  Start();
  const HttpReply reply = client().Ask(Get("/missing"));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.body, R"({"error":"The REST port of the database is not available: Connection refused"})");
  EXPECT_EQ(client().Ask(Post("/echo", "a")).body, "a");  // the connection goes on
}

TEST_F(PassthroughTest, AnUpstreamThatLeavesIs503BeforeItsAnswerAndAResetWithin) {
  Start();
  auto peer = Ask(Get("/missing"));
  peer->ReadHead();
  peer->Close();
  EXPECT_EQ(client().Read().status, 503);

  peer = Ask(Get("/missing"));
  peer->Send("nonsense\r\n\r\n");
  EXPECT_EQ(client().Read().status, 503);

  peer = Ask(Get("/missing"));
  peer->Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  EXPECT_EQ(client().Read(true).status, 200);
  EXPECT_EQ(client().ReadBytes(4), "half");
  peer->Close();
  EXPECT_TRUE(client().Ended());

  // To an old client the end of the connection would be the end of the body.
  client_.emplace(gateway_->port());
  peer = Ask("GET /missing HTTP/1.0\r\n\r\n");
  peer->Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  EXPECT_EQ(client().Read(true).status, 200);
  EXPECT_EQ(client().ReadBytes(5), "hello");
  peer->Close();
  EXPECT_TRUE(client().WasReset());
}

TEST_F(PassthroughTest, AClientThatLeavesTakesTheUpstreamConnectionWithIt) {
  Start();
  // While sending,
  auto peer = Ask("POST /files HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nhalf");
  peer->ReadHead();
  EXPECT_EQ(peer->ReadBytes(4), "half");
  client().Close();
  EXPECT_TRUE(peer->Ended());
  // while waiting,
  client_.emplace(gateway_->port());
  peer = Ask(Post("/files", "all"));
  peer->ReadHead();
  EXPECT_EQ(peer->ReadBytes(3), "all");
  client().Close();
  EXPECT_TRUE(peer->Ended());
  // while receiving.
  client_.emplace(gateway_->port());
  peer = Ask(Get("/missing"));
  peer->ReadHead();
  peer->Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  EXPECT_EQ(client().Read(true).status, 200);
  client().Close();
  EXPECT_TRUE(peer->Ended());
}

TEST_F(PassthroughTest, AnUpstreamThatDoesNotAnswerIs504) {
  config_.timeouts.rest_answer = milliseconds(20);
  Start();
  const auto peer = Ask(Get("/missing"));
  peer->ReadHead();
  EXPECT_EQ(client().Read().status, 504);
  EXPECT_TRUE(peer->Ended());
}

TEST_F(PassthroughTest, AnAnswerThatStopsComingIsCutOff) {
  config_.timeouts.body_progress = milliseconds(20);
  Start();
  const auto peer = Ask(Get("/missing"));
  peer->Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  EXPECT_EQ(client().Read().status, 0);
  peer->ReadHead();
  EXPECT_TRUE(peer->Ended());
}

TEST_F(PassthroughTest, AnEarlyAnswerEndsTheUpload) {
  Start();
  // The client waits before it sends more,
  auto peer = Ask("POST /files HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nhalf");
  peer->ReadHead();
  peer->Send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
  HttpReply reply = client().Read();
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.body, "no");
  EXPECT_TRUE(reply.Has("connection: close"));
  // or more than the upstream takes.
  client_.emplace(gateway_->port());
  Peer sender(client().Duplicate());
  sender.Send(base::Concat("POST /files HTTP/1.1\r\nHost: t\r\nContent-Length: ", kLarge, "\r\n\r\n"));
  peer = rest_.Accept();
  peer->ReadHead();
  EXPECT_LT(sender.SendUntilHeldBack(std::string(kLarge, 'x'), kPatience), kHeldOnTheWay);
  peer->Send("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 2\r\n\r\nno");
  reply = client().Read();
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.body, "no");
}

TEST_F(PassthroughTest, BodiesMayHaveALimit) {
  config_.limits.rest_body_bytes = 10;
  Start();
  EXPECT_EQ(client().Ask(Post("/files", "01234567890")).body, R"({"error":"too large: 11 > 10"})");
  client_.emplace(gateway_->port());
  const auto peer =
      Ask("POST /files HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n");
  const HttpReply reply = client().Read();
  EXPECT_EQ(reply.body, R"({"error":"too large: 0 > 10"})");
  EXPECT_TRUE(reply.Has("connection: close"));
  EXPECT_EQ(peer->ReadUntil("never").find("0\r\n\r\n"), std::string::npos);
}

TEST_F(PassthroughTest, BrokenAndStalledBodiesAreRefused) {
  http::ServerSettings settings = test::QuickSettings();
  settings.timeouts.body_progress = milliseconds(20);
  Start(settings);
  auto peer = Ask("POST /files HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
  EXPECT_EQ(client().Read().status, 400);
  client_.emplace(gateway_->port());
  peer = Ask("POST /files HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nhalf");
  EXPECT_EQ(client().Read().status, 408);
  peer->ReadHead();
  EXPECT_EQ(peer->ReadUntil("never"), "half");
}

TEST_F(PassthroughTest, AbortEndsWhatRuns) {
  Start();
  const auto peer = Ask(Get("/missing"));
  peer->ReadHead();
  gateway_->server().thread().Run([this] { gateway_->server().server().Abort(); });
  EXPECT_TRUE(peer->Ended());
  EXPECT_TRUE(client().Ended());
}

}  // namespace
}  // namespace vecgate::passthrough
