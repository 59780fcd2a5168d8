// A key that verifies signatures of tokens (RFC 7518), for exactly one algorithm.
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vecgate::auth {

// What tokens may be signed with. "none" is not among them, nor is anything that no key here can have.
enum class Algorithm : uint8_t { kHs256, kRs256, kEs256, kEdDsa };

// By the name in a token's header.
std::optional<Algorithm> AlgorithmOf(std::string_view name);

// Immutable; shared by all threads. A key knows its algorithm, so a token cannot choose another one for it.
class VerifyKey {
 public:
  // HMAC with a shared secret.
  static VerifyKey Shared(std::string_view secret);
  // A public key of the algorithm's kind.
  static VerifyKey Public(Algorithm algorithm, std::string id, std::shared_ptr<EVP_PKEY> key);

  Algorithm algorithm() const { return algorithm_; }
  // The key's `kid`; empty: it has none.
  const std::string& id() const { return id_; }
  // `signature` as it stands in a token, decoded.
  bool Verify(std::string_view signed_text, std::string_view signature) const;

 private:
  VerifyKey(Algorithm algorithm, std::string id) : algorithm_(algorithm), id_(std::move(id)) {}

  Algorithm algorithm_;
  std::string id_;
  std::string secret_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace vecgate::auth
