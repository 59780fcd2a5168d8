// A JSON Web Token before anything of it is believed (RFC 7519, compact form).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/verify_key.h"

namespace vecgate::auth {

// Larger ones are no tokens.
inline constexpr size_t kLargestToken = 16 * 1024;

struct Token {
  std::optional<Algorithm> algorithm;  // nothing: one that is not taken
  std::string key_id;                  // empty: none
  std::string_view signed_text;        // header and claims as they came; views the credential
  std::string signature;
  std::string claims;  // JSON, decoded and not yet looked at
};

// Nothing when `credential` does not have the form of a signed token: three parts in base64url, the first an object
// with `alg`. A header with `crit` demands extensions that nobody here knows, so it is refused likewise.
std::optional<Token> ParseToken(std::string_view credential);

}  // namespace vecgate::auth
