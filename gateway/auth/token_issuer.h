// One who signs tokens that are taken here.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "auth/claims.h"
#include "auth/key_source.h"
#include "auth/token.h"
#include "auth/verify_key.h"

namespace vecgate::auth {

// What an issuer makes of a token.
struct Judgement {
  enum class Standing : uint8_t {
    kAccepted,
    kRefused,
    kForeign,     // not one of this issuer
    kKeyUnknown,  // perhaps one of this issuer, signed by a key not known (yet)
  };
  Standing standing = Standing::kForeign;
  CallerPtr caller;  // kAccepted
  Refusal refusal;   // kRefused
};

// Immutable but for the keys of its source; shared by all threads.
class TokenIssuer {
 public:
  // Tokens by HMAC with a secret that both sides know.
  TokenIssuer(VerifyKey secret, ClaimRules rules) : secret_(std::move(secret)), rules_(std::move(rules)) {}
  // Tokens signed with a private key. `rules.needs_expiry` is for the caller to set.
  TokenIssuer(std::shared_ptr<KeySource> keys, ClaimRules rules) : keys_(std::move(keys)), rules_(std::move(rules)) {}

  Judgement Judge(const Token& token, const runtime::AccessSpec& words,
                  std::chrono::system_clock::time_point now) const;
  // Null: it has none.
  const std::shared_ptr<KeySource>& keys() const { return keys_; }

 private:
  std::optional<VerifyKey> secret_;
  std::shared_ptr<KeySource> keys_;
  ClaimRules rules_;
};

}  // namespace vecgate::auth
