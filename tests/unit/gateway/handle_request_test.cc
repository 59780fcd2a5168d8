#include "pipeline/handle_request.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "base/text.h"
#include "support/grpc_backend.h"
#include "support/http_client.h"
#include "support/test_gateway.h"

namespace vecgate::pipeline {
namespace {

using test::Get;
using test::GrpcBackend;
using test::HttpClient;
using test::HttpReply;
using test::Post;
using test::TestGateway;

// Nobody listens there.
constexpr char kNobody[] = "127.0.0.1:1";

TEST(HandleRequestTest, AsksTheUpstream) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  const HttpReply reply = client.Ask(Post("/echo", "hello", "Api-Key: k\r\nX-Other: x\r\n"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "hello");
  EXPECT_TRUE(reply.Has("content-type: application/json"));
  EXPECT_TRUE(reply.Has("vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"));
  EXPECT_EQ(reply.head.find("access-control-allow-origin"), std::string::npos);
  EXPECT_EQ(backend.LastMetadata("api-key"), "k");
  EXPECT_EQ(backend.LastMetadata("x-other"), "");
  EXPECT_EQ(client.Ask(Get("/items/a%20b")).body, "a b");
}

TEST(HandleRequestTest, MakesTheCallsOfOneStepTogether) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  // More than are made at a time; the answer has them in the order they were asked in.
  const std::string letters = "abcdefghijklmnopqrstuvwxyz";
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.Ask(Post("/several", letters)).body, letters);
  backend.WaitForEchoed(3 * 26);
}

TEST(HandleRequestTest, TellsUpstreamErrorsInTheEnvelope) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  const HttpReply reply = client.Ask(Post("/fail", "3 2"));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body, R"({"error":"xx"})");
  EXPECT_TRUE(reply.Has("retry-after: 7"));
  EXPECT_EQ(client.Ask(Post("/hurry", "")).status, 408);
}

TEST(HandleRequestTest, AnUpstreamThatIsAwayIs503AndComesBack) {
  auto backend = std::make_unique<GrpcBackend>();
  const int port = backend->port();
  TestGateway gateway(backend->address());
  HttpClient client(gateway.port());
  EXPECT_EQ(client.Ask(Post("/echo", "a")).status, 200);
  backend.reset();
  EXPECT_EQ(client.Ask(Post("/echo", "a")).status, 503);
  backend = std::make_unique<GrpcBackend>(port);
  while (client.Ask(Post("/echo", "a")).status != 200) std::this_thread::yield();
}

TEST(HandleRequestTest, UnknownRoutesAreEmpty404) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  for (const std::string& request : {Get("/nothing"), Post("/items/1", ""), Get("/echo"), Get("/%zz"),
                                     std::string("OPTIONS /echo HTTP/1.1\r\nHost: t\r\n\r\n"),
                                     std::string("OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n")}) {
    const HttpReply reply = client.Ask(request);
    EXPECT_EQ(reply.status, 404) << request;
    EXPECT_EQ(reply.body, "") << request;
    EXPECT_EQ(reply.head.find("content-type"), std::string::npos);
    EXPECT_TRUE(reply.Has("content-length: 0"));
  }
  client.Send("HEAD /echo HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(client.Read(true).status, 404);
}

TEST(HandleRequestTest, AnswersOfItsOwnAskForTheCredentialFirst) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  for (const std::string_view path : {"/nothing", "/local", "/missing", "/metrics"}) {
    const HttpReply reply = client.Ask(Get(path, "api-key: wrong\r\n"));
    EXPECT_EQ(reply.status, 401) << path;
    EXPECT_EQ(reply.body, "Invalid key") << path;
  }
  EXPECT_EQ(client.Ask(Post("/echo", "bad", "api-key: wrong\r\n")).status, 401);
  EXPECT_EQ(client.Ask(Post("/echo", "bad", "api-key: denied\r\n")).status, 403);
  EXPECT_EQ(client.Ask(Post("/echo", "bad", "api-key: limited\r\n")).status, 400);
  EXPECT_EQ(client.Ask(Post("/echo", "bad")).status, 400);
  EXPECT_EQ(client.Ask(Get("/local")).body, "local");
  EXPECT_EQ(client.Ask(Get("/missing")).status, 501);
  EXPECT_EQ(client.Ask(Get("/metrics")).status, 200);
  EXPECT_EQ(backend.proofs(), 4);  // one per credential
}

