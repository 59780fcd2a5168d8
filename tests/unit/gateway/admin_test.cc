#include <gtest/gtest.h>

#include <memory>

#include "admin/admin_handler.h"
#include "support/http_client.h"
#include "support/test_server.h"

namespace vecgate::admin {
namespace {

using test::Get;
using test::HttpClient;

TEST(AdminHandlerTest, TellsHealthAndMetrics) {
  metrics::Metrics metrics({}, 1, "1.0");
  std::atomic<bool> ready{false};
  test::TestServer server(test::QuickSettings(), [&](boost::asio::io_context&) {
    return std::make_unique<AdminHandler>(metrics, [&] { return ready.load(); });
  });
  HttpClient client(server.port());
  EXPECT_EQ(client.Ask(Get("/healthz")).status, 200);
  EXPECT_EQ(client.Ask(Get("/livez")).status, 200);
  EXPECT_EQ(client.Ask(Get("/readyz")).status, 503);
  ready = true;
  EXPECT_EQ(client.Ask(Get("/readyz")).status, 200);
  const test::HttpReply reply = client.Ask(Get("/metrics"));
  EXPECT_NE(reply.body.find("vecgate_build_info"), std::string::npos);
  EXPECT_TRUE(reply.Has("content-type: text/plain; version=0.0.4; charset=utf-8"));
  EXPECT_EQ(client.Ask(Get("/other")).status, 404);
  EXPECT_EQ(client.Ask(test::Post("/metrics", "")).status, 405);
}

}  // namespace
}  // namespace vecgate::admin
