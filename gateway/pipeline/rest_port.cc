#include "pipeline/rest_port.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace vecgate::pipeline {
namespace {

// How often the limits of time are looked at; they are met that late.
constexpr std::chrono::milliseconds kClock{250};

}  // namespace

absl::StatusOr<std::unique_ptr<const RestPort>> RestPort::Open(const config::Config& config,
                                                               const runtime::ApiSpec& api) {
  const config::Rest& rest = config.upstream.rest;
  if (rest.endpoint.empty()) return std::unique_ptr<const RestPort>();
  for (const std::string& group : rest.groups) {
    const bool known = std::any_of(api.routes.begin(), api.routes.end(), [&group](const runtime::RouteSpec& route) {
      return !route.group.empty() && route.group == group;
    });
    if (!known)
      return absl::InvalidArgumentError(base::Concat("upstream.rest_groups: there is no group '", group, "'"));
  }
  auto target = http_client::Target::Make(
      {rest.endpoint.host, rest.endpoint.port, rest.tls, rest.ca, rest.certificate, rest.key});
  if (!target.ok()) return target.status();
  std::unique_ptr<RestPort> port(new RestPort);
  port->target_ = *std::move(target);
  port->groups_ = rest.groups;
  port->settings_.body_bytes = config.limits.rest_body_bytes;
  port->settings_.connect = config.timeouts.rest_connect;
  port->settings_.progress = config.timeouts.body_progress;
  port->settings_.answer = config.timeouts.rest_answer;
  port->settings_.clock = kClock;
  return std::unique_ptr<const RestPort>(std::move(port));
}

bool RestPort::Takes(const runtime::RouteSpec& route, std::span<const std::string> variables) const {
  if (std::find(groups_.begin(), groups_.end(), route.group) == groups_.end()) return false;
  return std::none_of(variables.begin(), variables.end(),
                      [](const std::string& variable) { return variable == "." || variable == ".."; });
}

}  // namespace vecgate::pipeline
