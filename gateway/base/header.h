// Header fields as they travel between rooms.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vecgate::base {

// A field as it was sent; views into the request's head.
struct Header {
  std::string_view name;
  std::string_view value;
};

using Headers = std::span<const Header>;

// gRPC metadata: lower-case names.
using Metadata = std::vector<std::pair<std::string, std::string>>;

}  // namespace vecgate::base
