// From file, environment and command line to a Config. Later sources override earlier ones, in that order.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"

namespace vecgate::config {

struct Setting;

// Where each given key stood, as "vecgate.yaml:12", "VECGATE_LISTEN" or "--listen". Of sections: "listeners[1].name".
using Places = absl::flat_hash_map<std::string, std::string>;

// Reads YAML text over `config`. Errors name file, line and key: "vecgate.yaml:12: limits.body_byte: unknown key".
absl::Status LoadYaml(std::string_view file_name, const std::string& text, Config& config, Places& places);
absl::Status LoadFile(const std::string& path, Config& config, Places& places);

// Returns the variable's value, or nullptr.
using Environment = std::function<const char*(const char* name)>;
absl::Status LoadEnvironment(const Environment& environment, Config& config, Places& places);

// What the command line asks for.
struct CommandLine {
  enum class Action : uint8_t { kServe, kCheckConfig, kPrintConfig, kPrintSchema, kHashKey, kVersion, kHelp };
  Action action = Action::kServe;
  std::string config_file;
  std::vector<std::pair<const Setting*, std::string>> options;
  std::string port_file;  // where to write the ports once listening
};

// Arguments without the program's name.
absl::StatusOr<CommandLine> ParseCommandLine(std::span<const char* const> arguments);
std::string HelpText();

// Reads all sources and checks the whole. Can be called again: file and environment may have changed since.
absl::StatusOr<Config> Load(const CommandLine& line, const Environment& environment);

// The whole configuration as YAML that can be loaded; secrets as their place, or as stars.
std::string Print(const Config& config);

// The JSON Schema of the file, for editors.
std::string Schema();

}  // namespace vecgate::config
