// The keys of `auth`, and what makes sense of them together.
#include "config/auth_settings.h"

#include <algorithm>
#include <set>

#include "base/url.h"
#include "config/rows.h"

namespace vecgate::config {
namespace {

constexpr std::string_view kRights = "full,read-only,collections";

namespace key_table {
using Owner = AuthKey;
const Setting kSettings[] = {
    VECGATE_TEXT("name", "name of the caller in logs and limits", name),
    VECGATE_TEXT("hash", "sha256:SALT:DIGEST, as vecgate --hash-key prints it; instead of key", hash),
    VECGATE_SECRET("key", "the key itself, best as env:NAME or file:PATH; at least 16 characters", key),
    VECGATE_CHOICE("access", "", "what the caller may do", rights.access, kRights),
    VECGATE_WORDS("collections", "with access collections: NAME:r, NAME:rw, or NAME:prw for points only",
                  rights.collections),
};
}  // namespace key_table

namespace tokens_table {
using Owner = AuthTokens;
const Setting kSettings[] = {
    VECGATE_TEXT("name", "name of the issuer in logs", name),
    VECGATE_SECRET("secret", "tokens by HS256: the secret, best as env:NAME or file:PATH", secret),
    VECGATE_TEXT("keys", "tokens by RS256, ES256, EdDSA: file or URL of a JSON Web Key Set", keys),
    VECGATE_TEXT("issuer", "what iss must be; without keys also the URL that is asked for them", issuer),
    VECGATE_TEXT("audience", "what aud must be or hold", audience),
    VECGATE_TEXT("access_claim", "claim with the access: r, m, or a list of collections", access_claim),
    VECGATE_CHOICE("without_access", "", "what a token without that claim gives", without_access,
                   "auto,full,read-only,none"),
    VECGATE_FILE("ca", "PEM file of authorities for https; empty means the system's", ca),
    VECGATE_DURATION_OR_0("leeway", "by how much clocks may differ", leeway),
    VECGATE_DURATION("refresh", "between two looks at a URL for newer keys", refresh),
};
}  // namespace tokens_table

namespace certificate_table {
using Owner = AuthCertificate;
const Setting kSettings[] = {
    VECGATE_TEXT("name", "name of the caller in logs and limits", name),
    VECGATE_TEXT("subject", "subject of the client certificate, as CN=reader,O=Example", subject),
    VECGATE_TEXT("alternative_name", "one of its alternative names, as DNS:app.example.org or URI:spiffe://x/y",
                 alternative_name),
    VECGATE_CHOICE("access", "", "what the caller may do", rights.access, kRights),
    VECGATE_WORDS("collections", "with access collections: NAME:r, NAME:rw, or NAME:prw for points only",
                  rights.collections),
};
}  // namespace certificate_table

bool IsUrl(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

absl::Status CheckRights(const Rights& rights) {
  if (rights.access.empty()) return absl::InvalidArgumentError("access: must be given");
  if ((rights.access == "collections") == rights.collections.empty()) {
    return absl::InvalidArgumentError("collections: must be given with access collections, and only then");
  }
  std::set<std::string_view> names;
  for (const std::string_view text : rights.collections) {
    const size_t colon = text.rfind(':');
    const std::string_view right = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    if (colon == 0 || (right != "r" && right != "rw" && right != "prw")) {
      return absl::InvalidArgumentError("collections: must be NAME:r, NAME:rw or NAME:prw");
    }
    if (!names.insert(text.substr(0, colon)).second) {
      return absl::InvalidArgumentError("collections: must not name a collection twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckName(const std::string& name) {
  return name.empty() ? absl::InvalidArgumentError("name: must be given") : absl::OkStatus();
}

}  // namespace

bool Auth::PassesThrough() const {
  if (passthrough != "auto") return passthrough == "always";
  return keys.empty() && tokens.empty() && certificates.empty() && anonymous == "none";
}

std::span<const Setting> AuthKeySettings() { return key_table::kSettings; }
std::span<const Setting> AuthTokensSettings() { return tokens_table::kSettings; }
std::span<const Setting> AuthCertificateSettings() { return certificate_table::kSettings; }

absl::Status CheckAuthKey(const AuthKey& key) {
  if (absl::Status status = CheckName(key.name); !status.ok()) return status;
  if (key.hash.empty() == key.key.empty()) return absl::InvalidArgumentError("key: either this or hash must be given");
  return CheckRights(key.rights);
}

absl::Status CheckAuthTokens(const AuthTokens& tokens) {
  if (absl::Status status = CheckName(tokens.name); !status.ok()) return status;
  if (tokens.access_claim.empty()) return absl::InvalidArgumentError("access_claim: must not be empty");
  if (!tokens.secret.empty()) {
    if (!tokens.keys.empty()) return absl::InvalidArgumentError("keys: must not be given with secret");
    return absl::OkStatus();
  }
  if (tokens.keys.empty() && tokens.issuer.empty()) {
    return absl::InvalidArgumentError("secret: either this, keys or issuer must be given");
  }
  const std::string& url = tokens.keys.empty() ? tokens.issuer : tokens.keys;
  if ((tokens.keys.empty() || IsUrl(url)) && !base::ParseUrl(url).ok()) {
    return absl::InvalidArgumentError(tokens.keys.empty() ? "issuer: must be a URL unless keys are given"
                                                          : "keys: must be a file or a URL");
  }
  return absl::OkStatus();
}

absl::Status CheckAuthCertificate(const AuthCertificate& certificate) {
  if (absl::Status status = CheckName(certificate.name); !status.ok()) return status;
  if (certificate.subject.empty() && certificate.alternative_name.empty()) {
    return absl::InvalidArgumentError("subject: either this or alternative_name must be given");
  }
  return CheckRights(certificate.rights);
}

absl::Status CheckAuth(const Config& config) {
  if (!config.auth.PassesThrough() && config.auth.keys.empty() && config.auth.tokens.empty() &&
      config.auth.certificates.empty() && config.auth.anonymous == "none") {
    return absl::InvalidArgumentError("auth.passthrough: never, without keys, tokens or certificates, lets nobody in");
  }
  return absl::OkStatus();
}

}  // namespace vecgate::config
