#include "support/fake_api.h"

#include <google/protobuf/wrappers.pb.h>

namespace vecgate::test {
namespace {

using google::protobuf::Message;
using runtime::Access;
using runtime::CallSpec;
using runtime::LocalSpec;
using runtime::RouteSpec;

const Message* Text() { return &google::protobuf::StringValue::default_instance(); }

CallSpec Call(std::string_view method) {
  CallSpec call{};
  call.method = method;
  call.request = &Text;
  call.response = &Text;
  return call;
}

const CallSpec kEcho[] = {Call("/test.Service/Echo")};
const CallSpec kSlow[] = {Call("/test.Service/Slow")};
const CallSpec kFail[] = {Call("/test.Service/Fail")};

RouteSpec Route(std::string_view method, std::string_view path, std::span<const CallSpec> calls) {
  RouteSpec route{};
  route.method = method;
  route.path = path;
  route.access = Access::kRead;
  route.calls = calls;
  route.has_body = method == "POST";
  return route;
}

RouteSpec Local(std::string_view path, Access access, LocalSpec local) {
  RouteSpec route = Route("GET", path, {});
  route.access = access;
  route.local = local;
  return route;
}

RouteSpec Unavailable(std::string_view method, std::string_view path, std::string_view group) {
  RouteSpec route = Route(method, path, {});
  route.has_body = false;
  route.unavailable = path;
  route.group = group;
  return route;
}

std::span<const RouteSpec> Routes() {
  static const RouteSpec routes[] = {
      Route("POST", "/echo", kEcho),
      Route("GET", "/items/{id}", kEcho),
      Route("POST", "/slow", kSlow),
      Route("POST", "/hurry", kSlow),
      Route("POST", "/several", kEcho),
      Route("POST", "/lookup", kEcho),
      Route("POST", "/fail", kFail),
      [] {
        RouteSpec route = Route("POST", "/background", kEcho);
        route.background_unless = "wait";
        return route;
      }(),
      Local("/open", Access::kOpen, {LocalSpec::Kind::kText, 200, "text/plain", "open", ""}),
      Local("/local", Access::kRead, {LocalSpec::Kind::kText, 200, "text/plain", "local", ""}),
      Local("/readyz", Access::kOpen, {LocalSpec::Kind::kReady, 200, "text/plain", "ready", "away"}),
      Local("/metrics", Access::kRead, {LocalSpec::Kind::kMetrics, 200, "", "", ""}),
      Unavailable("GET", "/missing", "files"),
      Unavailable("GET", "/files/{name}", "files"),
      Unavailable("HEAD", "/files/{name}", "files"),
      Unavailable("POST", "/files", "files"),
      Unavailable("GET", "/other", "other"),
  };
  return routes;
}

}  // namespace

const runtime::ApiSpec& FakeApi() {
  static const std::string_view names[] = {"api-key", "authorization", "x-request-id"};
  static const std::string_view suffixes[] = {"-api-key"};
  static const runtime::ErrorRow rows[] = {{16}, {7}, {3}, {14}, {4}, {8}};
  static const runtime::ApiSpec spec = [] {
    runtime::ApiSpec api{};
    api.name = "fake";
    api.version = "1.2.0";
    api.oldest_version = "1.1.0";
    api.routes = Routes();
    api.errors = rows;
    api.credential_proof = Call("/test.Service/Prove");
    api.health = Call("/test.Service/Health");
    api.health_version_field = "value";
    api.forward_headers = names;
    api.forward_header_suffixes = suffixes;
    api.default_timeout_seconds = 30;
    api.cors = true;
    return api;
  }();
  return spec;
}

}  // namespace vecgate::test
