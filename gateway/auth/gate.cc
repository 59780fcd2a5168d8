#include "auth/gate.h"

#include <utility>

namespace vecgate::auth {

Gate::Gate(const runtime::ApiSpec& api, base::Executor executor)
    : api_(api), executor_(executor), names_(api), policy_(*Build(config::Config(), nullptr)) {}

absl::StatusOr<std::shared_ptr<const Policy>> Gate::Prepare(const config::Config& config) const {
  return Build(config, policy_.Get().get());
}

// Keys and tokens that were had already outlive a reload that does not concern them.
absl::StatusOr<std::shared_ptr<const Policy>> Gate::Build(const config::Config& config, const Policy* before) const {
  auto policy = std::make_shared<Policy>();
  policy->auth = config.auth;
  policy->upstream = config.upstream.credentials;
  if (before != nullptr && before->auth == config.auth) {
    policy->authenticator = before->authenticator;
  } else {
    auto authenticator = Authenticator::Make(config.auth, api_.access, executor_,
                                             before == nullptr ? nullptr : before->authenticator.get());
    if (!authenticator.ok()) return authenticator.status();
    policy->authenticator = *std::move(authenticator);
  }
  if (before != nullptr && before->upstream == config.upstream.credentials) {
    policy->credentials = before->credentials;
  } else {
    auto credentials = UpstreamCredentials::Make(config.upstream.credentials, executor_);
    if (!credentials.ok()) return credentials.status();
    policy->credentials = *std::move(credentials);
  }
  return std::shared_ptr<const Policy>(std::move(policy));
}

void Gate::Commit(std::shared_ptr<const Policy> policy) {
  const std::shared_ptr<const Policy> before = policy_.Get();
  const bool other_callers = policy->authenticator != before->authenticator;
  const bool other_credentials = policy->credentials != before->credentials;
  const std::shared_ptr<const Authenticator> authenticator = policy->authenticator;
  if (other_callers) authenticator->Start(before->authenticator.get());
  if (other_credentials) policy->credentials->Start();
  policy_.Set(std::move(policy));
  if (other_callers) before->authenticator->Stop(authenticator.get());
  if (other_credentials) before->credentials->Stop();
}

void Gate::Stop() {
  const std::shared_ptr<const Policy> last = policy_.Get();
  last->authenticator->Stop();
  last->credentials->Stop();
}

}  // namespace vecgate::auth
