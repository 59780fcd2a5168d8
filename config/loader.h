// From file, environment and command line to a Config. Later sources override earlier ones, in that order.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/config.h"

namespace vecgate::config {

// Reads YAML text over `config`. Errors name file, line and key: "vecgate.yaml:12: limits.body_byte: unknown key".
absl::Status LoadYaml(std::string_view file_name, const std::string& text, Config& config);
absl::Status LoadFile(const std::string& path, Config& config);

// Returns the variable's value, or nullptr.
using Environment = std::function<const char*(const char* name)>;
absl::Status LoadEnvironment(const Environment& environment, Config& config);

// What the command line asks for.
struct CommandLine {
  enum class Action : uint8_t { kServe, kCheckConfig, kVersion, kHelp };
  Action action = Action::kServe;
  Config config;
  std::string port_file;  // where to write the ports once listening
};

// Arguments without the program's name. Loads --config and the environment on the way.
absl::StatusOr<CommandLine> ParseCommandLine(std::span<const char* const> arguments, const Environment& environment);

std::string HelpText();
// The whole configuration as "key: value" lines.
std::string Print(const Config& config);

}  // namespace vecgate::config
