// Who asks, with a short memory for tokens that were verified.
#pragma once

#include <memory>
#include <optional>

#include "auth/gate.h"
#include "auth/proof_cache.h"
#include "base/awaitable.h"
#include "http/exchange.h"

namespace vecgate::pipeline {

// One object per thread.
class KnownCallers {
 public:
  struct Found {
    auth::Identity identity;
    // Under which to remember the caller, once all of its credential was found to be good.
    std::optional<auth::Fingerprint> remember;
  };

  // Waits for nothing but keys that a token asks for.
  base::Awaitable<Found> Identify(const auth::Policy& policy, const http::Exchange& exchange);
  void Remember(const Found& found);

 private:
  std::shared_ptr<const auth::Authenticator> authenticator_;  // whose verdicts `tokens_` holds
  auth::CallerCache tokens_{auth::kProofLifetime, auth::kProofsKept};
};

}  // namespace vecgate::pipeline
