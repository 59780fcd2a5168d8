// absl::Status in terms of std::string_view (text.h says why that needs saying).
#pragma once

#include <absl/status/status.h>

#include <string>
#include <string_view>

namespace vecgate::base {

inline std::string_view MessageOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

}  // namespace vecgate::base
