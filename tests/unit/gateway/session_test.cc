#include "http/session.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>

#include "base/text.h"
#include "support/http_client.h"
#include "support/test_server.h"
#include "support/tls_fixture.h"

namespace vecgate::http {
namespace {

using std::chrono::milliseconds;
using test::Get;
using test::HttpClient;
using test::HttpReply;
using test::Post;

constexpr uint64_t kBodyLimit = 1024 * 1024;

// What the handler noticed, for the test's thread.
struct Seen {
  std::promise<void> gone;
  std::promise<void> waiting;
  std::promise<void> go_on;
  std::shared_future<void> may_go_on = go_on.get_future().share();
  std::atomic<int> refused{0};
  std::atomic<int> body_status{-1};
};

// /unread answers without reading the body; /wait answers when the client went away or "go_on" is set; all else echoes.
class EchoHandler final : public Handler {
 public:
  EchoHandler(boost::asio::io_context& io, Seen& seen) : timer_(io), seen_(seen) {}

  base::Awaitable<void> Handle(Exchange& exchange) override {
    std::string text;
    Response response;
    response.content_type = "text/plain";
    if (exchange.head().path == "/wait") {
      exchange.WatchClient();
      seen_.waiting.set_value();
      while (!exchange.gone().cancelled() &&
             seen_.may_go_on.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        timer_.expires_after(milliseconds(1));
        co_await timer_.async_wait(base::kAsTuple);
      }
      if (exchange.gone().cancelled()) {
        seen_.gone.set_value();
        co_return;
      }
      text = "waited";
    } else if (exchange.head().path == "/peer") {
      text = base::Concat(exchange.connection().listener, " ", exchange.connection().peer, " ",
                          exchange.connection().loopback ? "loopback" : "far");
    } else if (exchange.head().path == "/unread") {
      text = "unread";
    } else {
      const BodyStatus status = co_await exchange.ReadBody(kBodyLimit);
      seen_.body_status = static_cast<int>(status);
      if (status == BodyStatus::kGone) co_return;
      if (status == BodyStatus::kComplete) {
        text = base::Concat(exchange.head().method, " ", exchange.head().path, " ", exchange.body());
      } else {
        response.status = status == BodyStatus::kStalled ? 408 : 400;
        response.close = true;
      }
    }
    response.body = text;
    co_await exchange.Send(response);
  }
  void Refused(uint32_t status) override { seen_.refused = static_cast<int>(status); }

 private:
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    base::Executor>
      timer_;
  Seen& seen_;
};

enum class Layer : uint8_t { kPlain, kTls12, kTls13 };

// All that a session does, it does over every kind of stream.
class SessionTest : public testing::TestWithParam<Layer> {
 protected:
  void Start(ServerSettings settings = test::QuickSettings()) {
    if (tls()) {
      static const test::TlsFixture* const fixture = new test::TlsFixture;
      settings.tls = &fixture->contexts();
    }
    server_.emplace(settings, [this](boost::asio::io_context& io) { return std::make_unique<EchoHandler>(io, seen_); });
  }
  bool tls() const { return GetParam() != Layer::kPlain; }
  HttpClient Connect() {
    if (!tls()) return HttpClient(server_->port());
    test::ClientTls settings;
    settings.most = GetParam() == Layer::kTls12 ? TLS1_2_VERSION : TLS1_3_VERSION;
    return HttpClient(server_->port(), settings);
  }

  // A refusal: that status, then the end of the connection.
  void ExpectRefused(std::string_view bytes, int status) {
    HttpClient client = Connect();
    client.Send(bytes);
    const HttpReply reply = client.Read();
    EXPECT_EQ(reply.status, status) << bytes;
    EXPECT_TRUE(reply.Has("connection: close")) << bytes;
    client.ShutdownSend();
    EXPECT_TRUE(client.Ended()) << bytes;
    EXPECT_EQ(seen_.refused, status);
  }

