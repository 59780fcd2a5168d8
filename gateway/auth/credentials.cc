#include "auth/credentials.h"

#include <openssl/sha.h>

#include <algorithm>

#include "base/text.h"

namespace vecgate::auth {
namespace {

constexpr std::string_view kCredentialHeaders[] = {"api-key", "authorization"};

bool IsOneOf(std::string_view name, std::span<const std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view one) { return base::EqualsIgnoreCase(name, one); });
}

bool Wanted(std::string_view name, const ForwardRules& rules, const ForwardScope& scope) {
  if (IsOneOf(name, rules.names)) return true;
  if (scope.is_read && IsOneOf(name, rules.read_names)) return true;
  if (scope.from_trusted_proxy && IsOneOf(name, rules.trusted_names)) return true;
  for (const std::string_view suffix : rules.suffixes) {
    if (base::EndsWithIgnoreCase(name, suffix)) return true;
  }
  return false;
}

// gRPC's rules for metadata. Breaking them would stop the process inside the library.
bool LegalName(std::string_view name) {
  if (base::StartsWithIgnoreCase(name, "grpc-") || base::EndsWithIgnoreCase(name, "-bin")) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.';
  });
}
bool LegalValue(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

bool IsCredential(std::string_view name) {
  return std::find(std::begin(kCredentialHeaders), std::end(kCredentialHeaders), name) != std::end(kCredentialHeaders);
}

// The length in front keeps ("ab", "c") and ("a", "bc") apart.
void AppendSized(std::string_view text, std::string* out) {
  const uint64_t size = text.size();
  out->append(reinterpret_cast<const char*>(&size), sizeof(size));
  out->append(text);
}

}  // namespace

base::Metadata ForwardedMetadata(base::Headers headers, const ForwardRules& rules, const ForwardScope& scope) {
  base::Metadata metadata;
  for (const base::Header& header : headers) {
    if (!Wanted(header.name, rules, scope) || !LegalName(header.name) || !LegalValue(header.value)) continue;
    metadata.emplace_back(base::ToLower(header.name), header.value);
  }
  return metadata;
}

void RemoveCredentials(base::Metadata* metadata) {
  std::erase_if(*metadata, [](const auto& field) { return IsCredential(field.first); });
}

Fingerprint FingerprintOf(const base::Metadata& metadata) {
  std::string bytes;
  for (const auto& [name, value] : metadata) {
    if (!IsCredential(name)) continue;
    AppendSized(name, &bytes);
    AppendSized(value, &bytes);
  }
  return FingerprintOfText(bytes);
}

Fingerprint FingerprintOfText(std::string_view credential) {
  Fingerprint fingerprint;
  static_assert(sizeof(fingerprint) == SHA256_DIGEST_LENGTH);
  SHA256(reinterpret_cast<const unsigned char*>(credential.data()), credential.size(), fingerprint.data());
  return fingerprint;
}

}  // namespace vecgate::auth
