#include "runtime/minus_zero.h"

#include <gtest/gtest.h>

#include <string>

namespace vecgate::runtime {
namespace {

TEST(MinusZeroTest, FindsTheLexemeAlone) {
  for (const char* body : {"-0", "[-0]", "[-0,1]", "{\"a\": -0}", "-0 ", "[1,-0\n]"})
    EXPECT_TRUE(HasMinusZero(body)) << body;
}

TEST(MinusZeroTest, PassesOverOtherNumbers) {
  for (const char* body : {"", "-", "0", "-0.0", "-0.5", "-0e1", "-0E1", "[-10]", "-1", "[1e-01]",
                           R"("5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f")", R"("2024-0")", R"("-0")"}) {
    EXPECT_FALSE(HasMinusZero(body)) << body;
  }
}

// Every place relative to the blocks the search works in.
TEST(MinusZeroTest, FindsItAnywhere) {
  for (size_t before = 0; before < 300; ++before) {
    for (size_t after : {size_t{0}, size_t{1}, size_t{2}, size_t{31}, size_t{300}}) {
      std::string body;
      while (body.size() < before) body += ",-0.";
      body.resize(before);
      EXPECT_FALSE(HasMinusZero(body + ".5,")) << before;
      if (!body.empty()) body.back() = ',';
      std::string rest;
      while (rest.size() < after) rest += ",-0.5";
      rest.resize(after);
      EXPECT_TRUE(HasMinusZero(body + "-0" + rest)) << before << " " << after;
    }
  }
}

}  // namespace
}  // namespace vecgate::runtime
