#include "auth/authenticator.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <fstream>
#include <string>

#include "base/text.h"
#include "support/auth_tokens.h"

namespace vecgate::auth {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

const system_clock::time_point kNow{seconds(1'700'000'000)};
using test::kEdToken, test::kEsToken, test::kHsByPublicKey, test::kHsExpired, test::kHsManage, test::kHsOtherSecret,
    test::kJwks, test::kRsNamedEs, test::kRsToken, test::kRsUnknownKey, test::kRsWithoutExpiry, test::kTokenSecret;

runtime::AccessSpec Words() {
  runtime::AccessSpec words{};
  words.no_credential = "no credential";
  words.bad_credential = "bad credential";
  words.bad_signature = "bad signature";
  words.expired = "expired";
  return words;
}

class AuthenticatorTest : public testing::Test {
 protected:
  ~AuthenticatorTest() override { std::remove(key_file_.c_str()); }

  void Make() {
    auto made = Authenticator::Make(config_, words_, io_.get_executor());
    ASSERT_TRUE(made.ok()) << made.status();
    authenticator_ = *made;
  }
  // "method name", or "reason: text".
  std::string Told(std::initializer_list<base::Header> headers, const Certificate* certificate = nullptr,
                   bool asked = true, system_clock::time_point now = kNow) {
    const Identity identity =
        authenticator_->Identify(base::Headers(headers.begin(), headers.size()), certificate, asked, now);
    if (!identity.ask.empty()) return "ask";
    if (identity.refusal.has_value()) {
      return base::Concat(identity.refusal->forbidden ? "403 " : "401 ",
                          kReasonNames[static_cast<size_t>(identity.refusal->reason)], ": ", identity.refusal->text);
    }
    return base::Concat(identity.caller->method, " ", identity.caller->name);
  }
  std::string Key(std::string_view key) { return Told({{"api-key", key}}); }

  config::AuthKey AKey(std::string name, std::string_view key) {
    config::AuthKey made;
    made.name = std::move(name);
    made.key = *config::Secret::From(key);
    made.rights.access = "full";
    return made;
  }
  config::AuthTokens Shared(std::string_view secret) {
    config::AuthTokens tokens;
    tokens.name = "shared";
    tokens.secret = *config::Secret::From(secret);
    return tokens;
  }
  config::AuthTokens Keys(std::string_view json) {
    std::ofstream(key_file_) << json;
    config::AuthTokens tokens;
    tokens.name = "keys";
    tokens.keys = key_file_;
    tokens.without_access = "read-only";
    return tokens;
  }

  boost::asio::io_context io_;
  const runtime::AccessSpec words_ = Words();
  const std::string key_file_ = testing::TempDir() + "authenticator_test_" + std::to_string(getpid());
  config::Auth config_;
  std::shared_ptr<const Authenticator> authenticator_;
};

TEST_F(AuthenticatorTest, ByDefaultEveryoneIsPassedOn) {
  Make();
  EXPECT_TRUE(authenticator_->only_passes_through());
  EXPECT_EQ(Told({}), "passthrough ");
  EXPECT_EQ(Key("anything"), "passthrough ");
}

TEST_F(AuthenticatorTest, KeysComeInEitherHeader) {
  config_.keys = {AKey("one", "key-number-one-x"), AKey("two", "key-number-two-x")};
  Make();
  EXPECT_EQ(Key("key-number-one-x"), "key one");
  EXPECT_EQ(Told({{"Authorization", "Bearer key-number-two-x"}}), "key two");
  EXPECT_EQ(Told({}), "401 no_credential: no credential");
  EXPECT_EQ(Key(""), "401 unknown_key: bad credential");
  EXPECT_EQ(Key("key-number-one"), "401 unknown_key: bad credential");
  EXPECT_EQ(Told({{"authorization", "bearer key-number-two-x"}}), "401 no_credential: no credential");
  EXPECT_EQ(Told({{"authorization", "key-number-two-x"}}), "401 no_credential: no credential");
  // api-key is judged alone when it is there.
  EXPECT_EQ(Told({{"authorization", "Bearer key-number-two-x"}, {"api-key", "nope"}}),
            "401 unknown_key: bad credential");
  EXPECT_EQ(Told({{"authorization", "Bearer nope"}, {"api-key", "key-number-one-x"}}), "key one");
}

TEST_F(AuthenticatorTest, UnknownKeysMayBePassedOnBesideKnownOnes) {
  config_.keys = {AKey("one", "key-number-one-x")};
  config_.passthrough = "always";
  Make();
  EXPECT_EQ(Key("key-number-one-x"), "key one");
  EXPECT_EQ(Key("another"), "passthrough ");
  EXPECT_EQ(Told({}), "passthrough ");
}

TEST_F(AuthenticatorTest, NobodyMayBeSomebody) {
  config_.anonymous = "read-only";
  Make();
  EXPECT_EQ(Told({}), "anonymous ");
  EXPECT_EQ(Key("wrong"), "401 unknown_key: bad credential");
}

TEST_F(AuthenticatorTest, CertificatesAreForCallersWithoutACredential) {
  config::AuthCertificate by_subject;
  by_subject.name = "batch";
  by_subject.subject = "CN=batch,O=Example";
  by_subject.rights.access = "full";
  config::AuthCertificate by_name;
  by_name.name = "app";
  by_name.alternative_name = "URI:spiffe://example/app";
  by_name.rights.access = "read-only";
  config_.certificates = {by_subject, by_name};
  config_.keys = {AKey("one", "key-number-one-x")};
  Make();
  const std::string names[] = {"DNS:app.example.org", "URI:spiffe://example/app"};
  const Certificate batch{"CN=batch,O=Example", {}};
  const Certificate app{"CN=app", names};
  const Certificate stranger{"CN=batch", {}};
  EXPECT_EQ(Told({}, &batch), "certificate batch");
  EXPECT_EQ(Told({}, &app), "certificate app");
  EXPECT_EQ(Told({}, &stranger), "401 no_credential: no credential");
  EXPECT_EQ(Told({{"api-key", "key-number-one-x"}}, &batch), "key one");
  EXPECT_EQ(Told({{"api-key", "nope"}}, &batch), "401 unknown_key: bad credential");
}

TEST_F(AuthenticatorTest, SharedSecrets) {
  config_.tokens = {Shared(kTokenSecret)};
  Make();
  EXPECT_EQ(Key(kHsManage), "token reader");
  EXPECT_EQ(Told({{"authorization", base::Concat("Bearer ", kHsManage)}}), "token reader");
  EXPECT_EQ(Key(kHsOtherSecret), "403 bad_signature: bad signature");
  EXPECT_EQ(Key(kHsExpired), "403 expired: expired");
  EXPECT_EQ(Key(kRsToken), "401 unknown_signer: bad credential");
  EXPECT_EQ(Key("eyJhbGciOiJub25lIn0.e30."), "401 algorithm: bad credential");
  EXPECT_EQ(Key("no.token.atall"), "401 unknown_key: bad credential");
}

TEST_F(AuthenticatorTest, SeveralSecretsForRotation) {
  config_.tokens = {Shared("another-secret-that-is-retired-now"), Shared(kTokenSecret)};
  Make();
  EXPECT_EQ(Key(kHsManage), "token reader");
}

TEST_F(AuthenticatorTest, KeySets) {
  config_.tokens = {Keys(kJwks)};
  Make();
  EXPECT_EQ(Key(kRsToken), "token rs");
  EXPECT_EQ(Key(kEsToken), "token es");
  EXPECT_EQ(Key(kEdToken), "token ed");
  EXPECT_EQ(Key(kHsManage), "401 unknown_signer: bad credential") << "a shared secret is not among the keys";
  EXPECT_EQ(Key(kRsUnknownKey), "401 unknown_signer: bad credential");
  EXPECT_EQ(Told({{"api-key", kRsUnknownKey}}, nullptr, false), "ask");
  EXPECT_EQ(Key(kRsNamedEs), "401 algorithm: bad credential") << "the key's name is that of another kind of key";
  EXPECT_EQ(Told({{"api-key", kRsToken}}, nullptr, true, kNow + std::chrono::hours(24 * 365 * 200)),
            "403 expired: expired");
  EXPECT_EQ(Key(kRsWithoutExpiry), "401 bad_claims: bad credential");
}

// A public key taken for a secret: what it signs must be nobody's.
TEST_F(AuthenticatorTest, PublicKeysAreNoSecrets) {
  config_.tokens = {Keys(kJwks)};
  Make();
  EXPECT_EQ(Key(kHsByPublicKey), "401 unknown_signer: bad credential");
  config_.tokens.push_back(Shared(kTokenSecret));
  Make();
  EXPECT_EQ(Key(kHsByPublicKey), "403 bad_signature: bad signature");
  EXPECT_EQ(Key(kHsManage), "token reader");
  EXPECT_EQ(Key(kRsToken), "token rs");
}

TEST_F(AuthenticatorTest, TokensOfTheUpstreamMayBePassedOn) {
  config_.tokens = {Shared(kTokenSecret)};
  config_.passthrough = "always";
  Make();
  EXPECT_EQ(Key(kHsManage), "token reader");
  EXPECT_EQ(Key(kHsOtherSecret), "passthrough ");
  EXPECT_EQ(Key(kRsToken), "passthrough ");
  EXPECT_EQ(Key(kHsExpired), "403 expired: expired");
}

// Both secrets are tried while one is replaced by the other.
TEST_F(AuthenticatorTest, WhoHasSignedATokenTellsWhatIsWrongWithIt) {
  config_.tokens = {Shared("another-secret"), Shared(kTokenSecret)};
  Make();
  EXPECT_EQ(Key(kHsManage), "token reader");
  EXPECT_EQ(Key(kHsExpired), "403 expired: expired");
  EXPECT_EQ(Key(kHsOtherSecret), "403 bad_signature: bad signature");
  config_.tokens = {Shared(kTokenSecret), Shared("another-secret")};
  Make();
  EXPECT_EQ(Key(kHsExpired), "403 expired: expired");
}

TEST_F(AuthenticatorTest, FaultsNameTheirKey) {
  config_.keys = {AKey("one", "short")};
  const auto short_key = Authenticator::Make(config_, words_, io_.get_executor());
  EXPECT_EQ(std::string(short_key.status().message()), "auth.keys[0].key: a key must have at least 16 characters");
  config_.keys.clear();
  config_.tokens = {Keys("{}")};
  const auto no_set = Authenticator::Make(config_, words_, io_.get_executor());
  EXPECT_EQ(std::string(no_set.status().message()),
            base::Concat("auth.tokens[0].keys: ", key_file_, " is not a JSON Web Key Set"));
}

}  // namespace
}  // namespace vecgate::auth
