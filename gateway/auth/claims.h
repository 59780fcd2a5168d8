// What a verified token says: of itself, and of what its bearer may do.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "auth/caller.h"
#include "auth/refusal.h"
#include "runtime/route.h"

namespace vecgate::auth {

// How the claims of one issuer's tokens are read.
struct ClaimRules {
  std::string issuer;                   // `iss` must be this; empty: anything
  std::string audience;                 // `aud` must be or hold this; empty: anything
  std::string access_claim = "access";  // "r", "m" or a list of {"collection", "access": "r", "rw" or "prw"}
  std::optional<Grant> without_access;  // when that claim is missing; nothing: refused
  bool needs_expiry = false;            // a token without `exp` is refused
  std::chrono::seconds leeway{30};      // that clocks may differ by
};

// `iss` of claims that nobody has verified: good for choosing whose keys to try and for nothing else.
std::string IssuerOf(std::string_view claims);

struct ClaimsOutcome {
  CallerPtr caller;  // null: refused
  Refusal refusal;
};

// The caller that `claims`, whose signature was verified, speak of.
ClaimsOutcome ReadClaims(std::string_view claims, const ClaimRules& rules, const runtime::AccessSpec& words,
                         std::chrono::system_clock::time_point now);

}  // namespace vecgate::auth
