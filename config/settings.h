// Every setting by name: one table serves the file, the environment, the command line and the printed form.
#pragma once

#include <absl/status/status.h>

#include <span>
#include <string>
#include <string_view>

#include "config/config.h"

namespace vecgate::config {

struct Setting {
  std::string_view key;   // place in the file: "limits.body_bytes"
  std::string_view flag;  // command line option without dashes; empty: none
  std::string_view help;
  // Reads a value from text. The error says what is wrong with the value, not where it stood.
  absl::Status (*set)(Config& config, std::string_view text);
  // The value as text that `set` reads back.
  std::string (*get)(const Config& config);
  bool is_list = false;  // the file may give a sequence; text separates elements by commas
};

std::span<const Setting> Settings();
// Null when there is none of that name.
const Setting* FindSetting(std::string_view key);
// "limits.body_bytes" -> "VECGATE_LIMITS_BODY_BYTES".
std::string EnvironmentName(std::string_view key);

// What single values cannot tell: combinations that make no sense. Names the key.
absl::Status Validate(const Config& config);

}  // namespace vecgate::config
