// Doubles in error texts. (FormatFloat and FormatDouble, for replies, are declared in json_writer.h.)
#pragma once

#include <string>

namespace vecgate::runtime {

// As JSON: 10.0, 1.5e+16.
std::string JsonText(double value);
// As Rust's `{}` prints an f64: 10, 18446744073709552000; never an exponent.
std::string PlainText(double value);

}  // namespace vecgate::runtime
