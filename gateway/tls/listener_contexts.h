// The context of one listener, replaced while the gateway runs.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "base/live.h"
#include "config/config.h"
#include "tls/handshake.h"
#include "tls/server_context.h"

namespace vecgate::tls {

// Safe to use from any thread.
class ListenerContexts {
 public:
  // Is told what came of each handshake, on the thread it ran on. `version` is "none" when it failed.
  using Counter = std::function<void(std::string_view version, HandshakeResult result)>;

  explicit ListenerContexts(const config::ServerTls& settings)
      : tickets_(std::make_shared<TicketKeys>(settings.sessions)) {}

  // Before the first handshake; without a counter nothing is counted.
  void OnHandshakes(Counter counter) { counter_ = std::move(counter); }

  // Reads the files and makes what Use takes; nothing changes yet.
  absl::StatusOr<std::shared_ptr<const ServerContext>> Prepare(const config::ServerTls& settings) const {
    return ServerContext::Make(settings, tickets_);
  }
  // Handshakes from now on use it. Connections that run keep theirs.
  void Use(std::shared_ptr<const ServerContext> context) { current_.Set(std::move(context)); }
  // For the next handshake; null before the first Use.
  std::shared_ptr<const ServerContext> current() const { return current_.Get(); }

  void Count(std::string_view version, HandshakeResult result) const {
    if (counter_) counter_(version, result);
  }

 private:
  const std::shared_ptr<TicketKeys> tickets_;  // survives what is replaced, so clients come back without a handshake
  Counter counter_;
  base::Live<ServerContext> current_{nullptr};
};

}  // namespace vecgate::tls