TEST(HandleRequestTest, OpenRoutesAndPreflightAskNobody) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  EXPECT_EQ(client.Ask(Get("/open", "api-key: wrong\r\n")).body, "open");
  const HttpReply reply = client.Ask(
      "OPTIONS /echo HTTP/1.1\r\nHost: t\r\nOrigin: http://a.example\r\nAccess-Control-Request-Method: POST\r\n"
      "Access-Control-Request-Headers: api-key\r\n\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "");
  EXPECT_TRUE(reply.Has("access-control-allow-origin: http://a.example"));
  EXPECT_TRUE(reply.Has("access-control-allow-headers: api-key"));
  EXPECT_NE(reply.head.find("access-control-allow-methods: GET, POST"), std::string::npos);
  EXPECT_EQ(backend.proofs(), 0);
}

TEST(HandleRequestTest, CorsFieldsComeWithEveryAnswer) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  for (const std::string& request :
       {Post("/echo", "a", "Origin: http://a\r\n"), Get("/local", "Origin: http://a\r\napi-key: wrong\r\n")}) {
    EXPECT_TRUE(client.Ask(request).Has("access-control-allow-origin: http://a"));
  }
}

TEST(HandleRequestTest, WithNobodyToAskAnswersOfItsOwnGoOut) {
  TestGateway gateway(kNobody);
  HttpClient client(gateway.port());
  EXPECT_EQ(client.Ask(Get("/nothing", "api-key: wrong\r\n")).status, 404);
  EXPECT_EQ(client.Ask(Post("/echo", "bad")).status, 400);
  EXPECT_EQ(client.Ask(Post("/echo", "good")).status, 503);
}

TEST(HandleRequestTest, ReadinessFollowsTheUpstream) {
  TestGateway gateway(kNobody);
  HttpClient client(gateway.port());
  EXPECT_EQ(client.Ask(Get("/readyz")).body, "ready");
  gateway.set_ready(false);
  const HttpReply reply = client.Ask(Get("/readyz"));
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.body, "away");
}

TEST(HandleRequestTest, LargeBodiesGetTheApisOwnAnswer) {
  GrpcBackend backend;
  http::ServerSettings settings = test::QuickSettings();
  settings.limits.body_bytes = 1000;
  TestGateway gateway(backend.address(), settings);
  HttpClient declared(gateway.port());
  const HttpReply reply = declared.Ask(Post("/echo", std::string(2000, 'x')));
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body, R"({"error":"too large: 2000 > 1000"})");
  EXPECT_TRUE(reply.Has("connection: close"));
  HttpClient chunked(gateway.port());
  EXPECT_EQ(chunked.Ask("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n").body,
            R"({"error":"too large: 0 > 1000"})");
  // A stranger is told to identify first.
  HttpClient stranger(gateway.port());
  EXPECT_EQ(stranger.Ask(Post("/echo", std::string(2000, 'x'), "api-key: wrong\r\n")).status, 401);
}

TEST(HandleRequestTest, OneRequestTooManyIs503) {
  GrpcBackend backend;
  http::ServerSettings settings = test::QuickSettings();
  settings.limits.in_flight = 1;
  TestGateway gateway(backend.address(), settings);
  HttpClient first(gateway.port());
  first.Send(Post("/slow", ""));
  backend.WaitForSlowStarted(1);
  HttpClient second(gateway.port());
  const HttpReply reply = second.Ask(Post("/echo", "a"));
  EXPECT_EQ(reply.status, 503);
  EXPECT_TRUE(reply.Has("retry-after: 1"));
  EXPECT_TRUE(reply.Has("content-type: application/json"));
  first.Close();
  while (second.Ask(Post("/echo", "a")).status != 200) std::this_thread::yield();
}

TEST(HandleRequestTest, BodiesThatDoNotFitAreRefusedUnread) {
  GrpcBackend backend;
  http::ServerSettings settings = test::QuickSettings();
  settings.limits.in_flight_bytes = 1000;
  TestGateway gateway(backend.address(), settings);
  HttpClient first(gateway.port());
  first.Send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 900\r\n\r\n");
  while (gateway.gate().in_flight_bytes() < 900) std::this_thread::yield();
  for (const std::string& request :
       {Post("/echo", std::string(200, 'x')),
        base::Concat("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nc8\r\n", std::string(200, 'x'),
                     "\r\n0\r\n\r\n")}) {
    HttpClient second(gateway.port());
    const HttpReply reply = second.Ask(request);
    EXPECT_EQ(reply.status, 503);
    EXPECT_TRUE(reply.Has("retry-after: 1"));
    EXPECT_TRUE(reply.Has("connection: close"));
  }
  EXPECT_EQ(gateway.gate().refused(limits::Reason::kInFlightBytes), 2u);
  HttpClient small(gateway.port());
  EXPECT_EQ(small.Ask(Post("/echo", "a")).status, 200);
  first.Send(std::string(900, 'y'));
  EXPECT_EQ(first.Read().body, std::string(900, 'y'));
  while (gateway.gate().in_flight_bytes() > 0) std::this_thread::yield();
  EXPECT_EQ(gateway.gate().in_flight(), 0u);
}

