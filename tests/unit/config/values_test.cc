#include "config/values.h"

#include <gtest/gtest.h>

namespace vecgate::config {
namespace {

TEST(ValuesTest, ReadsSizes) {
  EXPECT_EQ(*ParseBytes("4096"), 4096u);
  EXPECT_EQ(*ParseBytes("64KiB"), 65536u);
  EXPECT_EQ(*ParseBytes("32MiB"), 33554432u);
  for (const char* bad : {"", "0", "-1", "1KB", "1.5MiB", "MiB", "1 MiB", "99999999999GiB"}) {
    EXPECT_FALSE(ParseBytes(bad).ok()) << bad;
  }
}

TEST(ValuesTest, ReadsDurations) {
  EXPECT_EQ(ParseDuration("250ms")->count(), 250);
  EXPECT_EQ(ParseDuration("10s")->count(), 10'000);
  EXPECT_EQ(ParseDuration("0")->count(), 0);
  for (const char* bad : {"", "10", "-1s", "1d", "s", "10 s", "99999999h"}) EXPECT_FALSE(ParseDuration(bad).ok()) << bad;
}

TEST(ValuesTest, PrintsWhatItReads) {
  for (const char* text : {"250ms", "10s", "5m", "1h", "90s", "0"}) EXPECT_EQ(FormatDuration(*ParseDuration(text)), text);
  for (const char* text : {"4095", "4KiB", "32MiB", "1GiB"}) EXPECT_EQ(FormatBytes(*ParseBytes(text)), text);
}

TEST(ValuesTest, ReadsEndpoints) {
  EXPECT_EQ(ParseEndpoint("127.0.0.1:6333")->ToString(), "127.0.0.1:6333");
  EXPECT_EQ(ParseEndpoint("[::1]:0")->host, "::1");
  EXPECT_EQ(ParseEndpoint("[::1]:0")->ToString(), "[::1]:0");
  EXPECT_EQ(ParseEndpoint("localhost:80")->port, 80);
  for (const char* bad : {"", ":80", "localhost", "localhost:", "::1:80", "[::1]", "[]:80", "a b:1", "h:65536", "h:-1",
                          "http://h:80", "h:1x"}) {
    EXPECT_FALSE(ParseEndpoint(bad).ok()) << bad;
  }
}

TEST(ValuesTest, ReadsUnixSockets) {
  EXPECT_EQ(ParseListenAddress("unix:/run/a.sock")->unix_path, "/run/a.sock");
  EXPECT_EQ(ParseListenAddress("unix:/run/a.sock")->ToString(), "unix:/run/a.sock");
  EXPECT_EQ(ParseListenAddress("127.0.0.1:1")->ToString(), "127.0.0.1:1");
  for (const std::string& bad : {std::string("unix:"), std::string("unix:a.sock"), "unix:/" + std::string(107, 'x')}) {
    EXPECT_FALSE(ParseListenAddress(bad).ok()) << bad;
  }
  EXPECT_FALSE(ParseEndpoint("unix:/run/a.sock").ok());
}

TEST(ValuesTest, ReadsPermissions) {
  EXPECT_EQ(*ParseMode("0660"), 0660u);
  EXPECT_EQ(*ParseMode("7"), 7u);
  EXPECT_EQ(FormatMode(0660), "660");
  EXPECT_EQ(FormatMode(07), "7");
  for (const char* bad : {"", "9", "1000", "0x1", "-1", "rw"}) EXPECT_FALSE(ParseMode(bad).ok()) << bad;
}

TEST(ValuesTest, ReadsAddressLists) {
  EXPECT_EQ(ParseAddresses("a:1, b:2")->size(), 2u);
  EXPECT_FALSE(ParseAddresses("a:1,,b:2").ok());
  EXPECT_FALSE(ParseAddresses("a:0").ok());
}

}  // namespace
}  // namespace vecgate::config
