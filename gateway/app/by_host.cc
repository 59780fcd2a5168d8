#include "app/by_host.h"

#include "base/text.h"

namespace vecgate::app {

std::string HostName(std::string_view host) {
  // An IPv6 address stands in brackets, and has colons of its own.
  const size_t end = host.starts_with('[') ? host.find(']') : host.rfind(':');
  if (end != std::string_view::npos) host = host.substr(0, host.starts_with('[') ? end + 1 : end);
  if (host.ends_with('.')) host.remove_suffix(1);
  return base::ToLower(host);
}

base::Awaitable<void> ByHost::Handle(http::Exchange& exchange) {
  const auto found = handlers_.find(HostName(exchange.head().Find("host")));
  return (found == handlers_.end() ? otherwise_ : *found->second).Handle(exchange);
}

}  // namespace vecgate::app
