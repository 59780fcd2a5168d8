#include "runtime/checks.h"

#include <cmath>
#include <cstdio>

namespace vecgate::runtime {

std::string Display(double value) {
  char buffer[64];
  if (value == std::floor(value) && std::fabs(value) < 1e15) {
    std::snprintf(buffer, sizeof(buffer), "%.0f", value);
    return buffer;
  }
  return std::string(buffer, FormatDouble(value, buffer));
}

std::string Filled(const JsonReader& reader, std::string_view text,
                   std::initializer_list<std::pair<std::string_view, std::string>> values) {
  if (!reader.exact()) return {};
  std::string filled(text);
  for (const auto& [name, value] : values) {
    std::string placeholder = "{" + std::string(name) + "}";
    if (size_t at = filled.find(placeholder); at != std::string::npos) filled.replace(at, placeholder.size(), value);
  }
  return filled;
}

}  // namespace vecgate::runtime
