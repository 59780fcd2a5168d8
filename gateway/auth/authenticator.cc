#include "auth/authenticator.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/status.h"
#include "base/text.h"

namespace vecgate::auth {
namespace {

using std::chrono::system_clock;

absl::Status At(std::string_view section, size_t index, std::string_view key, const absl::Status& status) {
  return absl::InvalidArgumentError(base::Concat(section, "[", index, "].", key, ": ", base::MessageOf(status)));
}

// "docs:rw"; the configuration has checked the form.
Grant GrantOf(const config::Rights& rights) {
  if (rights.access == "full") return Grant::Full();
  if (rights.access == "read-only") return Grant::ReadOnly();
  Grant::Collections collections;
  for (const std::string_view text : rights.collections) {
    const size_t colon = text.rfind(':');
    const std::string_view right = text.substr(colon + 1);
    collections[std::string(text.substr(0, colon))] =
        right == "rw" ? Right::kWrite : (right == "prw" ? Right::kPoints : Right::kRead);
  }
  return Grant::To(std::move(collections));
}

CallerPtr MakeCaller(std::string name, std::string_view method, Grant grant) {
  auto caller = std::make_shared<Caller>();
  caller->name = std::move(name);
  caller->method = method;
  caller->grant = std::move(grant);
  return caller;
}

// `known`: those of the policy before, which have their keys already.
absl::StatusOr<TokenIssuer> MakeIssuer(const config::AuthTokens& config, base::Executor executor,
                                       std::span<const TokenIssuer> known) {
  ClaimRules rules;
  rules.issuer = config.issuer;
  rules.audience = config.audience;
  rules.access_claim = config.access_claim;
  rules.leeway = std::chrono::duration_cast<std::chrono::seconds>(config.leeway);
  const bool trusted = config.without_access == "auto" && !config.secret.empty();
  if (config.without_access == "full" || trusted) rules.without_access.emplace(Grant::Full());
  if (config.without_access == "read-only") rules.without_access.emplace(Grant::ReadOnly());
  if (!config.secret.empty()) return TokenIssuer(VerifyKey::Shared(config.secret.value()), std::move(rules));
  rules.needs_expiry = true;
  KeySource::Settings settings;
  settings.name = config.name;
  settings.location = config.keys;
  settings.issuer = config.issuer;
  settings.ca = config.ca;
  settings.refresh = config.refresh;
  for (const TokenIssuer& issuer : known) {
    if (issuer.keys() != nullptr && issuer.keys()->settings() == settings) {
      return TokenIssuer(issuer.keys(), std::move(rules));
    }
  }
  auto source = KeySource::Open(std::move(settings), executor);
  if (!source.ok()) return source.status();
  return TokenIssuer(*std::move(source), std::move(rules));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Authenticator>> Authenticator::Make(const config::Auth& config,
                                                                         const runtime::AccessSpec& words,
                                                                         base::Executor executor,
                                                                         const Authenticator* before) {
  const std::span<const TokenIssuer> known =
      before == nullptr ? std::span<const TokenIssuer>() : std::span<const TokenIssuer>(before->issuers_);
  auto made = std::make_shared<Authenticator>();
  made->words_ = &words;
  for (size_t i = 0; i < config.keys.size(); ++i) {
    const config::AuthKey& key = config.keys[i];
    absl::StatusOr<KeyHash> hash = key.hash.empty() ? HashKey(key.key.value()) : ParseKeyHash(key.hash);
    if (!hash.ok()) return At("auth.keys", i, key.hash.empty() ? "key" : "hash", hash.status());
    made->keys_.Add(*std::move(hash), MakeCaller(key.name, "key", GrantOf(key.rights)));
  }
  for (size_t i = 0; i < config.tokens.size(); ++i) {
    absl::StatusOr<TokenIssuer> issuer = MakeIssuer(config.tokens[i], executor, known);
    if (!issuer.ok()) return At("auth.tokens", i, config.tokens[i].keys.empty() ? "issuer" : "keys", issuer.status());
    made->issuers_.push_back(*std::move(issuer));
  }
  for (const config::AuthCertificate& certificate : config.certificates) {
    made->certificates_.push_back({certificate.subject, certificate.alternative_name,
                                   MakeCaller(certificate.name, "certificate", GrantOf(certificate.rights))});
  }
  if (config.anonymous == "full") made->anonymous_ = MakeCaller("", "anonymous", Grant::Full());
  if (config.anonymous == "read-only") made->anonymous_ = MakeCaller("", "anonymous", Grant::ReadOnly());
  if (config.PassesThrough()) {
    auto unknown = std::make_shared<Caller>();
    unknown->method = "passthrough";
    unknown->known = false;
    made->passed_on_ = std::move(unknown);
  }
  made->only_passes_through_ = made->passed_on_ != nullptr && made->keys_.empty() && made->issuers_.empty() &&
                               made->certificates_.empty() && made->anonymous_ == nullptr;
  return std::shared_ptr<const Authenticator>(std::move(made));
}

bool Authenticator::Uses(const KeySource& source) const {
  return std::any_of(issuers_.begin(), issuers_.end(),
                     [&source](const TokenIssuer& issuer) { return issuer.keys().get() == &source; });
}

void Authenticator::Start(const Authenticator* before) const {
  for (const TokenIssuer& issuer : issuers_) {
    if (issuer.keys() != nullptr && (before == nullptr || !before->Uses(*issuer.keys()))) issuer.keys()->Start();
  }
}

void Authenticator::Stop(const Authenticator* after) const {
  for (const TokenIssuer& issuer : issuers_) {
    if (issuer.keys() != nullptr && (after == nullptr || !after->Uses(*issuer.keys()))) issuer.keys()->Stop();
  }
}

Identity Authenticator::Refuse(Reason reason, bool forbidden, std::string_view text) {
  Identity identity;
  identity.refusal = Refusal{reason, forbidden, std::string(text)};
  return identity;
}

Identity Authenticator::Identify(base::Headers headers, const Certificate* certificate, bool asked,
                                 system_clock::time_point now) const {
  if (only_passes_through_) return {passed_on_, std::nullopt, {}};
  const std::optional<std::string_view> credential = CredentialIn(headers);
  if (!credential.has_value()) {
    if (certificate != nullptr) {
      for (const CertificateRule& rule : certificates_) {
        const bool subject = rule.subject.empty() || rule.subject == certificate->subject;
        const bool name = rule.name.empty() || std::find(certificate->names.begin(), certificate->names.end(),
                                                         rule.name) != certificate->names.end();
        if (subject && name) return {rule.caller, std::nullopt, {}};
      }
    }
    if (anonymous_ != nullptr) return {anonymous_, std::nullopt, {}};
    if (passed_on_ != nullptr) return {passed_on_, std::nullopt, {}};
    return Refuse(Reason::kNoCredential, false, words_->no_credential);
  }
  if (CallerPtr caller = keys_.Find(*credential); caller != nullptr) return {std::move(caller), std::nullopt, {}};
  if (!issuers_.empty()) {
    if (const std::optional<Token> token = ParseToken(*credential); token.has_value()) {
      return IdentifyToken(*token, asked, now);
    }
  }
  if (passed_on_ != nullptr) return {passed_on_, std::nullopt, {}};
  return Refuse(Reason::kUnknownKey, false, words_->bad_credential);
}

// The first issuer that accepts a token wins; if none does, the one that has signed it tells why, else the first.
Identity Authenticator::IdentifyToken(const Token& token, bool asked, system_clock::time_point now) const {
  using Standing = Judgement::Standing;
  Refusal told;
  bool refused = false;
  Identity unknown;
  for (const TokenIssuer& issuer : issuers_) {
    Judgement judgement = issuer.Judge(token, *words_, now);
    switch (judgement.standing) {
      case Standing::kAccepted:
        return {std::move(judgement.caller), std::nullopt, {}};
      case Standing::kRefused:
        if (!refused || told.reason == Reason::kBadSignature) told = std::move(judgement.refusal);
        refused = true;
        break;
      case Standing::kKeyUnknown:
        unknown.ask.push_back(issuer.keys());
        break;
      case Standing::kForeign:
        break;
    }
  }
  if (!asked && !unknown.ask.empty()) return unknown;
  if (!refused) {
    told.reason = token.algorithm.has_value() ? Reason::kUnknownSigner : Reason::kAlgorithm;
    told.text = std::string(words_->bad_credential);
  }
  // A token that nobody here has signed may be the upstream's own.
  const bool foreign = !refused || told.reason == Reason::kBadSignature;
  if (foreign && passed_on_ != nullptr) return {passed_on_, std::nullopt, {}};
  return Refuse(told.reason, told.forbidden, told.text);
}

std::optional<std::string_view> CredentialIn(base::Headers headers) {
  constexpr std::string_view kBearer = "Bearer ";
  for (const base::Header& header : headers) {
    if (base::EqualsIgnoreCase(header.name, "api-key")) return header.value;
  }
  for (const base::Header& header : headers) {
    if (!base::EqualsIgnoreCase(header.name, "authorization")) continue;
    if (!header.value.starts_with(kBearer)) return std::nullopt;
    return header.value.substr(kBearer.size());
  }
  return std::nullopt;
}

}  // namespace vecgate::auth
