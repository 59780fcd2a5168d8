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
  using OnHandshake = std::function<void(std::string_view version, HandshakeResult result)>;

  ListenerContexts(const config::ServerTls& settings, OnHandshake on_handshake)
      : tickets_(std::make_shared<TicketKeys>(settings.sessions)), on_handshake_(std::move(on_handshake)) {}

  // Reads the files and makes what Use takes; nothing changes yet.
  absl::StatusOr<std::shared_ptr<const ServerContext>> Prepare(const config::ServerTls& settings) const {
    return ServerContext::Make(settings, tickets_);
  }
  // Handshakes from now on use it. Connections that run keep theirs.
  void Use(std::shared_ptr<const ServerContext> context) { current_.Set(std::move(context)); }
  // For the next handshake; null before the first Use.
  std::shared_ptr<const ServerContext> current() const { return current_.Get(); }

  void Count(std::string_view version, HandshakeResult result) const { on_handshake_(version, result); }

 private:
  const std::shared_ptr<TicketKeys> tickets_;  // survives what is replaced, so clients come back without a handshake
  const OnHandshake on_handshake_;
  base::Live<ServerContext> current_{nullptr};
};

}  // namespace vecgate::tls
