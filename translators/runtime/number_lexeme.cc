#include "runtime/number_lexeme.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>
#include <system_error>

namespace vecgate::runtime {
namespace {

// from_chars reports overflow and underflow alike; strtod tells them apart. Only such numbers come here.
bool ParseExtreme(std::string_view lexeme, double* real) {
  *real = std::strtod(std::string(lexeme).c_str(), nullptr);
  return std::isfinite(*real);
}

bool ParseReal(std::string_view lexeme, Number* number) {
  number->kind = Kind::kDouble;
  const auto [end, error] = std::from_chars(lexeme.data(), lexeme.data() + lexeme.size(), number->real);
  if (error == std::errc::result_out_of_range) return ParseExtreme(lexeme, &number->real);
  return true;
}

}  // namespace

bool ParseNumber(std::string_view lexeme, Number* number) {
  const char* const begin = lexeme.data();
  const char* const end = begin + lexeme.size();
  if (lexeme.find_first_of(".eE") != std::string_view::npos || lexeme == "-0") return ParseReal(lexeme, number);
  if (std::from_chars(begin, end, number->integer).ec == std::errc()) {
    number->kind = Kind::kInteger;
    return true;
  }
  if (lexeme.front() != '-' && std::from_chars(begin, end, number->unsigned_value).ec == std::errc()) {
    number->kind = Kind::kUnsigned;
    return true;
  }
  return ParseReal(lexeme, number);
}

}  // namespace vecgate::runtime
