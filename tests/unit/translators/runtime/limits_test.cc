#include <gtest/gtest.h>

#include <limits>

#include "parsed_body.h"
#include "runtime/scalars.h"

namespace vecgate::runtime {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kNoLength = std::string_view::npos;

constexpr LimitSpec Numbers(double at_least, double at_most) {
  return {.at_least = at_least, .at_most = at_most, .min_length = kNoLength, .max_length = kNoLength};
}
constexpr LimitSpec Lengths(size_t least, size_t most) {
  return {.at_least = kNaN, .at_most = kNaN, .min_length = least, .max_length = most};
}

std::string Check(double value, bool integral, const LimitSpec& limits) {
  JsonReader reader(true, kTestTexts);
  CheckLimits(reader, value, integral, limits);
  return reader.invalid() ? reader.violations()[0].message : "";
}
std::string Check(std::string_view value, const LimitSpec& limits) {
  JsonReader reader(true, kTestTexts);
  CheckLimits(reader, value, limits);
  return reader.invalid() ? reader.violations()[0].message : "";
}

// Texts recorded from Qdrant 1.19.
TEST(LimitsTest, Numbers) {
  EXPECT_EQ(Check(0, true, Numbers(1, kNaN)), "value 0 invalid, must be 1 or larger");
  EXPECT_EQ(Check(1, true, Numbers(1, kNaN)), "");
  EXPECT_EQ(Check(16385, true, Numbers(kNaN, 16384)), "value 16385 invalid, must be 16384 or smaller");
  EXPECT_EQ(Check(65537, true, Numbers(1, 65536)), "value 65537 invalid, must be from 1 to 65536");
  EXPECT_EQ(Check(1.5, false, Numbers(0, 1)), "value 1.5 invalid, must be from 0.0 to 1.0");
  EXPECT_EQ(Check(-1, false, Numbers(0, 1)), "value -1.0 invalid, must be from 0.0 to 1.0");
  EXPECT_EQ(Check(0.4f, false, Numbers(0.5, 1)), "value 0.4000000059604645 invalid, must be from 0.5 to 1.0");
  EXPECT_EQ(Check(static_cast<double>(UINT64_MAX), true, Numbers(kNaN, 100)),
            "value 18446744073709551615 invalid, must be 100 or smaller");
}

TEST(LimitsTest, LengthsCountCharacters) {
  EXPECT_EQ(Check("", Lengths(1, kNoLength)), "value \"\" invalid, must be at least 1 characters");
  EXPECT_EQ(Check("\xC3\xA9\xC3\xA9", Lengths(2, 2)), "");
  EXPECT_EQ(Check("\xC3\xA9", Lengths(2, 2)), "value \"\xC3\xA9\" invalid, must be exactly 2 characters");
  EXPECT_EQ(Check("abc", Lengths(kNoLength, 2)), "value \"abc\" invalid, must be at most 2 characters");
  EXPECT_EQ(Check("a\"", Lengths(3, 5)), "value \"a\\\"\" invalid, must be from 3 to 5 characters");
}

TEST(LimitsTest, OwnTextReplacesTheApis) {
  LimitSpec limits = Numbers(1, kNaN);
  limits.text = "min_count must be greater than 0";
  EXPECT_EQ(Check(0, true, limits), "min_count must be greater than 0");
}

// Recorded.
TEST(LimitsTest, ForbiddenCharacters) {
  LimitSpec limits = Lengths(1, 255);
  limits.forbidden_chars = std::string_view("<>:\"/\\|?*\0\x1f", 11);
  limits.forbidden_chars_text = "collection name cannot contain \"{char}\" char";
  EXPECT_EQ(Check("a/b", limits), "collection name cannot contain \"/\" char");
  EXPECT_EQ(Check("a*b", limits), "collection name cannot contain \"*\" char");
  EXPECT_EQ(Check("ab", limits), "");
  EXPECT_EQ(Check("", limits), "value \"\" invalid, must be from 1 to 255 characters");
}

TEST(LimitsTest, FastSourceOnlyTellsThatSomethingIsInvalid) {
  JsonReader reader(false, kTestTexts);
  CheckLimits(reader, 0, true, Numbers(1, kNaN));
  EXPECT_TRUE(reader.invalid());
  EXPECT_TRUE(reader.violations().empty());
}

}  // namespace
}  // namespace vecgate::runtime
