// Ids of objects.
#pragma once

#include <string>
#include <string_view>

namespace vecgate::translators::weaviate {

// What the server takes for one: 8-4-4-4-12 hex digits or 32 of them without hyphens, in any case.
bool IsId(std::string_view text);
// Lower-case and hyphenated: how ids are stored and looked up. `text` is an id.
std::string CanonicalId(std::string_view text);
// Of the 16 bytes of an id, most significant first. Empty for another number of bytes.
std::string IdFromBytes(std::string_view bytes);
// A random one (version 4).
std::string NewId();

// Before all other ids.
inline constexpr std::string_view kNilId = "00000000-0000-0000-0000-000000000000";

}  // namespace vecgate::translators::weaviate