  Seen seen_;
  std::optional<test::TestServer> server_;
};

TEST_P(SessionTest, KeepsTheConnection) {
  Start();
  HttpClient client = Connect();
  for (int i = 0; i < 3; ++i) {
    const HttpReply reply = client.Ask(Post("/echo", "hello"));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "POST /echo hello");
    EXPECT_TRUE(reply.Has("content-type: text/plain"));
    EXPECT_FALSE(reply.Has("connection: close"));
    EXPECT_NE(reply.head.find("\r\ndate: "), std::string::npos);
  }
}

TEST_P(SessionTest, KnowsItsPeer) {
  ServerSettings settings = test::QuickSettings();
  settings.name = "front";
  Start(settings);
  HttpClient client = Connect();
  EXPECT_EQ(client.Ask(Get("/peer")).body, base::Concat("front 127.0.0.1:", client.LocalPort(), " loopback"));
}

TEST_P(SessionTest, ClosesWhenAsked) {
  Start();
  HttpClient client = Connect();
  const HttpReply reply = client.Ask(Get("/a", "Connection: close\r\n"));
  EXPECT_TRUE(reply.Has("connection: close"));
  EXPECT_TRUE(client.Ended());
}

TEST_P(SessionTest, AnnouncesKeepAliveToOldClients) {
  Start();
  HttpClient client = Connect();
  EXPECT_TRUE(client.Ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").Has("connection: keep-alive"));
  EXPECT_TRUE(client.Ask("GET /a HTTP/1.0\r\n\r\n").Has("connection: close"));
}

TEST_P(SessionTest, AnswersPipelinedRequestsInOrder) {
  Start();
  HttpClient client = Connect();
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += Post(base::Concat("/", i), base::Concat("body", i));
  client.Send(requests);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.Read().body, base::Concat("POST /", i, " body", i));
}

TEST_P(SessionTest, KeepsPipelinedBytesThatComeDuringARequest) {
  Start();
  HttpClient client = Connect();
  client.Send(Get("/wait"));
  seen_.waiting.get_future().wait();
  const std::string big(200'000, 'x');
  client.Send(Post("/big", big).substr(0, 40'000));
  seen_.go_on.set_value();
  EXPECT_EQ(client.Read().body, "waited");
  client.Send(Post("/big", big).substr(40'000));
  EXPECT_EQ(client.Read().body, "POST /big " + big);
}

TEST_P(SessionTest, IgnoresEmptyLinesBeforeARequest) {
  Start();
  HttpClient client = Connect();
  EXPECT_EQ(client.Ask("\r\n\r\n" + Get("/a")).body, "GET /a ");
}

TEST_P(SessionTest, ReadsAHeadThatComesByteByByte) {
  Start();
  HttpClient client = Connect();
  for (const char c : Post("/slow", "body")) client.Send({&c, 1});
  EXPECT_EQ(client.Read().body, "POST /slow body");
}

TEST_P(SessionTest, ReadsChunkedBodies) {
  Start();
  HttpClient client = Connect();
  const std::string head = "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(client.Ask(head + "5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: x\r\n\r\n").body, "POST /c hello world");
  EXPECT_EQ(client.Ask(head + "0\r\n\r\n" + Get("/next")).body, "POST /c ");
  EXPECT_EQ(client.Read().body, "GET /next ");
  std::string bytewise = head + "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n";
  for (const char c : bytewise) client.Send({&c, 1});
  EXPECT_EQ(client.Read().body, "POST /c abcd");
}

TEST_P(SessionTest, ReadsLargeChunkedBodies) {
  Start();
  HttpClient client = Connect();
  const std::string chunk(100'000, 'y');
  std::string request = "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 5; ++i) request += "186a0\r\n" + chunk + "\r\n";
  request += "0\r\n\r\n";
  EXPECT_EQ(client.Ask(request).body.size(), 500'000 + std::string("POST /c ").size());
}

TEST_P(SessionTest, RefusesBrokenChunks) {
  Start();
  for (const std::string_view chunks : {"zz\r\n", "5\r\nhelloXXXX", "5\nhello\r\n", "-1\r\n", "ffffffffffffffffff\r\n"}) {
    HttpClient client = Connect();
    const HttpReply reply =
        client.Ask(base::Concat("POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n", chunks));
    EXPECT_EQ(reply.status, 400) << chunks;
    EXPECT_TRUE(reply.Has("connection: close")) << chunks;
  }
}

TEST_P(SessionTest, SaysContinueOnlyWhenTheBodyIsWanted) {
  Start();
  HttpClient client = Connect();
  client.Send("POST /e HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.Read().status, 100);
  EXPECT_EQ(client.Ask("body").body, "POST /e body");

  client.Send("POST /unread HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  const HttpReply reply = client.Read();
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.Has("connection: close"));
}

TEST_P(SessionTest, TellsTooLargeBodiesBeforeReadingThem) {
  Start();
  HttpClient client = Connect();
  const HttpReply reply =
      client.Ask("POST /e HTTP/1.1\r\nHost: t\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(seen_.body_status, static_cast<int>(BodyStatus::kTooLarge));
}

TEST_P(SessionTest, TheReplyToATooLargeBodyArrives) {
  Start();
  HttpClient client = Connect();
  // The client sends all of it before it reads.
  const HttpReply reply = client.Ask(Post("/e", std::string(4'000'000, 'x')));
  EXPECT_EQ(reply.status, 400);
  EXPECT_TRUE(reply.Has("connection: close"));
}

TEST_P(SessionTest, TellsTooLargeChunkedBodies) {
  Start();
  HttpClient client = Connect();
  const HttpReply reply =
      client.Ask("POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\nstart");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(seen_.body_status, static_cast<int>(BodyStatus::kTooLarge));
}

TEST_P(SessionTest, SkipsSmallUnreadBodies) {
  Start();
  HttpClient client = Connect();
  client.Send(Post("/unread", std::string(100'000, 'x')) + Get("/next"));
  EXPECT_EQ(client.Read().body, "unread");
  EXPECT_EQ(client.Read().body, "GET /next ");
}

TEST_P(SessionTest, ClosesAfterLargeUnreadBodies) {
  Start();
  HttpClient client = Connect();
  const HttpReply reply = client.Ask(Post("/unread", std::string(2'000'000, 'x')));
  EXPECT_EQ(reply.body, "unread");
  EXPECT_TRUE(reply.Has("connection: close"));
}

TEST_P(SessionTest, SendsNoBodyForHead) {
  Start();
  HttpClient client = Connect();
  client.Send("HEAD /h HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_TRUE(client.Read(true).Has("content-length: 8"));
  EXPECT_EQ(client.Ask(Get("/next")).body, "GET /next ");
}

TEST_P(SessionTest, RefusesMalformedAndSmugglingHeads) {
  Start();
  const std::string_view host = "Host: t\r\n";
  const auto post = [&](std::string_view fields) { return base::Concat("POST /a HTTP/1.1\r\n", host, fields, "\r\n"); };
  ExpectRefused("nonsense\r\n\r\n", 400);
  ExpectRefused("GET / HTTP/1.1\nHost: t\n\n", 400);
  ExpectRefused("GET / HTTP/1.1\r\nHost: t\r\nA: b\nC: d\r\n\r\n", 400);
  ExpectRefused("GET / HTTP/1.1\r\nHost: t\r\nA: b\r\n folded\r\n\r\n", 400);
  ExpectRefused("GET / HTTP/1.1\r\nHost : t\r\n\r\n", 400);
  ExpectRefused("GET / HTTP/1.1\r\n\r\n", 400);
  ExpectRefused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
  ExpectRefused("GET / HTTP/2.0\r\nHost: t\r\n\r\n", 505);
  ExpectRefused("PRI * HTTP/2.0\r\n\r\n", 505);
  ExpectRefused("GET /a#b HTTP/1.1\r\nHost: t\r\n\r\n", 400);
  ExpectRefused(base::Concat("GET / HTTP/1.1\r\nHost: t\r\nA: b", '\0', "\r\n\r\n"), 400);
  ExpectRefused(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400);
  ExpectRefused(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400);
  ExpectRefused(post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400);
  ExpectRefused(post("Content-Length: 5, 6\r\n"), 400);
  ExpectRefused(post("Content-Length: -5\r\n"), 400);
  ExpectRefused(post("Content-Length: +5\r\n"), 400);
  ExpectRefused(post("Content-Length: 0x5\r\n"), 400);
  ExpectRefused(post("Content-Length: 99999999999999999999\r\n"), 400);
  ExpectRefused(post("Transfer-Encoding: gzip\r\n"), 501);
  ExpectRefused(post("Transfer-Encoding: gzip, chunked\r\n"), 501);
  ExpectRefused(post("Transfer-Encoding: chunked, identity\r\n"), 501);
  ExpectRefused(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400);
  ExpectRefused(post("Transfer-Encoding: xchunked\r\n"), 501);
  ExpectRefused(base::Concat("POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST_P(SessionTest, TakesAbsoluteTargets) {
  Start();
  HttpClient client = Connect();
  EXPECT_EQ(client.Ask("GET http://example.org:80/a?b=c HTTP/1.1\r\nHost: t\r\n\r\n").body, "GET /a ");
  EXPECT_EQ(client.Ask("GET http://example.org HTTP/1.1\r\nHost: t\r\n\r\n").body, "GET / ");
}

TEST_P(SessionTest, RefusesLargeHeads) {
  ServerSettings settings = test::QuickSettings();
  settings.limits.header_bytes = 4096;
  Start(settings);
  ExpectRefused(base::Concat("GET / HTTP/1.1\r\nHost: t\r\nA: ", std::string(5000, 'x'), "\r\n\r\n"), 431);
  ExpectRefused(base::Concat("GET /", std::string(5000, 'x')), 431);
}

TEST_P(SessionTest, RefusesSlowHeads) {
  ServerSettings settings = test::QuickSettings();
  settings.timeouts.head = milliseconds(30);
  Start(settings);
  ExpectRefused("GET / HTTP/1.1\r\nHost:", 408);
}

TEST_P(SessionTest, ClosesIdleConnections) {
  ServerSettings settings = test::QuickSettings();
  settings.timeouts.keep_alive = milliseconds(tls() ? 500 : 30);  // a handshake takes its time
  Start(settings);
  HttpClient fresh = Connect();
  EXPECT_TRUE(fresh.Ended());
  HttpClient used = Connect();
  EXPECT_EQ(used.Ask(Get("/a")).status, 200);
  EXPECT_TRUE(used.Ended());
}

TEST_P(SessionTest, BodiesThatTrickleAreStalledToo) {
  ServerSettings settings = test::QuickSettings();
  settings.timeouts.body_progress = milliseconds(50);
  settings.limits.minimum_rate = 1'000'000;
  Start(settings);
  HttpClient client = Connect();
  client.Send("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n");
  // Each byte comes in time; all of them together do not.
  std::thread drip([&client] {
    for (int i = 0; i < 200; ++i) {
      client.Send("x");
      std::this_thread::sleep_for(milliseconds(5));
    }
  });
  EXPECT_EQ(client.Read().status, 408);
  drip.join();
}

TEST_P(SessionTest, NoticesStalledBodies) {
  ServerSettings settings = test::QuickSettings();
  settings.timeouts.body_progress = milliseconds(30);
  Start(settings);
  HttpClient sized = Connect();
  EXPECT_EQ(sized.Ask("POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhalf").status, 408);
  HttpClient chunked = Connect();
  EXPECT_EQ(chunked.Ask("POST /a HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha").status, 408);
}

TEST_P(SessionTest, EndsWhenTheClientDoesNotRead) {
  ServerSettings settings = test::QuickSettings();
  settings.timeouts.write_progress = milliseconds(50);
  Start(settings);
  HttpClient client = Connect();
  const std::string body(1'000'000, 'x');
  // Replies pile up until no buffer takes more of them.
  while (server_->connections() > 0 && client.Send(Post("/a", body))) {
  }
  while (server_->connections() > 0) std::this_thread::yield();
}

TEST_P(SessionTest, NoticesThatTheClientWentAway) {
  Start();
  {
    HttpClient client = Connect();
    client.Send(Get("/wait"));
    seen_.waiting.get_future().wait();
  }
  seen_.gone.get_future().wait();
  while (server_->connections() > 0) std::this_thread::yield();
}

TEST_P(SessionTest, NoticesThatTheClientWentAwayBehindPipelinedBytes) {
  Start();
  {
    HttpClient client = Connect();
    client.Send(Get("/wait") + Get("/later"));
    seen_.waiting.get_future().wait();
  }
  seen_.gone.get_future().wait();
}

TEST_P(SessionTest, EndsWhenTheClientLeavesMidway) {
  Start();
  for (const std::string_view bytes : {"GET / HT", "POST /a HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhalf"}) {
    HttpClient client = Connect();
    client.Send(bytes);
    client.Close();
  }
  // Nothing is left over.
  HttpClient last = Connect();
  EXPECT_EQ(last.Ask(Get("/a")).status, 200);
  last.Close();
  while (server_->connections() > 0) std::this_thread::yield();
}

TEST_P(SessionTest, RefusesConnectionsBeyondTheLimit) {
  ServerSettings settings = test::QuickSettings();
  settings.limits.connections = 1;
  Start(settings);
  HttpClient first = Connect();
  EXPECT_EQ(first.Ask(Get("/a")).status, 200);
  HttpClient second = Connect();
  if (tls()) {
    EXPECT_FALSE(second.tls()->ok());  // nothing is said without a handshake, which would cost too much
  } else {
    EXPECT_EQ(second.Read().status, 503);
    EXPECT_TRUE(second.Ended());
  }
  EXPECT_EQ(first.Ask(Get("/a")).status, 200);
}

TEST_P(SessionTest, DrainLetsTheRunningRequestFinish) {
  Start();
  HttpClient idle = Connect();
  EXPECT_EQ(idle.Ask(Get("/a")).status, 200);
  HttpClient busy = Connect();
  busy.Send(Get("/wait"));
  seen_.waiting.get_future().wait();
  server_->thread().Run([&] { server_->server().Drain(); });
  EXPECT_TRUE(idle.Ended());
  EXPECT_FALSE(server_->server().idle());
  HttpClient late = Connect();
  EXPECT_EQ(late.Ask(Get("/a")).status, 0);
  seen_.go_on.set_value();
  const HttpReply reply = busy.Read();
  EXPECT_EQ(reply.body, "waited");
  EXPECT_TRUE(reply.Has("connection: close"));
  EXPECT_TRUE(busy.Ended());
  busy.Close();
  while (!server_->server().idle()) std::this_thread::yield();
}

TEST_P(SessionTest, DrainServesConnectionsThatWereAccepted) {
  Start();
  HttpClient fresh = Connect();
  HttpClient first = Connect();
  EXPECT_EQ(first.Ask(Get("/a")).status, 200);  // so `fresh` is accepted too
  server_->thread().Run([&] { server_->server().Drain(); });
  const HttpReply reply = fresh.Ask(Get("/b"));
  EXPECT_EQ(reply.body, "GET /b ");
  EXPECT_TRUE(reply.Has("connection: close"));
}

TEST_P(SessionTest, WithASuccessorIdleConnectionsGetOneMoreAnswer) {
  Start();
  HttpClient idle = Connect();
  EXPECT_EQ(idle.Ask(Get("/a")).status, 200);
  HttpClient quiet = Connect();
  EXPECT_EQ(quiet.Ask(Get("/a")).status, 200);
  server_->thread().Run([&] { server_->server().Drain(Successor::kThere); });
  const HttpReply reply = idle.Ask(Get("/b"));
  EXPECT_EQ(reply.body, "GET /b ");
  EXPECT_TRUE(reply.Has("connection: close"));
  EXPECT_TRUE(idle.Ended());
  EXPECT_FALSE(server_->server().idle());
  server_->thread().Run([&] { server_->server().Drain(); });  // no longer
  EXPECT_TRUE(quiet.Ended());
}

TEST_P(SessionTest, AdoptsLimitsForOpenConnections) {
  ServerSettings settings = test::QuickSettings();
  Start(settings);
  HttpClient client = Connect();
  const std::string large = "GET /a HTTP/1.1\r\nhost: t\r\nx: " + std::string(2000, 'x') + "\r\n\r\n";
  client.Send(large);
  EXPECT_EQ(client.Read().status, 200);
  settings.limits.header_bytes = 1024;
  server_->thread().Run([&] { server_->server().Adopt(settings.limits, settings.timeouts); });
  client.Send(large);
  EXPECT_EQ(client.Read().status, 431);
}

TEST_P(SessionTest, AbortEndsWhatRuns) {
  Start();
  HttpClient busy = Connect();
  busy.Send(Get("/wait"));
  seen_.waiting.get_future().wait();
  server_->thread().Run([&] {
    server_->server().Drain();
    server_->server().Abort();
  });
  seen_.gone.get_future().wait();
  EXPECT_EQ(busy.Read().status, 0);
  while (!server_->server().idle()) std::this_thread::yield();
}

INSTANTIATE_TEST_SUITE_P(Streams, SessionTest, testing::Values(Layer::kPlain, Layer::kTls12, Layer::kTls13),
                         [](const auto& info) {
                           return info.param == Layer::kPlain ? "Plain" : info.param == Layer::kTls12 ? "Tls12" : "Tls13";
                         });

}  // namespace
}  // namespace vecgate::http
