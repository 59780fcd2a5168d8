#include "app/by_host.h"

#include <gtest/gtest.h>

namespace vecgate::app {
namespace {

// RFC 9112 3.2, RFC 3986 3.2.2: the port is no part of the host, which has no case; an IPv6 address stands in brackets.
TEST(ByHostTest, TakesTheNameOutOfTheField) {
  EXPECT_EQ(HostName("documents.example.org"), "documents.example.org");
  EXPECT_EQ(HostName("Documents.Example.org:8443"), "documents.example.org");
  EXPECT_EQ(HostName("documents.example.org."), "documents.example.org");
  EXPECT_EQ(HostName("documents.example.org.:80"), "documents.example.org");
  EXPECT_EQ(HostName("10.0.0.1:6333"), "10.0.0.1");
  EXPECT_EQ(HostName("[::1]:6333"), "[::1]");
  EXPECT_EQ(HostName("[FE80::1]"), "[fe80::1]");
  EXPECT_EQ(HostName("[::1"), "[::1");
  EXPECT_EQ(HostName(""), "");
}

}  // namespace
}  // namespace vecgate::app
