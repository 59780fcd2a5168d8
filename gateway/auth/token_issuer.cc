#include "auth/token_issuer.h"

#include <utility>

namespace vecgate::auth {
namespace {

using Standing = Judgement::Standing;

// Keys without a name that a token without one is tried with; each costs a verification.
constexpr size_t kMostTries = 4;

Judgement Refused(Reason reason, bool forbidden, std::string_view text) {
  return {Standing::kRefused, nullptr, {reason, forbidden, std::string(text)}};
}

enum class Check : uint8_t { kValid, kInvalid, kNoKey, kOtherAlgorithm };

Check VerifyBySet(const Token& token, const KeySet& set) {
  const bool named = !token.key_id.empty() && set.Has(token.key_id);
  size_t tries = 0;
  bool other_algorithm = false;
  for (const VerifyKey& key : set.keys()) {
    // A name counts where both have one.
    if (named ? key.id() != token.key_id : !token.key_id.empty() && !key.id().empty()) continue;
    if (key.algorithm() != token.algorithm) {
      other_algorithm = true;
      continue;
    }
    if (++tries > kMostTries) break;
    if (key.Verify(token.signed_text, token.signature)) return Check::kValid;
  }
  if (tries > 0) return Check::kInvalid;
  return other_algorithm ? Check::kOtherAlgorithm : Check::kNoKey;
}

}  // namespace

Judgement TokenIssuer::Judge(const Token& token, const runtime::AccessSpec& words,
                             std::chrono::system_clock::time_point now) const {
  const bool shared = token.algorithm == Algorithm::kHs256;
  if (!token.algorithm.has_value() || shared != secret_.has_value()) return {};
  if (shared) {
    if (!secret_->Verify(token.signed_text, token.signature)) {
      return Refused(Reason::kBadSignature, true, words.bad_signature);
    }
  } else {
    // Unverified, and only used to leave the token alone.
    if (!rules_.issuer.empty() && IssuerOf(token.claims) != rules_.issuer) return {};
    const std::shared_ptr<const KeySet> set = keys_->keys();
    const Check check = set == nullptr ? Check::kNoKey : VerifyBySet(token, *set);
    switch (check) {
      case Check::kNoKey:
        return {Standing::kKeyUnknown, nullptr, {}};
      case Check::kOtherAlgorithm:
        return Refused(Reason::kAlgorithm, false, words.bad_credential);
      case Check::kInvalid:
        return Refused(Reason::kBadSignature, true, words.bad_signature);
      case Check::kValid:
        break;
    }
  }
  ClaimsOutcome outcome = ReadClaims(token.claims, rules_, words, now);
  if (outcome.caller == nullptr) return {Standing::kRefused, nullptr, std::move(outcome.refusal)};
  return {Standing::kAccepted, std::move(outcome.caller), {}};
}

}  // namespace vecgate::auth
