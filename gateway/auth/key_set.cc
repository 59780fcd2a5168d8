#include "auth/key_set.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "auth/base64url.h"
#include "auth/json.h"
#include "base/text.h"

namespace vecgate::auth {
namespace {

using rapidjson::Value;
using PublicKey = std::shared_ptr<EVP_PKEY>;

constexpr size_t kMostKeys = 64;
constexpr int kSmallestRsaBits = 2048;
constexpr int kLargestRsaBits = 8192;  // verifying takes the longer the larger the key

template <typename T, void (*kFree)(T*)>
struct Freed {
  void operator()(T* object) const { kFree(object); }
};
template <typename T, void (*kFree)(T*)>
using Owned = std::unique_ptr<T, Freed<T, kFree>>;
using Builder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using Context = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Number = Owned<BIGNUM, BN_free>;

std::optional<std::string> BytesMember(const Value& jwk, std::string_view name) {
  return DecodeBase64Url(TextMember(jwk, name));
}

// Null when the parameters make no key that is valid.
PublicKey FromParams(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  PublicKey key(made, &EVP_PKEY_free);
  const Context check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  return check != nullptr && EVP_PKEY_public_check(check.get()) == 1 ? key : nullptr;
}

PublicKey RsaKey(const Value& jwk) {
  const std::optional<std::string> modulus = BytesMember(jwk, "n");
  const std::optional<std::string> exponent = BytesMember(jwk, "e");
  if (!modulus.has_value() || !exponent.has_value() || exponent->empty() || exponent->size() > 8) return nullptr;
  if (modulus->size() > kLargestRsaBits / 8 + 1) return nullptr;
  const auto number = [](const std::string& bytes) {
    return Number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
  };
  const Number n = number(*modulus);
  const Number e = number(*exponent);
  if (n == nullptr || e == nullptr || BN_num_bits(n.get()) < kSmallestRsaBits) return nullptr;
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return FromParams("RSA", builder.get());
}

PublicKey EcKey(const Value& jwk) {
  constexpr size_t kHalf = 32;
  const std::optional<std::string> x = BytesMember(jwk, "x");
  const std::optional<std::string> y = BytesMember(jwk, "y");
  if (!x.has_value() || !y.has_value() || x->size() != kHalf || y->size() != kHalf) return nullptr;
  const std::string point = base::Concat('\x04', *x, *y);  // uncompressed
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return FromParams("EC", builder.get());
}

PublicKey EdKey(const Value& jwk) {
  const std::optional<std::string> x = BytesMember(jwk, "x");
  if (!x.has_value() || x->size() != 32) return nullptr;
  EVP_PKEY* const key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                                    reinterpret_cast<const unsigned char*>(x->data()), x->size());
  return key == nullptr ? nullptr : PublicKey(key, &EVP_PKEY_free);
}

// A key may say what it is for; one that does not is for anything.
bool ForSignatures(const Value& jwk) {
  const std::string_view use = TextMember(jwk, "use");
  if (!use.empty() && use != "sig") return false;
  const Value* const operations = Member(jwk, "key_ops");
  if (operations == nullptr || !operations->IsArray()) return true;
  return std::any_of(operations->Begin(), operations->End(),
                     [](const Value& operation) { return operation.IsString() && TextOf(operation) == "verify"; });
}

std::optional<VerifyKey> FromJwk(const Value& jwk) {
  if (!jwk.IsObject() || !ForSignatures(jwk)) return std::nullopt;
  const std::string_view type = TextMember(jwk, "kty");
  const std::string_view curve = TextMember(jwk, "crv");
  Algorithm algorithm{};
  PublicKey key;
  if (type == "RSA") {
    algorithm = Algorithm::kRs256;
    key = RsaKey(jwk);
  } else if (type == "EC" && curve == "P-256") {
    algorithm = Algorithm::kEs256;
    key = EcKey(jwk);
  } else if (type == "OKP" && curve == "Ed25519") {
    algorithm = Algorithm::kEdDsa;
    key = EdKey(jwk);
  }
  if (key == nullptr) {
    ERR_clear_error();
    return std::nullopt;
  }
  const std::string_view named = TextMember(jwk, "alg");
  if (!named.empty() && AlgorithmOf(named) != algorithm) return std::nullopt;
  return VerifyKey::Public(algorithm, std::string(TextMember(jwk, "kid")), std::move(key));
}

}  // namespace

absl::StatusOr<KeySet> KeySet::Parse(std::string_view json) {
  rapidjson::Document document;
  const Value* const keys = ParseObject(json, &document) ? Member(document, "keys") : nullptr;
  if (keys == nullptr || !keys->IsArray()) return absl::InvalidArgumentError("is not a JSON Web Key Set");
  if (keys->Size() > kMostKeys) return absl::InvalidArgumentError(base::Concat("holds more than ", kMostKeys, " keys"));
  KeySet set;
  for (const Value& jwk : keys->GetArray()) {
    if (std::optional<VerifyKey> key = FromJwk(jwk); key.has_value()) set.keys_.push_back(*std::move(key));
  }
  if (set.keys_.empty()) return absl::InvalidArgumentError("holds no key for RS256, ES256 or EdDSA");
  return set;
}

bool KeySet::Has(std::string_view id) const {
  return std::any_of(keys_.begin(), keys_.end(), [id](const VerifyKey& key) { return key.id() == id; });
}

}  // namespace vecgate::auth
