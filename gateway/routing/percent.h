// Percent-encoding of one path segment (RFC 3986 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vecgate::routing {

// `+` stands for itself. Nothing when an escape is broken or the result is not UTF-8.
std::optional<std::string> DecodeSegment(std::string_view segment);

}  // namespace vecgate::routing
