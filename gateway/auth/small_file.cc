#include "auth/small_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/text.h"

namespace vecgate::auth {

absl::StatusOr<std::string> ReadSmallFile(const std::string& path, size_t most) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text(most + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > most) return absl::InvalidArgumentError(base::Concat(path, " holds more than ", most, " bytes"));
  if (!file.eof()) {
    return absl::NotFoundError(base::Concat("cannot read ", path, ": ", std::strerror(errno != 0 ? errno : EIO)));
  }
  return text;
}

}  // namespace vecgate::auth
