#include "runtime/named/uuid.h"

#include <gtest/gtest.h>

namespace vecgate::runtime {
namespace {

constexpr std::string_view kCanonical = "5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f";

TEST(UuidTest, TakesEverySpelling) {
  for (const char* text : {"5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f", "5F2B7D9E-3C1A-4F5E-9A77-0D3A1B2C4E5F",
                           "5f2b7d9e3c1a4f5e9a770d3a1b2c4e5f", "{5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f}",
                           "urn:uuid:5f2b7d9e-3c1a-4f5e-9a77-0D3A1B2C4E5F"}) {
    EXPECT_TRUE(IsUuid(text)) << text;
    EXPECT_EQ(CanonicalUuid(text), kCanonical) << text;
  }
}

TEST(UuidTest, RefusesEverythingElse) {
  for (const char* text : {"", "12", "not-a-uuid", "5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5",
                           "5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5g", "5f2b7d9e3c1a-4f5e-9a77-0d3a1b2c4e5f-",
                           "{5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f", "{5f2b7d9e3c1a4f5e9a770d3a1b2c4e5f}",
                           "urn:uuid:5f2b7d9e3c1a4f5e9a770d3a1b2c4e5f", "5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f "}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
}

}  // namespace
}  // namespace vecgate::runtime
