// Floating point numbers as JSON text. The shortest digits come from fmt's Dragonbox, as whole number and exponent, which
// no public interface of a library gives; printing and taking the text apart again, as with std::to_chars, takes more
// than twice the time. Where the digits go is decided here.

#include "runtime/float_format.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <span>

#include "runtime/json_writer.h"

namespace vecgate::runtime {
namespace {

// Exponents printed in plain digits.
struct PlainRange {
  int lowest;
  int highest;
};
constexpr PlainRange kFloatRange{-6, 12};
constexpr PlainRange kDoubleRange{-5, 15};
constexpr PlainRange kGoRange{-6, 20};

// A positive finite number as d.ddd x 10^exponent: the digits are those of `significand`, which does not end in 0.
template <class Whole>
struct Decimal {
  Whole significand;
  int count;
  int exponent;
};

// Without a branch: which of two counts it is, is as good as random.
int CountDigits(uint64_t number) {
  static constexpr auto kPowers = [] {
    std::array<uint64_t, 20> powers{};
    uint64_t power = 1;
    for (uint64_t& one : powers) {
      one = power;
      power *= 10;
    }
    return powers;
  }();
  // 1233 / 4096 is log10(2), exact enough to be one too many at most.
  const int at_most = (static_cast<int>(std::bit_width(number)) * 1233) >> 12;
  return at_most + (number >= kPowers[static_cast<size_t>(at_most)]);
}

template <class T>
auto ShortestDecimal(T value) {
  const auto shortest = fmt::detail::dragonbox::to_decimal(value);
  const int count = CountDigits(shortest.significand);
  return Decimal<decltype(shortest.significand)>{shortest.significand, count, shortest.exponent + count - 1};
}

char* Put(char* out, const char* text, int count) {
  std::memcpy(out, text, static_cast<size_t>(count));
  return out + count;
}

char* PutZeros(char* out, int count) {
  std::memset(out, '0', static_cast<size_t>(count));
  return out + count;
}

// Two digits at a time, from the last to the first.
template <class Whole>
char* PutDigits(const Decimal<Whole>& decimal, char* out) {
  static constexpr char kPairs[] =
      "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657"
      "585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
  char* at = out + decimal.count;
  Whole rest = decimal.significand;
  for (; rest >= 100; rest /= 100) {
    at -= 2;
    std::memcpy(at, kPairs + 2 * (rest % 100), 2);
  }
  if (rest >= 10) {
    std::memcpy(at - 2, kPairs + 2 * rest, 2);
  } else {
    at[-1] = static_cast<char>('0' + rest);
  }
  return out + decimal.count;
}

// `point_zero`: behind a whole number.
template <class Whole>
char* PutPlain(const Decimal<Whole>& decimal, char* out, bool point_zero) {
  const int integer_digits = decimal.exponent + 1;
  if (integer_digits <= 0) {
    // As many zeros as are wanted as a rule, in one store; there is room, and the digits cover those too many.
    constexpr char kZeros[] = "0.000000";
    constexpr int kZerosThere = 6;
    std::memcpy(out, kZeros, sizeof(kZeros) - 1);
    const int zeros = -integer_digits;
    return PutDigits(decimal, zeros <= kZerosThere ? out + 2 + zeros : PutZeros(out + 2, zeros));
  }
  char* const end = PutDigits(decimal, out);
  if (integer_digits >= decimal.count) {
    char* const whole_end = PutZeros(end, integer_digits - decimal.count);
    return point_zero ? Put(whole_end, ".0", 2) : whole_end;
  }
  char* const point = out + integer_digits;
  std::memmove(point + 1, point, static_cast<size_t>(end - point));
  *point = '.';
  return end + 1;
}

template <class Whole>
char* PutScientific(const Decimal<Whole>& decimal, char* out) {
  char* end = PutDigits(decimal, out + 1);
  out[0] = out[1];
  if (decimal.count == 1) {
    end = out + 1;
  } else {
    out[1] = '.';
  }
  *end++ = 'e';
  *end++ = decimal.exponent < 0 ? '-' : '+';
  return std::to_chars(end, end + 4, std::abs(decimal.exponent)).ptr;
}

template <class T>
char* Format(T value, PlainRange plain, bool point_zero, char* out) {
  if (!std::isfinite(value)) return Put(out, "null", 4);
  // Without a branch: signs are as good as random.
  *out = '-';
  out += std::signbit(value);
  if (value == 0) return Put(out, "0.0", point_zero ? 3 : 1);
  const auto decimal = ShortestDecimal(std::abs(value));
  const bool is_plain = decimal.exponent >= plain.lowest && decimal.exponent <= plain.highest;
  return is_plain ? PutPlain(decimal, out, point_zero) : PutScientific(decimal, out);
}

}  // namespace

char* FormatFloat(float value, char* out, JsonStyle style) {
  return style == JsonStyle::kGo ? Format(value, kGoRange, false, out) : Format(value, kFloatRange, true, out);
}
char* FormatFloats(std::span<const float> values, char* out, JsonStyle style) {
  for (const float value : values) {
    out = FormatFloat(value, out, style);
    *out++ = ',';
  }
  return out;
}
char* FormatDouble(double value, char* out, JsonStyle style) {
  return style == JsonStyle::kGo ? Format(value, kGoRange, false, out) : Format(value, kDoubleRange, true, out);
}

std::string JsonText(double value) {
  char text[32];
  return {text, FormatDouble(value, text)};
}

std::string PlainText(double value) {
  if (std::isnan(value)) return "NaN";
  std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "inf";
  if (value == 0) return sign + "0";
  const auto decimal = ShortestDecimal(std::abs(value));
  constexpr size_t kLongest = 350;  // 1.7976931348623157e308, or 5e-324 behind "0."
  char text[kLongest];
  return sign.append(text, PutPlain(decimal, text, false));
}

}  // namespace vecgate::runtime
