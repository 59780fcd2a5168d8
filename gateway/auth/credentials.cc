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
  if (IsOneOf(name, rules.trusted_names)) return scope.from_trusted_proxy;
  if (IsOneOf(name, rules.names)) return true;
  if (scope.is_read && IsOneOf(name, rules.read_names)) return true;
  for (const std::string_view prefix : rules.prefixes) {
    if (base::StartsWithIgnoreCase(name, prefix)) return true;
  }
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

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = base::ToLower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The value of a query parameter. A broken escape stands for itself.
std::string FormDecoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
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

void AddParamCredential(std::string_view query, std::string_view param, std::string_view scheme,
                        base::Metadata* metadata) {
  if (std::any_of(metadata->begin(), metadata->end(), [](const auto& field) { return field.first == "authorization"; }))
    return;
  for (const std::string_view part : base::Split(query, '&')) {
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos || part.substr(0, equals) != param) continue;
    const std::string value = FormDecoded(part.substr(equals + 1));
    if (!value.empty() && LegalValue(value)) metadata->emplace_back("authorization", base::Concat(scheme, value));
    return;
  }
}

bool IsAnonymous(const base::Metadata& metadata, std::string_view scheme) {
  return std::none_of(metadata.begin(), metadata.end(), [&](const auto& field) {
    return field.first == "authorization" && field.second.starts_with(scheme);
  });
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
