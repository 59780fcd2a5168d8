#include "admin/admin_handler.h"

#include <string>
#include <utility>

namespace vecgate::admin {

AdminHandler::AdminHandler(const metrics::Metrics& metrics, std::function<bool()> ready)
    : metrics_(metrics), ready_(std::move(ready)) {}

base::Awaitable<void> AdminHandler::Handle(http::Exchange& exchange) {
  const http::RequestHead& head = exchange.head();
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  std::string text;
  if (head.method != "GET" && head.method != "HEAD") {
    response.status = 405;
    response.fields = "allow: GET, HEAD\r\n";
    text = "only GET and HEAD\n";
  } else if (head.path == "/metrics") {
    response.content_type = metrics::kTextContentType;
    text = metrics_.Text();
  } else if (head.path == "/healthz" || head.path == "/livez") {
    text = "ok\n";
  } else if (head.path == "/readyz") {
    const bool ready = ready_();
    response.status = ready ? 200 : 503;
    text = ready ? "ready\n" : "not ready\n";
  } else {
    response.status = 404;
    text = "not found\n";
  }
  response.body = text;
  co_await exchange.Send(response);
}

}  // namespace vecgate::admin
