// Tokens and keys of the standards' own appendices.
#include <gtest/gtest.h>

#include <string>

#include "auth/base64url.h"
#include "auth/key_set.h"
#include "auth/token.h"
#include "base/text.h"

namespace vecgate::auth {
namespace {

constexpr std::string_view kClaims =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

struct Signed {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string Text() const { return base::Concat(header, ".", claims, ".", signature); }
};

// RFC 7515 A.1.
constexpr Signed kHs256 = {"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", kClaims,
                           "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"};
constexpr std::string_view kSecret =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
// RFC 7515 A.2.
constexpr Signed kRs256 = {
    "eyJhbGciOiJSUzI1NiJ9", kClaims,
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1"
    "dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzD"
    "wusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe7"
    "7Rw"};
constexpr std::string_view kRsaKey =
    R"({"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPM)"
    R"(EzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9)"
    R"(e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2eth)"
    R"(FkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ")";
// RFC 7515 A.3.
constexpr Signed kEs256 = {"eyJhbGciOiJFUzI1NiJ9", kClaims,
                           "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"};
constexpr std::string_view kEcKey = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                                    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";
// RFC 8037 A.4.
constexpr Signed kEdDsa = {"eyJhbGciOiJFZERTQSJ9", "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
                           "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"};
constexpr std::string_view kEdKey = R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")";

// `key` without its closing brace, `more` members behind it.
absl::StatusOr<KeySet> SetOf(std::string_view key, std::string_view more = "") {
  return KeySet::Parse(base::Concat(R"({"keys":[)", key, more, "}]}"));
}

bool Verifies(const VerifyKey& key, const Signed& token) {
  const std::string text = token.Text();
  const std::optional<Token> parsed = ParseToken(text);
  return parsed.has_value() && parsed->algorithm == key.algorithm() &&
         key.Verify(parsed->signed_text, parsed->signature);
}

