#include "base/url.h"

#include <gtest/gtest.h>

namespace vecgate::base {
namespace {

TEST(UrlTest, ReadsItsParts) {
  const Url full = *ParseUrl("https://login.example.org:8443/realms/a?b=c");
  EXPECT_TRUE(full.tls);
  EXPECT_EQ(full.host, "login.example.org");
  EXPECT_EQ(full.port, 8443);
  EXPECT_EQ(full.path, "/realms/a?b=c");
  const Url least = *ParseUrl("http://[::1]");
  EXPECT_FALSE(least.tls);
  EXPECT_EQ(least.host, "::1");
  EXPECT_EQ(least.port, 80);
  EXPECT_EQ(least.path, "/");
  EXPECT_EQ(ParseUrl("https://h?q")->path, "/?q");
  EXPECT_EQ(ParseUrl("https://[::1]:5/x")->port, 5);
}

TEST(UrlTest, RefusesWhatIsNoPlainUrl) {
  for (const std::string_view text :
       {"", "h", "ftp://h", "http://", "http://h:", "http://h:0", "http://h:65536", "http://h:1x", "http://u:p@h/",
        "http://[::1", "http://[::1]x", "http://[]", "http://h/a b", "http://h/\r\nx: y", "http://h/#f", "http:///x"}) {
    EXPECT_FALSE(ParseUrl(text).ok()) << text;
  }
}

TEST(UrlTest, PlainTextToOtherMachinesIsExposed) {
  for (const std::string_view url :
       {"https://a.example.org/", "http://localhost:1/", "http://127.0.0.1/", "http://127.1.2.3:8080/", "http://[::1]/"}) {
    EXPECT_FALSE(IsExposed(*ParseUrl(url))) << url;
  }
  for (const std::string_view url : {"http://a.example.org/", "http://10.0.0.1/", "http://[fd00::1]/",
                                     "http://localhost.example.org/", "http://127.0.0.1.example.org/"}) {
    EXPECT_TRUE(IsExposed(*ParseUrl(url))) << url;
  }
}

}  // namespace
}  // namespace vecgate::base