TEST(HandleRequestTest, CallersHaveLimitsOfTheirOwn) {
  GrpcBackend backend;
  http::ServerSettings settings = test::QuickSettings();
  settings.limits.per_caller.requests = 1;
  TestGateway gateway(backend.address(), settings);
  HttpClient client(gateway.port());
  // Two seconds' worth is saved up.
  EXPECT_EQ(client.Ask(Post("/echo", "a", "api-key: one\r\n")).status, 200);
  EXPECT_EQ(client.Ask(Post("/echo", "a", "api-key: one\r\n")).status, 200);
  const HttpReply reply = client.Ask(Post("/echo", "a", "api-key: one\r\n"));
  EXPECT_EQ(reply.status, 429);
  EXPECT_TRUE(reply.Has("retry-after: 1"));
  EXPECT_TRUE(reply.Has("content-type: application/json"));
  EXPECT_EQ(client.Ask(Post("/echo", "a", "api-key: two\r\n")).status, 200);
  EXPECT_EQ(client.Ask(Post("/echo", "a")).status, 200);
  EXPECT_EQ(client.Ask(Get("/open", "api-key: one\r\n")).status, 200);
  EXPECT_EQ(gateway.gate().refused(limits::Reason::kCallerRequests), 1u);
}

TEST(HandleRequestTest, AClientThatGoesAwayCancelsItsCall) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  {
    HttpClient client(gateway.port());
    client.Send(Post("/slow", ""));
    backend.WaitForSlowStarted(1);
  }
  backend.WaitForSlowCancelled(1);
  while (gateway.server().connections() > 0) std::this_thread::yield();
  EXPECT_NE(gateway.metrics().find(R"(endpoint="/slow",status="499"} 1)"), std::string::npos);
}

TEST(HandleRequestTest, BackgroundCallsAreAnsweredAtOnceAndMade) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  const HttpReply reply = client.Ask(Post("/background", "a"));
  EXPECT_EQ(reply.status, 202);
  EXPECT_EQ(reply.body, "accepted");
  client.Close();
  backend.WaitForEchoed(1);
  while (gateway.handler().background_count() > 0) std::this_thread::yield();
}

TEST(HandleRequestTest, PipelinedRequestsAreAnsweredInOrder) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  std::string requests;
  for (int i = 0; i < 100; ++i) requests += i % 3 == 0 ? Get("/open") : Post("/echo", base::Concat(i));
  client.Send(requests);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.Read().body, i % 3 == 0 ? "open" : base::Concat(i));
}

TEST(HandleRequestTest, CountsWhatItAnswers) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  client.Ask(Post("/echo", "12345"));
  client.Ask(Get("/nothing"));
  client.Ask(Get("/open"));  // counted after the reply; the next request shows the ones before
  const std::string text = gateway.metrics();
  EXPECT_NE(text.find(R"(rest_responses_total{method="POST",endpoint="/echo",status="200"} 1)"), std::string::npos);
  EXPECT_NE(text.find(R"(rest_responses_total{method="other",endpoint="unmatched",status="404"} 1)"), std::string::npos);
  EXPECT_NE(text.find("vecgate_request_bytes_total 5"), std::string::npos);
}

TEST(HandleRequestTest, DrainLetsCallsFinish) {
  GrpcBackend backend;
  TestGateway gateway(backend.address());
  HttpClient client(gateway.port());
  client.Send(Post("/hurry", ""));
  backend.WaitForSlowStarted(1);
  gateway.server().thread().Run([&] { gateway.server().server().Drain(); });
  const HttpReply reply = client.Read();
  EXPECT_EQ(reply.status, 408);
  EXPECT_TRUE(reply.Has("connection: close"));
  client.Close();
  while (!gateway.server().server().idle()) std::this_thread::yield();
}

}  // namespace
}  // namespace vecgate::pipeline
