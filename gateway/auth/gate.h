// Who is let in, and as whom the upstream is asked: what the configuration says at the moment.
#pragma once

#include <absl/status/statusor.h>

#include <memory>

#include "auth/authenticator.h"
#include "auth/named_collections.h"
#include "auth/upstream_credentials.h"
#include "base/awaitable.h"
#include "base/live.h"
#include "config/config.h"
#include "runtime/route.h"

namespace vecgate::auth {

// Immutable; replaced as a whole. Parts whose settings stay as they were are the same objects before and after.
struct Policy {
  config::Auth auth;
  config::UpstreamCredentials upstream;
  std::shared_ptr<const Authenticator> authenticator;
  std::shared_ptr<const UpstreamCredentials> credentials;
};

// Shared by all threads. The thread of the executor refreshes keys and tokens.
class Gate {
 public:
  // Passes everyone through until Commit. `api` has static storage.
  Gate(const runtime::ApiSpec& api, base::Executor executor);

  // What `config` says; nothing takes effect and nothing is asked for yet. The message of a failure begins with the
  // key.
  absl::StatusOr<std::shared_ptr<const Policy>> Prepare(const config::Config& config) const;
  // Takes effect for requests from now on; those under way keep what they began with.
  void Commit(std::shared_ptr<const Policy> policy);
  // Ends the refreshing.
  void Stop();

  // For requests, which look at it through a view of their thread's.
  const base::Live<Policy>& policy() const { return policy_; }
  const NamedCollections& names() const { return names_; }

 private:
  absl::StatusOr<std::shared_ptr<const Policy>> Build(const config::Config& config, const Policy* before) const;

  const runtime::ApiSpec& api_;
  const base::Executor executor_;
  const NamedCollections names_;
  base::Live<Policy> policy_;
};

}  // namespace vecgate::auth
