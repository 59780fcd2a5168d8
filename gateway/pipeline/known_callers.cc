#include "pipeline/known_callers.h"

#include <utility>

namespace vecgate::pipeline {
namespace {

using std::chrono::steady_clock;
using std::chrono::system_clock;

}  // namespace

base::Awaitable<KnownCallers::Found> KnownCallers::Identify(const auth::Policy& policy,
                                                            const http::Exchange& exchange) {
  const auth::Authenticator& authenticator = *policy.authenticator;
  const base::Headers headers = exchange.head().headers;
  Found found;
  if (policy.authenticator != authenticator_) {
    tokens_.Clear();
    authenticator_ = policy.authenticator;
  }
  if (authenticator.takes_tokens()) {
    const std::optional<std::string_view> credential = auth::CredentialIn(headers);
    // A token has dots; a key that has them too is only remembered in vain.
    if (credential.has_value() && credential->find('.') != std::string_view::npos) {
      found.remember = auth::FingerprintOfText(*credential);
      const auth::CallerPtr* const known = tokens_.Find(*found.remember, steady_clock::now());
      if (known != nullptr && (*known)->until > system_clock::now()) {
        found.identity.caller = *known;
        found.remember.reset();
        co_return found;
      }
    }
  }

  auth::Certificate certificate;
  const auto& shown = exchange.connection().client_certificate;
  if (shown.has_value()) certificate = {shown->subject, shown->names};
  const auth::Certificate* const verified = shown.has_value() ? &certificate : nullptr;
  found.identity = authenticator.Identify(headers, verified, false, system_clock::now());
  if (found.identity.ask.empty()) co_return found;
  for (const std::shared_ptr<auth::KeySource>& source : found.identity.ask) co_await source->Ask();
  found.identity = authenticator.Identify(headers, verified, true, system_clock::now());
  co_return found;
}

void KnownCallers::Remember(const Found& found) {
  if (found.remember.has_value() && found.identity.caller->known) {
    tokens_.Put(*found.remember, found.identity.caller, steady_clock::now());
  }
}

}  // namespace vecgate::pipeline
