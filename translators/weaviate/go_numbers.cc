#include "weaviate/go_numbers.h"

#include <charconv>
#include <cmath>
#include <string_view>

namespace vecgate::translators::weaviate {
namespace {

constexpr int kLowestPlain = -4;
constexpr int kHighestPlain = 5;

template <class T>
std::string Text(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char text[64];
  const std::to_chars_result scientific = std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific);
  const std::string_view digits(text, static_cast<size_t>(scientific.ptr - text));
  int exponent = 0;
  const char* sign = digits.data() + digits.find('e') + 1;
  std::from_chars(*sign == '+' ? sign + 1 : sign, scientific.ptr, exponent);
  if (exponent < kLowestPlain || exponent > kHighestPlain) return std::string(digits);
  const std::to_chars_result plain = std::to_chars(text, text + sizeof(text), value, std::chars_format::fixed);
  return std::string(text, plain.ptr);
}

}  // namespace

std::string GoText(float value) { return Text(value); }
std::string GoText(double value) { return Text(value); }

}  // namespace vecgate::translators::weaviate
