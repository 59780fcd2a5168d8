// The database's REST port, and which routes may be passed through to it.
#pragma once

#include <absl/status/statusor.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "http_client/target.h"
#include "passthrough/pass.h"
#include "runtime/route.h"

namespace vecgate::pipeline {

// Immutable; shared by all threads.
class RestPort {
 public:
  // Null when the configuration names none. Fails on a group that no route of the API has, and when the authorities
  // cannot be read. Nothing connects yet.
  static absl::StatusOr<std::unique_ptr<const RestPort>> Open(const config::Config& config,
                                                              const runtime::ApiSpec& api);

  // True when requests of the route go there. A variable that is "." or ".." never does: whoever takes such a path for
  // a relative one would end up at another route than the one allowed.
  bool Takes(const runtime::RouteSpec& route, std::span<const std::string> variables) const;

  const http_client::Target& target() const { return *target_; }
  const passthrough::Settings& settings() const { return settings_; }

  // How often something was written through the port: what was read before may be out of date. Any thread.
  uint64_t writes() const { return writes_.load(std::memory_order_relaxed); }
  void NoteWrite() const { writes_.fetch_add(1, std::memory_order_relaxed); }

 private:
  RestPort() = default;

  std::unique_ptr<const http_client::Target> target_;
  passthrough::Settings settings_;
  std::vector<std::string> groups_;
  mutable std::atomic<uint64_t> writes_{0};
};

}  // namespace vecgate::pipeline
