// Why a caller is not served.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace vecgate::auth {

enum class Reason : uint8_t {
  kNoCredential,
  kUnknownKey,     // neither a known key nor a token
  kUnknownSigner,  // a token that no configured issuer has signed
  kAlgorithm,      // a token whose algorithm is not taken, or does not fit the key
  kBadSignature,
  kExpired,
  kNotYetValid,
  kWrongAudience,
  kBadClaims,     // a signed token whose claims make no sense
  kValueMissing,  // what the token depends on is not there any more
  kForbidden,     // a known caller asks for more than is granted
  kUpstream,      // the upstream refused the credential
};
inline constexpr std::array<std::string_view, 12> kReasonNames = {
    "no_credential", "unknown_key", "unknown_signer", "algorithm",     "bad_signature", "expired",
    "not_yet_valid", "audience",    "bad_claims",     "value_missing", "forbidden",     "upstream"};
static_assert(kReasonNames.size() == static_cast<size_t>(Reason::kUpstream) + 1);

struct Refusal {
  Reason reason = Reason::kNoCredential;
  bool forbidden = false;  // 403: it is known who asks, or was; else 401
  std::string text;        // in the API's words
};

}  // namespace vecgate::auth
