// A JSON value as a Rust server prints it inside an error text.
#pragma once

#include <string>

#include "runtime/json_value.h"

namespace vecgate::runtime {

// Scalars plainly (1.0 as `1`), null as `Unit`, containers with typed parts: [U64(1), String("a")].
std::string RustText(const JsonValue& value);

}  // namespace vecgate::runtime
