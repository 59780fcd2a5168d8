#include "auth/api_keys.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace vecgate::auth {
namespace {

constexpr std::string_view kKind = "sha256";
constexpr size_t kSaltBytes = 16;
constexpr size_t kLeastSaltBytes = 8;
constexpr size_t kMostSaltBytes = 64;

std::array<uint8_t, 32> Digest(std::string_view salt, std::string_view key) {
  std::array<uint8_t, 32> digest{};
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  EVP_DigestUpdate(context, salt.data(), salt.size());
  EVP_DigestUpdate(context, key.data(), key.size());
  EVP_DigestFinal_ex(context, digest.data(), nullptr);
  EVP_MD_CTX_free(context);
  return digest;
}

template <typename Bytes>
std::string Hex(const Bytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) {
    text.push_back(kDigits[static_cast<uint8_t>(byte) >> 4]);
    text.push_back(kDigits[static_cast<uint8_t>(byte) & 15]);
  }
  return text;
}

std::optional<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    uint8_t byte = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (error != std::errc() || end != text.data() + i + 2) return std::nullopt;
    bytes.push_back(static_cast<char>(byte));
  }
  return bytes;
}

}  // namespace

absl::StatusOr<KeyHash> HashKey(std::string_view key) {
  if (key.size() < kShortestKey) {
    return absl::InvalidArgumentError(base::Concat("a key must have at least ", kShortestKey, " characters"));
  }
  if (!std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; })) {
    return absl::InvalidArgumentError("a key must consist of visible ASCII characters");
  }
  KeyHash hash;
  hash.salt.resize(kSaltBytes);
  if (RAND_bytes(reinterpret_cast<unsigned char*>(hash.salt.data()), static_cast<int>(kSaltBytes)) != 1) {
    return absl::InternalError("no random bytes to be had");
  }
  hash.digest = Digest(hash.salt, key);
  return hash;
}

std::string Format(const KeyHash& hash) { return base::Concat(kKind, ":", Hex(hash.salt), ":", Hex(hash.digest)); }

absl::StatusOr<KeyHash> ParseKeyHash(std::string_view text) {
  const std::vector<std::string_view> parts = base::Split(text, ':');
  if (parts.size() == 3 && parts[0] == kKind) {
    std::optional<std::string> salt = FromHex(parts[1]);
    const std::optional<std::string> digest = FromHex(parts[2]);
    KeyHash hash;
    if (salt.has_value() && digest.has_value() && digest->size() == hash.digest.size() &&
        salt->size() >= kLeastSaltBytes && salt->size() <= kMostSaltBytes) {
      hash.salt = *std::move(salt);
      std::copy(digest->begin(), digest->end(), hash.digest.begin());
      return hash;
    }
  }
  return absl::InvalidArgumentError(
      "must be sha256:SALT:DIGEST in hexadecimal, as vecgate --hash-key prints it; the salt of 8 to 64 bytes");
}

CallerPtr ApiKeys::Find(std::string_view key) const {
  const Entry* found = nullptr;
  for (const Entry& entry : keys_) {
    const std::array<uint8_t, 32> digest = Digest(entry.hash.salt, key);
    if (CRYPTO_memcmp(digest.data(), entry.hash.digest.data(), digest.size()) == 0) found = &entry;
  }
  return found == nullptr ? nullptr : found->caller;
}

}  // namespace vecgate::auth
