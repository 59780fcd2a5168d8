#include <gtest/gtest.h>

#include "auth/api_keys.h"
#include "auth/base64url.h"

namespace vecgate::auth {
namespace {

constexpr std::string_view kKey = "correct-horse-battery";
// By `printf '<salt bytes>correct-horse-battery' | sha256sum`.
constexpr std::string_view kHash =
    "sha256:00112233445566778899aabbccddeeff:467dd9d316b4cae55aa2f3c27cc691eaacbaa0cb6e44bec66e629d6fc1107762";

CallerPtr Named(std::string name) {
  auto caller = std::make_shared<Caller>();
  caller->name = std::move(name);
  return caller;
}

TEST(ApiKeysTest, FindsKeysByTheirHash) {
  ApiKeys keys;
  EXPECT_EQ(keys.Find(kKey), nullptr);
  keys.Add(*ParseKeyHash(kHash), Named("a"));
  keys.Add(*HashKey("another-key-of-16"), Named("b"));
  ASSERT_NE(keys.Find(kKey), nullptr);
  EXPECT_EQ(keys.Find(kKey)->name, "a");
  EXPECT_EQ(keys.Find("another-key-of-16")->name, "b");
  for (const std::string_view wrong : {"", "correct-horse-batter", "correct-horse-battery ", "Correct-horse-battery"}) {
    EXPECT_EQ(keys.Find(wrong), nullptr) << wrong;
  }
}

TEST(ApiKeysTest, HashesAreSaltedAndReadBack) {
  const KeyHash one = *HashKey(kKey);
  const KeyHash two = *HashKey(kKey);
  EXPECT_NE(Format(one), Format(two));
  EXPECT_EQ(Format(*ParseKeyHash(Format(one))), Format(one));
  EXPECT_EQ(Format(*ParseKeyHash(kHash)), kHash);
  ApiKeys keys;
  keys.Add(*ParseKeyHash(Format(one)), Named("a"));
  EXPECT_NE(keys.Find(kKey), nullptr);
}

TEST(ApiKeysTest, RefusesKeysThatAreTooShortOrNoHeader) {
  EXPECT_FALSE(HashKey("fifteen-letters").ok());
  EXPECT_FALSE(HashKey("with a space in it").ok());
  EXPECT_FALSE(HashKey("with\xC3\xA4umlaut-in-it").ok());
}

TEST(ApiKeysTest, RefusesWhatIsNoHash) {
  for (const std::string_view text :
       {"", "sha256", "sha256:00", "sha256:00:00", "md5:00:467d",
        "sha256:0g:467dd9d316b4cae55aa2f3c27cc691eaacbaa0cb6e44bec66e629d6fc1107762",
        "sha256:0:467dd9d316b4cae55aa2f3c27cc691eaacbaa0cb6e44bec66e629d6fc1107762",
        "sha256:00:467dd9d316b4cae55aa2f3c27cc691eaacbaa0cb6e44bec66e629d6fc11077", "sha256::467dd9d316b4cae55aa2f3c27cc691eaacbaa0cb6e44bec66e629d6fc1107762",
        "sha256:00112233445566:467dd9d316b4cae55aa2f3c27cc691eaacbaa0cb6e44bec66e629d6fc1107762", "plain-key-in-the-file"}) {
    EXPECT_FALSE(ParseKeyHash(text).ok()) << text;
  }
}

// RFC 4648 10, in the alphabet of section 5.
TEST(Base64UrlTest, Decodes) {
  EXPECT_EQ(DecodeBase64Url(""), "");
  EXPECT_EQ(DecodeBase64Url("Zg"), "f");
  EXPECT_EQ(DecodeBase64Url("Zm8"), "fo");
  EXPECT_EQ(DecodeBase64Url("Zm9v"), "foo");
  EXPECT_EQ(DecodeBase64Url("Zm9vYmFy"), "foobar");
  EXPECT_EQ(DecodeBase64Url("-_8"), "\xfb\xff");
}

TEST(Base64UrlTest, TakesOneSpellingOnly) {
  for (const std::string_view text : {"Zg==", "Zh", "Zm9", "Z", "+/8", "Zm 9v", "Zm9v\n"}) {
    EXPECT_EQ(DecodeBase64Url(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace vecgate::auth
