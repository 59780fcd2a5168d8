#include "upstream/health.h"

#include <gtest/gtest.h>

namespace vecgate::upstream {
namespace {

TEST(VersionWithinTest, ComparesMajorAndMinor) {
  EXPECT_TRUE(VersionWithin("1.2.9", "1.1.0", "1.2.0"));
  EXPECT_TRUE(VersionWithin("v1.1.0-dev", "1.1.5", "1.2.0"));
  EXPECT_FALSE(VersionWithin("1.3.0", "1.1.0", "1.2.0"));
  EXPECT_FALSE(VersionWithin("1.0.9", "1.1.0", "1.2.0"));
  EXPECT_FALSE(VersionWithin("2.1.0", "1.1.0", "1.2.0"));
  EXPECT_FALSE(VersionWithin("1.10.0", "1.1.0", "1.2.0"));
  EXPECT_FALSE(VersionWithin("", "1.1.0", "1.2.0"));
  EXPECT_FALSE(VersionWithin("dev", "1.1.0", "1.2.0"));
}

}  // namespace
}  // namespace vecgate::upstream
