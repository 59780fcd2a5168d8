// Joins texts. (Debian's abseil has a string_view of its own, which its StrCat asks for.)
#pragma once

#include <string>
#include <string_view>

namespace vecgate::runtime {

template <class... Parts>
std::string Concat(const Parts&... parts) {
  const std::string_view views[] = {parts...};
  size_t size = 0;
  for (const std::string_view view : views) size += view.size();
  std::string text;
  text.reserve(size);
  for (const std::string_view view : views) text.append(view);
  return text;
}

}  // namespace vecgate::runtime
