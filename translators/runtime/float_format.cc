// Floating point numbers as JSON text. The shortest digits come from std::to_chars; where they go is decided here.

#include "runtime/float_format.h"

#include <charconv>
#include <cmath>
#include <cstring>

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

// A positive finite number as digits d.ddd x 10^exponent, without trailing zeros.
struct Decimal {
  char digits[24];
  int count;
  int exponent;
};

template <class T>
Decimal ShortestDecimal(T value) {
  char text[40];
  const char* const end = std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific).ptr;
  Decimal decimal;
  decimal.digits[0] = text[0];
  decimal.count = 1;
  const char* at = text + 1;
  if (*at == '.') {
    for (++at; *at != 'e'; ++at) decimal.digits[decimal.count++] = *at;
  }
  ++at;  // 'e'
  if (*at == '+') ++at;
  std::from_chars(at, end, decimal.exponent);
  return decimal;
}

char* Put(char* out, const char* text, int count) {
  std::memcpy(out, text, static_cast<size_t>(count));
  return out + count;
}

char* PutZeros(char* out, int count) {
  std::memset(out, '0', static_cast<size_t>(count));
  return out + count;
}

char* PutPlain(const Decimal& decimal, char* out) {
  const int integer_digits = decimal.exponent + 1;
  if (integer_digits <= 0) {
    out = Put(out, "0.", 2);
    out = PutZeros(out, -integer_digits);
    return Put(out, decimal.digits, decimal.count);
  }
  if (integer_digits >= decimal.count) {
    out = Put(out, decimal.digits, decimal.count);
    out = PutZeros(out, integer_digits - decimal.count);
    return Put(out, ".0", 2);
  }
  out = Put(out, decimal.digits, integer_digits);
  *out++ = '.';
  return Put(out, decimal.digits + integer_digits, decimal.count - integer_digits);
}

char* PutScientific(const Decimal& decimal, char* out) {
  *out++ = decimal.digits[0];
  if (decimal.count > 1) {
    *out++ = '.';
    out = Put(out, decimal.digits + 1, decimal.count - 1);
  }
  *out++ = 'e';
  *out++ = decimal.exponent < 0 ? '-' : '+';
  return std::to_chars(out, out + 4, std::abs(decimal.exponent)).ptr;
}

template <class T>
char* Format(T value, PlainRange plain, char* out) {
  if (!std::isfinite(value)) return Put(out, "null", 4);
  if (std::signbit(value)) {
    *out++ = '-';
    value = -value;
  }
  if (value == 0) return Put(out, "0.0", 3);
  const Decimal decimal = ShortestDecimal(value);
  const bool is_plain = decimal.exponent >= plain.lowest && decimal.exponent <= plain.highest;
  return is_plain ? PutPlain(decimal, out) : PutScientific(decimal, out);
}

}  // namespace

char* FormatFloat(float value, char* out) { return Format(value, kFloatRange, out); }
char* FormatDouble(double value, char* out) { return Format(value, kDoubleRange, out); }

std::string JsonText(double value) {
  char text[32];
  return {text, FormatDouble(value, text)};
}

std::string PlainText(double value) {
  if (std::isnan(value)) return "NaN";
  std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "inf";
  if (value == 0) return sign + "0";
  const Decimal decimal = ShortestDecimal(std::abs(value));
  constexpr size_t kLongest = 350;  // 1.7976931348623157e308, or 5e-324 behind "0."
  char text[kLongest];
  std::string_view plain(text, static_cast<size_t>(PutPlain(decimal, text) - text));
  if (plain.ends_with(".0")) plain.remove_suffix(2);
  return sign.append(plain);
}

}  // namespace vecgate::runtime
