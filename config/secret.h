// A value that nobody may see: a key, a token, a password.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

namespace vecgate::config {

class Secret {
 public:
  // `text` is where the value stands: "env:NAME", a variable of the environment, or "file:/path", a file, read at once
  // and without the line end after it. Anything else is the value itself. Errors tell the place, never the value.
  static absl::StatusOr<Secret> From(std::string_view text);

  Secret() = default;

  const std::string& value() const { return value_; }
  bool empty() const { return value_.empty(); }
  // For people: the place, or stars for a value that stood in the text.
  std::string Shown() const;

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string value_;
  std::string place_;  // empty: the value stood in the text
};

}  // namespace vecgate::config
