#include <gtest/gtest.h>

#include "auth/credentials.h"
#include "auth/proof_cache.h"

namespace vecgate::auth {
namespace {

using std::chrono::seconds;

constexpr std::string_view kNames[] = {"api-key", "authorization", "x-request-id"};
constexpr std::string_view kSuffixes[] = {"-api-key"};
constexpr std::string_view kReadNames[] = {"x-affinity"};
constexpr std::string_view kTrustedNames[] = {"forwarded"};
constexpr ForwardRules kRules{kNames, kSuffixes, kReadNames, kTrustedNames};

base::Metadata Forward(std::initializer_list<base::Header> headers, const ForwardScope& scope = {}) {
  return ForwardedMetadata(base::Headers(headers.begin(), headers.size()), kRules, scope);
}

constexpr std::string_view kPrefixes[] = {"x-"};
constexpr std::string_view kAddressNames[] = {"x-forwarded-for"};

base::Metadata ForwardByPrefix(std::initializer_list<base::Header> headers, const ForwardScope& scope = {}) {
  return ForwardedMetadata(base::Headers(headers.begin(), headers.size()), {{}, {}, {}, kAddressNames, kPrefixes}, scope);
}

TEST(CredentialsTest, ForwardsHeadersByTheirBeginning) {
  EXPECT_EQ(ForwardByPrefix({{"X-OpenAI-Api-Key", "k"}, {"Accept", "*/*"}, {"X-Model-bin", "1"}}),
            (base::Metadata{{"x-openai-api-key", "k"}}));
}

TEST(CredentialsTest, BelievesAddressesFromTrustedProxiesOnlyWhateverTheyBeginWith) {
  EXPECT_EQ(ForwardByPrefix({{"X-Forwarded-For", "10.0.0.1"}}), base::Metadata{});
  EXPECT_EQ(ForwardByPrefix({{"X-Forwarded-For", "10.0.0.1"}}, {.from_trusted_proxy = true}),
            (base::Metadata{{"x-forwarded-for", "10.0.0.1"}}));
}

TEST(CredentialsTest, TakesTheCredentialFromTheQuery) {
  base::Metadata metadata;
  AddParamCredential("a=1&access_token=se%2Bc+ret%21&b", "access_token", "Bearer ", &metadata);
  EXPECT_EQ(metadata, (base::Metadata{{"authorization", "Bearer se+c ret!"}}));
}

TEST(CredentialsTest, TheHeaderGoesBeforeTheQuery) {
  base::Metadata metadata{{"authorization", "Bearer header"}};
  AddParamCredential("access_token=query", "access_token", "Bearer ", &metadata);
  EXPECT_EQ(metadata, (base::Metadata{{"authorization", "Bearer header"}}));
}

TEST(CredentialsTest, NoParameterIsNoCredential) {
  base::Metadata metadata;
  for (const std::string_view query : {"", "access_token", "access_token=", "xaccess_token=k", "access_token=%0A"}) {
    AddParamCredential(query, "access_token", "Bearer ", &metadata);
  }
  EXPECT_EQ(metadata, base::Metadata{});
}

TEST(CredentialsTest, AnonymousIsWhoShowsNoCredentialOfTheScheme) {
  EXPECT_TRUE(IsAnonymous({}, "Bearer "));
  EXPECT_TRUE(IsAnonymous({{"authorization", "Basic YTpi"}}, "Bearer "));
  EXPECT_TRUE(IsAnonymous({{"authorization", "bearer k"}}, "Bearer "));
  EXPECT_FALSE(IsAnonymous({{"authorization", "Bearer k"}}, "Bearer "));
}

TEST(CredentialsTest, ForwardsNamedHeadersInLowerCase) {
  EXPECT_EQ(Forward({{"Api-Key", "k"}, {"Cookie", "c"}, {"AUTHORIZATION", "Bearer t"}, {"openai-api-key", "o"}}),
            (base::Metadata{{"api-key", "k"}, {"authorization", "Bearer t"}, {"openai-api-key", "o"}}));
}

TEST(CredentialsTest, SomeHeadersGoWithSomeRequestsOnly) {
  const std::initializer_list<base::Header> sent = {{"X-Affinity", "a"}, {"Forwarded", "for=b"}};
  EXPECT_TRUE(Forward(sent).empty());
  EXPECT_EQ(Forward(sent, {.is_read = true}), (base::Metadata{{"x-affinity", "a"}}));
  EXPECT_EQ(Forward(sent, {.from_trusted_proxy = true}), (base::Metadata{{"forwarded", "for=b"}}));
}

TEST(CredentialsTest, LeavesOutWhatGrpcCannotCarry) {
  EXPECT_TRUE(Forward({{"api-key", "k\xC3\xA4"}, {"api-key", "a\tb"}, {"a!-api-key", "x"}, {"grpc-x-api-key", "x"}})
                  .empty());
  EXPECT_EQ(Forward({{"api-key", ""}}), (base::Metadata{{"api-key", ""}}));
}

TEST(CredentialsTest, FingerprintsFollowTheCredentialsOnly) {
  const auto of = [](std::initializer_list<base::Header> headers) { return FingerprintOf(Forward(headers)); };
  EXPECT_EQ(of({{"api-key", "k"}, {"x-request-id", "1"}}), of({{"api-key", "k"}, {"x-request-id", "2"}}));
  EXPECT_NE(of({{"api-key", "k"}}), of({{"api-key", "l"}}));
  EXPECT_NE(of({{"api-key", "k"}}), of({{"authorization", "k"}}));
  EXPECT_NE(of({{"api-key", ""}}), of({}));
  EXPECT_NE(of({{"api-key", "a"}, {"api-key", "b"}}), of({{"api-key", "b"}, {"api-key", "a"}}));
}

TEST(ProofCacheTest, ForgetsAfterItsLifetime) {
  ProofCache cache(seconds(10), 8);
  const ProofCache::Clock::time_point start{};
  cache.Put({1}, {true, 16, "no"}, start);
  ASSERT_NE(cache.Find({1}, start + seconds(9)), nullptr);
  EXPECT_EQ(cache.Find({1}, start + seconds(9))->message, "no");
  EXPECT_EQ(cache.Find({1}, start + seconds(10)), nullptr);
  EXPECT_EQ(cache.Find({2}, start), nullptr);
}

TEST(ProofCacheTest, StaysWithinItsSize) {
  ProofCache cache(seconds(10), 4);
  const ProofCache::Clock::time_point start{};
  for (uint8_t i = 0; i < 100; ++i) cache.Put({i}, {}, start + std::chrono::milliseconds(i));
  EXPECT_LE(cache.size(), 4u);
  EXPECT_NE(cache.Find({99}, start + seconds(1)), nullptr);
  EXPECT_EQ(cache.Find({0}, start + seconds(1)), nullptr);
}

TEST(ProofCacheTest, AnExpiredVerdictIsReplaced) {
  ProofCache cache(seconds(10), 4);
  const ProofCache::Clock::time_point start{};
  cache.Put({1}, {true, 16, "no"}, start);
  cache.Put({1}, {false, 0, ""}, start + seconds(11));
  ASSERT_NE(cache.Find({1}, start + seconds(20)), nullptr);
  EXPECT_FALSE(cache.Find({1}, start + seconds(20))->refused);
}

}  // namespace
}  // namespace vecgate::auth
