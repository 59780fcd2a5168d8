// What a JSON number is, from its spelling.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/json_value.h"

namespace vecgate::runtime {

struct Number {
  Kind kind;  // kInteger, kUnsigned or kDouble
  union {
    int64_t integer;
    uint64_t unsigned_value;
    double real;
  };
};

// `lexeme` is a valid JSON number. False when it is beyond the range of a double; one below its precision is 0.
bool ParseNumber(std::string_view lexeme, Number* number);

}  // namespace vecgate::runtime
