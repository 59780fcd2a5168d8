// Finds the one JSON number that simdjson's DOM does not keep: the integer lexeme `-0`.
#pragma once

#include <string_view>

namespace vecgate::runtime {

// True when `-0` without fraction or exponent occurs in `body`. Inside a string it may be found as well, where the
// characters beside it could stand beside a number; the caller only does unneeded work then.
bool HasMinusZero(std::string_view body);

}  // namespace vecgate::runtime
