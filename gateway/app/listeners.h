// The listeners of a running gateway: what their servers are told, and their TLS as the configuration has it now.
#pragma once

#include <absl/status/statusor.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "http/plain_credentials.h"
#include "http/server.h"
#include "metrics/metrics.h"
#include "tls/listener_contexts.h"

namespace vecgate::app {

// Made and changed on the control thread. Outlives the servers it tells what to do.
class Listeners {
 public:
  // Reads all certificates. `metrics` outlives the object, and is not read after it.
  static absl::StatusOr<std::unique_ptr<Listeners>> Make(const config::Config& config, metrics::Metrics& metrics);

  // Of the listeners in the configuration's order.
  const http::ServerSettings& settings(size_t index) const { return listeners_[index].settings; }

  // The certificates and what else TLS is made with, read anew; null for listeners without TLS. Nothing changes yet.
  // Fails on the first that cannot be used; the message names it. Listeners that came or went since the start are left
  // out: they need a restart.
  using Contexts = std::vector<std::shared_ptr<const tls::ServerContext>>;
  absl::StatusOr<Contexts> Prepare(const config::Config& config) const;
  // Handshakes from now on use them; connections that run go on.
  void Use(Contexts contexts);

 private:
  struct Listener {
    http::ServerSettings settings;
    std::unique_ptr<tls::ListenerContexts> tls;               // null: without TLS
    std::unique_ptr<http::PlainCredentials> plain_credentials;  // null: nobody listens in between
  };

  Listeners() = default;
  void Add(const config::Listener& listener, const config::Config& config);
  void CountHandshakes(metrics::Metrics& metrics);
  std::vector<metrics::Sample> Expiries() const;

  std::deque<Listener> listeners_;  // servers keep references to them
};

}  // namespace vecgate::app
