// RFC 4648 section 5 without padding, as tokens and keys use it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vecgate::auth {

// Nothing when `text` has other characters, an impossible length, or bits left over that are not zero: every value has
// one spelling only.
std::optional<std::string> DecodeBase64Url(std::string_view text);

}  // namespace vecgate::auth
