// Several databases behind one listener, told apart by the name that clients call it by.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <string>
#include <string_view>

#include "http/exchange.h"

namespace vecgate::app {

// Host (RFC 9112 3.2) without its port, in small letters and without the dot at the end of a full name.
std::string HostName(std::string_view host);

// Used on one thread.
class ByHost final : public http::Handler {
 public:
  // Requests for a host that nobody took go to `otherwise`. Handlers outlive the object.
  explicit ByHost(http::Handler& otherwise) : otherwise_(otherwise) {}

  // `host`: as a configuration names it.
  void Add(std::string_view host, http::Handler& handler) { handlers_[HostName(host)] = &handler; }

  base::Awaitable<void> Handle(http::Exchange& exchange) override;
  // Before it is known for whom it was.
  void Refused(uint32_t status) override { otherwise_.Refused(status); }

 private:
  http::Handler& otherwise_;
  absl::flat_hash_map<std::string, http::Handler*> handlers_;
};

}  // namespace vecgate::app
