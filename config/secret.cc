#include "config/secret.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "base/text.h"

namespace vecgate::config {
namespace {

constexpr std::string_view kEnvironment = "env:";
constexpr std::string_view kFile = "file:";
constexpr size_t kLargestFile = 64 * 1024;

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string value(kLargestFile + 1, '\0');
  file.read(value.data(), static_cast<std::streamsize>(value.size()));
  value.resize(static_cast<size_t>(file.gcount()));
  if (!file.eof() && value.size() <= kLargestFile) {
    return absl::NotFoundError(base::Concat("cannot read ", path, ": ", std::strerror(errno != 0 ? errno : EIO)));
  }
  if (value.size() > kLargestFile) {
    return absl::InvalidArgumentError(base::Concat(path, " holds more than ", kLargestFile, " bytes"));
  }
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  if (value.empty()) return absl::InvalidArgumentError(base::Concat(path, " is empty"));
  return value;
}

}  // namespace

absl::StatusOr<Secret> Secret::From(std::string_view text) {
  Secret secret;
  if (text.starts_with(kEnvironment)) {
    const std::string name(text.substr(kEnvironment.size()));
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0') {
      return absl::NotFoundError(base::Concat("the environment has no ", name));
    }
    secret.value_ = value;
    secret.place_ = std::string(text);
  } else if (text.starts_with(kFile)) {
    absl::StatusOr<std::string> value = ReadSecretFile(std::string(text.substr(kFile.size())));
    if (!value.ok()) return value.status();
    secret.value_ = *std::move(value);
    secret.place_ = std::string(text);
  } else {
    secret.value_ = std::string(text);
  }
  return secret;
}

std::string Secret::Shown() const {
  if (!place_.empty()) return place_;
  return value_.empty() ? "" : "***";
}

}  // namespace vecgate::config
