// From what a request shows to who its caller is.
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/api_keys.h"
#include "auth/caller.h"
#include "auth/key_source.h"
#include "auth/refusal.h"
#include "auth/token_issuer.h"
#include "base/awaitable.h"
#include "base/header.h"
#include "config/auth.h"
#include "runtime/route.h"

namespace vecgate::auth {

// Of a client certificate that TLS has verified.
struct Certificate {
  std::string_view subject;            // RFC 2253
  std::span<const std::string> names;  // subject alternative names with their kind: "DNS:app.example.org"
};

// What came of looking at a request.
struct Identity {
  CallerPtr caller;                // who asks ...
  std::optional<Refusal> refusal;  // ... or why that is not good enough
  // Neither of both yet: tokens of these sources may be signed by newer keys. Ask them, then identify again.
  std::vector<std::shared_ptr<KeySource>> ask;
};

// Several ways to be known may be open at once; the form of the credential decides. Immutable; shared by all threads.
class Authenticator {
 public:
  // Reads key sets from files; fetches nothing before Start. `words` has static storage. Errors begin with the key.
  // Key sets that `before` (may be null) keeps are taken over from it with the keys they have.
  static absl::StatusOr<std::shared_ptr<const Authenticator>> Make(const config::Auth& config,
                                                                   const runtime::AccessSpec& words,
                                                                   base::Executor executor,
                                                                   const Authenticator* before = nullptr);
  Authenticator() = default;
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;

  // Key sets are kept fresh from Start to Stop; those of the one before or after this, too, go on.
  void Start(const Authenticator* before = nullptr) const;
  void Stop(const Authenticator* after = nullptr) const;

  // `certificate` may be null. `asked`: the sources have been asked, so what is unknown now stays so.
  Identity Identify(base::Headers headers, const Certificate* certificate, bool asked,
                    std::chrono::system_clock::time_point now) const;
  // Callers that send nothing are not known either; then the upstream judges everyone.
  bool only_passes_through() const { return only_passes_through_; }
  // Tokens are taken, so a credential that looks like one is worth remembering once it was verified.
  bool takes_tokens() const { return !issuers_.empty(); }

 private:
  struct CertificateRule {
    std::string subject;  // empty: any
    std::string name;     // empty: any
    CallerPtr caller;
  };
  bool Uses(const KeySource& source) const;
  Identity IdentifyToken(const Token& token, bool asked, std::chrono::system_clock::time_point now) const;
  static Identity Refuse(Reason reason, bool forbidden, std::string_view text);

  const runtime::AccessSpec* words_ = nullptr;
  ApiKeys keys_;
  std::vector<TokenIssuer> issuers_;
  std::vector<CertificateRule> certificates_;
  CallerPtr anonymous_;  // null: a caller without a credential is nobody
  CallerPtr passed_on_;  // null: the upstream is not left to judge
  bool only_passes_through_ = false;
};

// The credential of a request: `api-key`, which is judged alone when it is there, or `authorization: Bearer`.
std::optional<std::string_view> CredentialIn(base::Headers headers);

}  // namespace vecgate::auth
