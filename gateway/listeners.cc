#include "listeners.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/status.h"
#include "base/text.h"

namespace vecgate {
namespace {

// Header fields that carry credentials, of all databases we speak for.
const std::vector<std::string> kCredentialFields = {"authorization", "api-key"};

// True when only this machine can connect.
bool Local(const config::Endpoint& address) {
  return !address.unix_path.empty() || address.host == "localhost" || address.host == "::1" ||
         address.host.starts_with("127.");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listeners>> Listeners::Make(const config::Config& config) {
  std::unique_ptr<Listeners> made(new Listeners);
  const std::vector<config::Listener> wanted = config.Listeners();
  for (const config::Listener& listener : wanted) made->Add(listener, config);
  absl::StatusOr<Contexts> contexts = made->Prepare(config);
  if (!contexts.ok()) return contexts.status();
  made->Use(*std::move(contexts));
  return made;
}

void Listeners::Add(const config::Listener& listener, const config::Config& config) {
  Listener& added = listeners_.emplace_back();
  added.settings.name = listener.name;
  added.settings.limits = config.limits;
  added.settings.timeouts = config.timeouts;
  if (listener.tls.enabled()) {
    added.tls = std::make_unique<tls::ListenerContexts>(listener.tls, [](std::string_view, tls::HandshakeResult) {});
    added.settings.tls = added.tls.get();
  } else if (!Local(listener.address)) {
    added.plain_credentials = std::make_unique<http::PlainCredentials>(kCredentialFields);
    added.settings.plain_credentials = added.plain_credentials.get();
  }
}

absl::StatusOr<Listeners::Contexts> Listeners::Prepare(const config::Config& config) const {
  const std::vector<config::Listener> wanted = config.Listeners();
  Contexts contexts;
  for (const Listener& own : listeners_) {
    contexts.emplace_back();
    const auto found = std::find_if(wanted.begin(), wanted.end(), [&own](const config::Listener& listener) {
      return listener.name == own.settings.name;
    });
    if (found == wanted.end()) continue;
    if (found->tls.enabled() != (own.tls != nullptr)) {
      return absl::InvalidArgumentError(base::Concat("listener ", own.settings.name, ": TLS needs a restart to come or go"));
    }
    if (own.tls == nullptr) continue;
    auto context = own.tls->Prepare(found->tls);
    if (!context.ok()) {
      return absl::InvalidArgumentError(
          base::Concat("listener ", own.settings.name, ": ", base::MessageOf(context.status())));
    }
    contexts.back() = *std::move(context);
  }
  return contexts;
}

void Listeners::Use(Contexts contexts) {
  for (size_t i = 0; i < contexts.size(); ++i) {
    if (contexts[i] != nullptr) listeners_[i].tls->Use(std::move(contexts[i]));
  }
}

}  // namespace vecgate
