#include <gtest/gtest.h>

#include "auth/claims.h"

namespace vecgate::auth {
namespace {

using runtime::Access;
using std::chrono::seconds;
using std::chrono::system_clock;

const system_clock::time_point kNow{seconds(1'700'000'000)};

runtime::AccessSpec Words() {
  runtime::AccessSpec words{};
  words.bad_credential = "bad";
  words.bad_signature = "ill-typed";
  words.expired = "expired";
  words.payload_restriction = "payload {index}";
  words.twice = "twice {index}";
  return words;
}

ClaimsOutcome Read(std::string_view claims, ClaimRules rules = {}) { return ReadClaims(claims, rules, Words(), kNow); }

// "full", "read-only", "some", or why not.
std::string Told(std::string_view claims, const ClaimRules& rules = {}) {
  const ClaimsOutcome outcome = Read(claims, rules);
  if (outcome.caller == nullptr) {
    return std::string(kReasonNames[static_cast<size_t>(outcome.refusal.reason)]) + ": " + outcome.refusal.text;
  }
  const Grant& grant = outcome.caller->grant;
  return grant.full() ? "full" : (grant.limited() ? "some" : "read-only");
}

TEST(ClaimsTest, AccessIsWhatTheClaimSays) {
  EXPECT_EQ(Told(R"({"access":"m"})"), "full");
  EXPECT_EQ(Told(R"({"access":"r"})"), "read-only");
  EXPECT_EQ(Told(R"({"access":[]})"), "some");
  const ClaimsOutcome some = Read(
      R"({"access":[{"collection":"a","access":"r"},{"collection":"b","access":"rw"},{"collection":"c","access":"prw"}]})");
  ASSERT_NE(some.caller, nullptr);
  const auto may = [&some](Access access, std::string_view collection, bool beside_points) {
    Wanted wanted;
    wanted.access = access;
    wanted.collection = collection;
    wanted.beside_points = beside_points;
    return !some.caller->grant.Refuse(wanted, Words()).has_value();
  };
  EXPECT_TRUE(may(Access::kRead, "a", true));
  EXPECT_FALSE(may(Access::kWrite, "a", false));
  EXPECT_TRUE(may(Access::kWrite, "b", true));
  EXPECT_TRUE(may(Access::kWrite, "c", false));
  EXPECT_FALSE(may(Access::kWrite, "c", true));
  EXPECT_FALSE(may(Access::kRead, "d", false));
}

TEST(ClaimsTest, AnotherClaimMayHoldTheAccess) {
  ClaimRules rules;
  rules.access_claim = "https://example.org/vecgate";
  EXPECT_EQ(Told(R"({"https://example.org/vecgate":"r","access":"m"})", rules), "read-only");
  EXPECT_EQ(Told(R"({"access":"m"})", rules), "bad_claims: bad");
  rules.without_access.emplace(Grant::ReadOnly());
  EXPECT_EQ(Told(R"({"access":"m"})", rules), "read-only");
}

TEST(ClaimsTest, AccessThatMakesNoSenseIsNone) {
  for (const std::string_view access :
       {R"("rw")", R"("")", "1", "null", "{}", "true", R"(["a"])", R"([{"collection":"a"}])", R"([{"access":"r"}])",
        R"([{"collection":"a","access":"m"}])", R"([{"collection":1,"access":"r"}])",
        R"([{"collection":"a","access":1}])"}) {
    EXPECT_EQ(Told(std::string(R"({"access":)") + std::string(access) + "}"), "bad_claims: ill-typed") << access;
  }
  for (const std::string_view claims : {"", "[]", "1", R"({"access":"r"} x)", "{\"access\":\"\xff\"}"}) {
    EXPECT_EQ(Told(claims), "bad_claims: ill-typed") << claims;
  }
}

TEST(ClaimsTest, RestrictionsThatNobodyChecksAreRefused) {
  EXPECT_EQ(Told(R"({"access":[{"collection":"a","access":"r"},{"collection":"b","access":"r","payload":{"x":1}}]})"),
            "bad_claims: payload 1");
  EXPECT_EQ(Told(R"({"access":[{"collection":"a","access":"r","payload":{}}]})"), "bad_claims: payload 0");
  EXPECT_EQ(Told(R"({"access":[{"collection":"a","access":"r","payload":null}]})"), "some");
  EXPECT_EQ(Told(R"({"access":[{"collection":"a","access":"r"},{"collection":"a","access":"rw"}]})"),
            "bad_claims: twice 1");
}

TEST(ClaimsTest, TimeCountsWithItsLeeway) {
  ClaimRules rules;
  rules.without_access.emplace(Grant::Full());
  EXPECT_EQ(Told(R"({"exp":1700000001})", rules), "full");
  EXPECT_EQ(Told(R"({"exp":1699999970})", rules), "full") << "30 s ago";
  EXPECT_EQ(Told(R"({"exp":1699999969})", rules), "expired: expired");
  EXPECT_EQ(Told(R"({"exp":1e300})", rules), "full");
  EXPECT_EQ(Told(R"({"nbf":1700000030})", rules), "full");
  EXPECT_EQ(Told(R"({"nbf":1700000031})", rules), "not_yet_valid: bad");
  for (const std::string_view claims :
       {R"({"exp":"1800000000"})", R"({"exp":null})", R"({"exp":-1})", R"({"nbf":[]})"}) {
    EXPECT_EQ(Told(claims, rules), "bad_claims: ill-typed") << claims;
  }
  rules.needs_expiry = true;
  EXPECT_EQ(Told("{}", rules), "bad_claims: bad");
  rules.leeway = seconds(0);
  EXPECT_EQ(Told(R"({"exp":1699999999})", rules), "expired: expired");
  EXPECT_TRUE(Read(R"({"exp":1})", rules).refusal.forbidden);
  EXPECT_EQ(Read(R"({"exp":1700000100})", rules).caller->until, kNow + seconds(100));
}

TEST(ClaimsTest, IssuerAndAudienceMustFit) {
  ClaimRules rules;
  rules.without_access.emplace(Grant::Full());
  rules.issuer = "https://i";
  rules.audience = "vecgate";
  EXPECT_EQ(Told(R"({"iss":"https://i","aud":"vecgate"})", rules), "full");
  EXPECT_EQ(Told(R"({"iss":"https://i","aud":["x","vecgate"]})", rules), "full");
  EXPECT_EQ(Told(R"({"iss":"https://i/","aud":"vecgate"})", rules), "unknown_signer: bad");
  EXPECT_EQ(Told(R"({"aud":"vecgate"})", rules), "unknown_signer: bad");
  for (const std::string_view audience : {R"("x")", R"(["x"])", "[]", "1", R"([["vecgate"]])", R"("vecgate2")"}) {
    EXPECT_EQ(Told(std::string(R"({"iss":"https://i","aud":)") + std::string(audience) + "}", rules), "audience: bad");
  }
  EXPECT_EQ(Told(R"({"iss":"https://i"})", rules), "audience: bad");
}

TEST(ClaimsTest, NamesAndConditionsAreKept) {
  const ClaimsOutcome outcome = Read(
      R"({"access":"r","sub":"s","subject":"t","value_exists":{"collection":"c","matches":[{"key":"k","value":1}]}})");
  ASSERT_NE(outcome.caller, nullptr);
  EXPECT_EQ(outcome.caller->name, "t");
  EXPECT_EQ(outcome.caller->method, "token");
  EXPECT_EQ(outcome.caller->value_exists, R"({"collection":"c","matches":[{"key":"k","value":1}]})");
  EXPECT_EQ(Read(R"({"access":"r","sub":"s"})").caller->name, "s");
  EXPECT_EQ(Told(R"({"access":"r","sub":1})"), "bad_claims: ill-typed");
  EXPECT_EQ(Told(R"({"access":"r","value_exists":"x"})"), "bad_claims: ill-typed");
}

}  // namespace
}  // namespace vecgate::auth
