// Files of secrets and keys.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>

namespace vecgate::auth {

// The whole file; fails when it cannot be read or is larger than `most`. Local files of this size are read within
// microseconds, so a control thread may.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path, size_t most);

}  // namespace vecgate::auth
