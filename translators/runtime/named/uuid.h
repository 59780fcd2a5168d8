// UUIDs in the spellings a client may use.
#pragma once

#include <string>
#include <string_view>

namespace vecgate::runtime {

// 32 hex digits; hyphenated 8-4-4-4-12; the latter in braces or behind "urn:uuid:". Digits in any case.
bool IsUuid(std::string_view text);
// Lower-case hyphenated spelling of a text that IsUuid.
std::string CanonicalUuid(std::string_view text);

}  // namespace vecgate::runtime
