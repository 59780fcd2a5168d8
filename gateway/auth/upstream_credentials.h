// With which credential the gateway asks the upstream.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string>

#include "auth/token_source.h"
#include "base/awaitable.h"
#include "base/header.h"
#include "config/auth.h"

namespace vecgate::auth {

// Either the caller's credential goes along, or one of the gateway's own takes its place, or none does; never two.
// Immutable but for the token of its source; shared by all threads.
class UpstreamCredentials {
 public:
  // Errors begin with the key. Nothing is asked for before Start.
  static absl::StatusOr<std::shared_ptr<const UpstreamCredentials>> Make(const config::UpstreamCredentials& config,
                                                                         base::Executor executor);

  void Start() const;
  void Stop() const;

  // Puts what the upstream shall see into `metadata`, which holds what the caller sent (nothing for a call of the
  // gateway's own). `known`: the gateway has judged the caller itself. False: there is no token to be had now.
  bool Apply(bool known, base::Metadata* metadata) const;

  // The gateway's own credential stands in for everybody's.
  bool own() const { return own_; }
  // An own credential is at hand, or none is needed.
  bool ready() const;
  uint64_t failures() const { return tokens_ == nullptr ? 0 : tokens_->failures(); }

 private:
  UpstreamCredentials() = default;

  bool own_ = false;
  bool forwards_known_ = false;  // credentials of callers that were judged here go along, too
  std::string header_;           // of the own credential, in lower case
  std::string prefix_;           // before it: "Bearer "
  std::string key_;              // when it does not change
  std::shared_ptr<TokenSource> tokens_;
};

}  // namespace vecgate::auth
