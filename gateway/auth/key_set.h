// The public keys of whoever signs tokens (RFC 7517).
#pragma once

#include <absl/status/statusor.h>

#include <string_view>
#include <vector>

#include "auth/verify_key.h"

namespace vecgate::auth {

// Immutable; shared by all threads.
class KeySet {
 public:
  // Reads {"keys":[...]}. Keys of kinds, uses and algorithms that are of no use here are left out, as the standard asks
  // for: RSA of less than 2048 bits, secrets, curves beside P-256 and Ed25519, keys to encrypt with. Fails when no key
  // is left, and on more keys than anyone has reason to send.
  static absl::StatusOr<KeySet> Parse(std::string_view json);

  const std::vector<VerifyKey>& keys() const { return keys_; }
  bool Has(std::string_view id) const;

 private:
  std::vector<VerifyKey> keys_;
};

}  // namespace vecgate::auth
