#include <gtest/gtest.h>

#include "base/network.h"

namespace vecgate::base {
namespace {

bool Contains(std::string_view network, std::string_view address) {
  const absl::StatusOr<Network> parsed = Network::Parse(network);
  EXPECT_TRUE(parsed.ok()) << network;
  return parsed.ok() && parsed->Contains(address);
}

TEST(NetworkTest, RangesEndAtTheirPrefix) {
  EXPECT_TRUE(Contains("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(Contains("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(Contains("192.0.2.128/25", "192.0.2.200"));
  EXPECT_FALSE(Contains("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(Contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(Contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(Contains("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(Contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(Contains("::/0", "2001:db8::1"));
}

TEST(NetworkTest, AnAddressIsARangeOfItsOwn) {
  EXPECT_TRUE(Contains("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(Contains("192.0.2.7", "192.0.2.8"));
  EXPECT_TRUE(Contains("::1", "0:0::1"));
}

TEST(NetworkTest, Ipv4HasTwoForms) {
  EXPECT_TRUE(Contains("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_TRUE(Contains("::ffff:10.0.0.0/104", "10.1.2.3"));
}

TEST(NetworkTest, WhatIsNoAddressIsInNone) {
  EXPECT_FALSE(Contains("::/0", ""));
  EXPECT_FALSE(Contains("::/0", "unix"));
}

TEST(NetworkTest, FaultsAreTold) {
  for (const std::string_view text : {"", "localhost", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/8/8", "10.0.0/8x"}) {
    EXPECT_FALSE(Network::Parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace vecgate::base
