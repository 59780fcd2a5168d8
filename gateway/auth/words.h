// Texts with a place to fill.
#pragma once

#include <string>
#include <string_view>

namespace vecgate::auth {

// `text` with `value` in place of the first `place`.
inline std::string Filled(std::string_view text, std::string_view place, std::string_view value) {
  std::string filled(text);
  if (const size_t at = filled.find(place); at != std::string::npos) filled.replace(at, place.size(), value);
  return filled;
}

}  // namespace vecgate::auth
