#include "auth/verify_key.h"

#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace vecgate::auth {
namespace {

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

bool VerifyShared(std::string_view secret, std::string_view text, std::string_view signature) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), Bytes(text), text.size(), digest.data(),
           &size) == nullptr) {
    return false;
  }
  return signature.size() == size && CRYPTO_memcmp(digest.data(), signature.data(), size) == 0;
}

// RFC 7518 3.4: two numbers of 32 bytes; OpenSSL wants them in DER.
std::optional<std::string> EcdsaDer(std::string_view signature) {
  constexpr size_t kHalf = 32;
  if (signature.size() != 2 * kHalf) return std::nullopt;
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(ECDSA_SIG_new(), &ECDSA_SIG_free);
  BIGNUM* const r = BN_bin2bn(Bytes(signature), kHalf, nullptr);
  BIGNUM* const s = BN_bin2bn(Bytes(signature) + kHalf, kHalf, nullptr);
  if (pair == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {  // takes both numbers
    BN_free(r);
    BN_free(s);
    return std::nullopt;
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return std::nullopt;
  std::string text(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return text;
}

bool VerifyPublic(EVP_PKEY* key, const EVP_MD* digest, std::string_view text, std::string_view signature) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const bool valid = context != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
                     EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(text), text.size()) == 1;
  if (!valid) ERR_clear_error();
  return valid;
}

}  // namespace

std::optional<Algorithm> AlgorithmOf(std::string_view name) {
  if (name == "HS256") return Algorithm::kHs256;
  if (name == "RS256") return Algorithm::kRs256;
  if (name == "ES256") return Algorithm::kEs256;
  if (name == "EdDSA") return Algorithm::kEdDsa;
  return std::nullopt;
}

VerifyKey VerifyKey::Shared(std::string_view secret) {
  VerifyKey key(Algorithm::kHs256, "");
  key.secret_ = std::string(secret);
  return key;
}

VerifyKey VerifyKey::Public(Algorithm algorithm, std::string id, std::shared_ptr<EVP_PKEY> key) {
  VerifyKey made(algorithm, std::move(id));
  made.key_ = std::move(key);
  return made;
}

bool VerifyKey::Verify(std::string_view signed_text, std::string_view signature) const {
  switch (algorithm_) {
    case Algorithm::kHs256:
      return VerifyShared(secret_, signed_text, signature);
    case Algorithm::kRs256:
      return VerifyPublic(key_.get(), EVP_sha256(), signed_text, signature);
    case Algorithm::kEs256: {
      const std::optional<std::string> der = EcdsaDer(signature);
      return der.has_value() && VerifyPublic(key_.get(), EVP_sha256(), signed_text, *der);
    }
    case Algorithm::kEdDsa:
      return VerifyPublic(key_.get(), nullptr, signed_text, signature);
  }
  return false;
}

}  // namespace vecgate::auth
