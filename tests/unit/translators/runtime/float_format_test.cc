#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include "runtime/json_writer.h"

namespace vecgate::runtime {
namespace {

std::string Text(float value) {
  char text[32];
  return {text, FormatFloat(value, text)};
}
std::string Text(double value) {
  char text[32];
  return {text, FormatDouble(value, text)};
}

// Recorded from Qdrant 1.19.
TEST(FormatFloatTest, PrintsAsTheServerDoes) {
  EXPECT_EQ(Text(0.1f), "0.1");
  EXPECT_EQ(Text(1.0f), "1.0");
  EXPECT_EQ(Text(-0.0f), "-0.0");
  EXPECT_EQ(Text(0.33333334f), "0.33333334");
  EXPECT_EQ(Text(16777216.0f), "16777216.0");
  EXPECT_EQ(Text(0.000001f), "0.000001");
  EXPECT_EQ(Text(1e-7f), "1e-7");
  EXPECT_EQ(Text(9.999999e-7f), "9.999999e-7");
  EXPECT_EQ(Text(1.5e-8f), "1.5e-8");
  EXPECT_EQ(Text(123456789012.0f), "123456790000.0");
  EXPECT_EQ(Text(9999999000000.0f), "9999999000000.0");
  EXPECT_EQ(Text(1e13f), "1e+13");
  EXPECT_EQ(Text(1e-40f), "1e-40");
  EXPECT_EQ(Text(1.4e-45f), "1e-45");
  EXPECT_EQ(Text(12345678.9f), "12345679.0");
}

TEST(FormatDoubleTest, PrintsAsTheServerDoes) {
  EXPECT_EQ(Text(0.30000000000000004), "0.30000000000000004");
  EXPECT_EQ(Text(100.0), "100.0");
  EXPECT_EQ(Text(-0.0), "-0.0");
  EXPECT_EQ(Text(1e-5), "0.00001");
  EXPECT_EQ(Text(9.99e-6), "9.99e-6");
  EXPECT_EQ(Text(1e-6), "1e-6");
  EXPECT_EQ(Text(2.5e15), "2500000000000000.0");
  EXPECT_EQ(Text(1e16), "1e+16");
  EXPECT_EQ(Text(18446744073709551616.0), "1.8446744073709552e+19");
  EXPECT_EQ(Text(1e23), "1e+23");
  EXPECT_EQ(Text(5e-324), "5e-324");
  EXPECT_EQ(Text(2.2250738585072014e-308), "2.2250738585072014e-308");
  EXPECT_EQ(Text(123456789012345.6), "123456789012345.6");
}

// As recorded from a server in Go.
TEST(FormatFloatTest, PrintsAsGoDoes) {
  const auto printed = [](float value) {
    char text[32];
    return std::string(text, FormatFloat(value, text, JsonStyle::kGo));
  };
  EXPECT_EQ(printed(0.1f), "0.1");
  EXPECT_EQ(printed(3), "3");
  EXPECT_EQ(printed(-0.25f), "-0.25");
  EXPECT_EQ(printed(1e-7f), "1e-7");
  EXPECT_EQ(printed(1e-6f), "0.000001");
  EXPECT_EQ(printed(16777216), "16777216");
  EXPECT_EQ(printed(-179.99998f), "-179.99998");
  EXPECT_EQ(printed(3.4e38f), "3.4e+38");
  EXPECT_EQ(printed(1.1754944e-38f), "1.1754944e-38");
  EXPECT_EQ(printed(-0.0f), "-0");
}

TEST(FormatDoubleTest, PrintsAsGoDoes) {
  const auto printed = [](double value) {
    char text[32];
    return std::string(text, FormatDouble(value, text, JsonStyle::kGo));
  };
  EXPECT_EQ(printed(1e20), "100000000000000000000");
  EXPECT_EQ(printed(123456789012345678901.0), "123456789012345680000");
  EXPECT_EQ(printed(1e21), "1e+21");
  EXPECT_EQ(printed(0.000001), "0.000001");
  EXPECT_EQ(printed(2.5e-8), "2.5e-8");
  EXPECT_EQ(printed(5e-324), "5e-324");
  EXPECT_EQ(printed(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(printed(0.30000000000000004), "0.30000000000000004");
  EXPECT_EQ(printed(100), "100");
  EXPECT_EQ(printed(-0.0), "-0");
  EXPECT_EQ(printed(123456789.125), "123456789.125");
}

TEST(FormatTest, WhatJsonCannotHoldIsNull) {
  EXPECT_EQ(Text(std::numeric_limits<float>::infinity()), "null");
  EXPECT_EQ(Text(-std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(Text(std::numeric_limits<double>::quiet_NaN()), "null");
}

// The significant ones.
std::string Digits(const std::string& text) {
  std::string digits;
  for (const char c : text.substr(0, text.find('e'))) {
    if (c >= '0' && c <= '9') digits += c;
  }
  const size_t first = digits.find_first_not_of('0');
  const size_t last = digits.find_last_not_of('0');
  return first == std::string::npos ? "" : digits.substr(first, last - first + 1);
}

// The value reads back; its exponent decides the form; no shorter text reads back (tried with %.*e); of those as short
// it is the closest (std::to_chars gives that one).
template <class T, class Parse>
void ExpectShortest(T value, Parse parse, int lowest_plain, int highest_plain) {
  const std::string text = Text(value);
  EXPECT_EQ(parse(text.c_str()), value) << text;
  char closest[64];
  *std::to_chars(closest, closest + sizeof(closest) - 1, value, std::chars_format::scientific).ptr = 0;
  EXPECT_EQ(Digits(text), Digits(closest)) << text;
  char shorter[64];
  const int digits = static_cast<int>(Digits(text).size());
  if (digits > 1) {
    std::snprintf(shorter, sizeof(shorter), "%.*e", digits - 2, static_cast<double>(value));
    EXPECT_NE(parse(shorter), value) << text;
  }
  std::snprintf(shorter, sizeof(shorter), "%.*e", digits - 1, static_cast<double>(value));
  const int exponent = std::atoi(std::strchr(shorter, 'e') + 1);
  const bool plain = exponent >= lowest_plain && exponent <= highest_plain;
  EXPECT_EQ(text.find('e') == std::string::npos, plain) << text;
  EXPECT_EQ(text.find('.') != std::string::npos, plain || digits > 1) << text;
}

TEST(FormatFloatTest, RandomBitsReadBack) {
  std::mt19937 random(7);
  for (int i = 0; i < 200000; ++i) {
    const float value = std::bit_cast<float>(static_cast<uint32_t>(random()));
    if (!std::isfinite(value) || value == 0) continue;
    ExpectShortest(
        value, [](const char* text) { return std::strtof(text, nullptr); }, -6, 12);
  }
}

TEST(FormatDoubleTest, RandomBitsReadBack) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 200000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value) || value == 0) continue;
    ExpectShortest(
        value, [](const char* text) { return std::strtod(text, nullptr); }, -5, 15);
  }
}

TEST(FormatFloatTest, UsualMagnitudesReadBack) {
  std::mt19937 random(9);
  std::uniform_real_distribution<float> unit(-1, 1);
  for (int i = 0; i < 200000; ++i) {
    const float value = unit(random) * std::pow(10.0f, static_cast<float>(i % 16 - 6));
    if (value == 0) continue;
    ExpectShortest(
        value, [](const char* text) { return std::strtof(text, nullptr); }, -6, 12);
  }
}

}  // namespace
}  // namespace vecgate::runtime