TEST(TokenTest, TheStandardsOwnTokensVerify) {
  EXPECT_TRUE(Verifies(VerifyKey::Shared(*DecodeBase64Url(kSecret)), kHs256));
  EXPECT_TRUE(Verifies(SetOf(kRsaKey)->keys()[0], kRs256));
  EXPECT_TRUE(Verifies(SetOf(kEcKey)->keys()[0], kEs256));
  EXPECT_TRUE(Verifies(SetOf(kEdKey)->keys()[0], kEdDsa));
  EXPECT_EQ(ParseToken(kHs256.Text())->claims,
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

TEST(TokenTest, EveryChangeIsNoticed) {
  struct Case {
    VerifyKey key;
    Signed token;
  };
  const Case cases[] = {{VerifyKey::Shared(*DecodeBase64Url(kSecret)), kHs256},
                        {SetOf(kRsaKey)->keys()[0], kRs256},
                        {SetOf(kEcKey)->keys()[0], kEs256},
                        {SetOf(kEdKey)->keys()[0], kEdDsa}};
  for (const Case& test : cases) {
    const std::string text = test.token.Text();
    for (size_t i = 0; i < text.size(); ++i) {
      std::string changed = text;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      if (changed == text) continue;
      const std::optional<Token> parsed = ParseToken(changed);
      const bool valid = parsed.has_value() && parsed->algorithm == test.key.algorithm() &&
                         test.key.Verify(parsed->signed_text, parsed->signature);
      EXPECT_FALSE(valid) << i << " of " << text;
    }
    const std::optional<Token> parsed = ParseToken(text);
    EXPECT_FALSE(test.key.Verify(parsed->signed_text, ""));
    EXPECT_FALSE(test.key.Verify(parsed->signed_text, parsed->signature.substr(1)));
    EXPECT_FALSE(test.key.Verify(parsed->signed_text, parsed->signature + "x"));
    EXPECT_FALSE(test.key.Verify("", parsed->signature));
  }
}

// A signature of zeros was valid for anything in a well-known library.
TEST(TokenTest, AnEcdsaSignatureOfZerosIsNone) {
  const KeySet set = *SetOf(kEcKey);
  EXPECT_FALSE(set.keys()[0].Verify("text", std::string(64, '\0')));
}

TEST(TokenTest, KeysDoNotTakeOtherAlgorithms) {
  const VerifyKey rsa = SetOf(kRsaKey)->keys()[0];
  EXPECT_EQ(rsa.algorithm(), Algorithm::kRs256);
  // {"alg":"none"} and {"alg":"HS512"}
  EXPECT_EQ(ParseToken("eyJhbGciOiJub25lIn0.e30.")->algorithm, std::nullopt);
  EXPECT_EQ(ParseToken("eyJhbGciOiJIUzUxMiJ9.e30.AA")->algorithm, std::nullopt);
}

TEST(TokenTest, OnlyTheCompactFormIsAToken) {
  const std::string good = kHs256.Text();
  EXPECT_TRUE(ParseToken(good).has_value());
  for (const std::string& text :
       {std::string(), std::string("key"), std::string("a.b.c"), std::string("e30.e30.AA"),  // no alg
        base::Concat(good, "."), base::Concat(good, "="), base::Concat(" ", good), base::Concat(good, ".AA"),
        std::string("W10.e30.AA"),                                 // []
        std::string("eyJhbGciOjF9.e30.AA"),                        // {"alg":1}
        std::string("eyJhbGciOiJIUzI1NiIsImNyaXQiOltdfQ.e30.AA"),  // {"alg":"HS256","crit":[]}
        std::string(20'000, 'A'), base::Concat(good, std::string(17'000, 'A'))}) {
    EXPECT_FALSE(ParseToken(text).has_value()) << text.substr(0, 80);
  }
}

TEST(TokenTest, DeepJsonIsNoTrouble) {
  // {"alg":[[[[...
  std::string deep = "{\"alg\":";
  deep.append(8'000, '[');
  std::string encoded;
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (size_t i = 0; i + 3 <= deep.size(); i += 3) {
    const uint32_t bits = static_cast<uint32_t>(deep[i]) << 16 | static_cast<uint32_t>(deep[i + 1]) << 8 |
                          static_cast<uint32_t>(deep[i + 2]);
    for (int shift = 18; shift >= 0; shift -= 6) encoded.push_back(kAlphabet[bits >> shift & 63]);
  }
  EXPECT_FALSE(ParseToken(base::Concat(encoded, ".e30.AA")).has_value());
}

TEST(KeySetTest, LeavesOutKeysThatAreOfNoUse) {
  const auto count = [](std::string_view key, std::string_view more) {
    const absl::StatusOr<KeySet> set = SetOf(key, more);
    return set.ok() ? set->keys().size() : 0;
  };
  EXPECT_EQ(count(kRsaKey, R"(,"use":"sig","alg":"RS256","key_ops":["verify"])"), 1u);
  EXPECT_EQ(count(kRsaKey, R"(,"use":"enc")"), 0u);
  EXPECT_EQ(count(kRsaKey, R"(,"alg":"RS512")"), 0u);
  EXPECT_EQ(count(kRsaKey, R"(,"alg":"HS256")"), 0u);
  EXPECT_EQ(count(kRsaKey, R"(,"key_ops":["encrypt"])"), 0u);
  EXPECT_EQ(count(R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ")", ""), 0u);
  EXPECT_EQ(
      count(R"({"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp")", ""),
      0u)
      << "384 bits";
  // Not on the curve.
  EXPECT_EQ(count(R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                  R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1")",
                  ""),
            0u);
  EXPECT_EQ(count(R"({"kty":"EC","crv":"secp256k1","x":"AA","y":"AA")", ""), 0u);
}

TEST(KeySetTest, KnowsItsKeysByName) {
  const KeySet set = *KeySet::Parse(base::Concat(R"({"keys":[{"kty":"oct","kid":"x"},)", kRsaKey, R"(,"kid":"a"},)",
                                                 kEcKey, R"(,"kid":"b"},)", kEdKey, "}]}"));
  ASSERT_EQ(set.keys().size(), 3u);
  EXPECT_TRUE(set.Has("a"));
  EXPECT_TRUE(set.Has("b"));
  EXPECT_FALSE(set.Has("x"));
  EXPECT_EQ(set.keys()[2].id(), "");
}

TEST(KeySetTest, RefusesWhatIsNoSet) {
  for (const std::string_view text :
       {"", "[]", "{}", R"({"keys":1})", R"({"keys":[]})", R"({"keys":[1]})", "{\"keys\":["}) {
    EXPECT_FALSE(KeySet::Parse(text).ok()) << text;
  }
  std::string many = R"({"keys":[)";
  for (int i = 0; i < 65; ++i) base::Append(&many, i == 0 ? "" : ",", kEdKey, "}");
  EXPECT_FALSE(KeySet::Parse(many + "]}").ok());
}

}  // namespace
}  // namespace vecgate::auth
