#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "config/loader.h"
#include "config/settings.h"

namespace vecgate::config {
namespace {

using Action = CommandLine::Action;

const Setting* FindFlag(std::string_view flag) {
  for (const Setting& setting : Settings()) {
    if (!setting.flag.empty() && setting.flag == flag) return &setting;
  }
  return nullptr;
}

std::optional<Action> FindAction(std::string_view name) {
  if (name == "help") return Action::kHelp;
  if (name == "version") return Action::kVersion;
  if (name == "check-config") return Action::kCheckConfig;
  if (name == "print-config") return Action::kPrintConfig;
  if (name == "print-schema") return Action::kPrintSchema;
  if (name == "hash-key") return Action::kHashKey;
  return std::nullopt;
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(std::span<const char* const> arguments) {
  CommandLine line;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (!argument.starts_with("--") || argument.size() == 2) {
      return absl::InvalidArgumentError(base::Concat("unexpected argument '", argument, "'; see --help"));
    }
    const size_t equals = argument.find('=');
    const std::string_view name = argument.substr(2, equals == std::string_view::npos ? equals : equals - 2);
    if (const std::optional<Action> action = FindAction(name); action.has_value()) {
      if (equals != std::string_view::npos) {
        return absl::InvalidArgumentError(base::Concat("--", name, " takes no value"));
      }
      line.action = *action;
      // --help and --version win over everything, wrong options after them included.
      if (line.action == Action::kHelp || line.action == Action::kVersion) return line;
      continue;
    }
    const Setting* const setting = FindFlag(name);
    if (setting == nullptr && name != "config" && name != "port-file") {
      return absl::InvalidArgumentError(base::Concat("unknown option '--", name, "'; see --help"));
    }
    if (equals == std::string_view::npos && i + 1 == arguments.size()) {
      return absl::InvalidArgumentError(base::Concat("--", name, " needs a value"));
    }
    std::string value(equals == std::string_view::npos ? std::string_view(arguments[++i])
                                                       : argument.substr(equals + 1));
    if (setting == nullptr) {
      (name == "config" ? line.config_file : line.port_file) = std::move(value);
      continue;
    }
    const auto given = std::ranges::find(line.options, setting, &std::pair<const Setting*, std::string>::first);
    if (given == line.options.end()) {
      line.options.emplace_back(setting, std::move(value));
    } else if (setting->is_list) {
      base::Append(&given->second, ",", value);
    } else {
      return absl::InvalidArgumentError(base::Concat("--", name, " is given twice"));
    }
  }
  return line;
}

std::string HelpText() {
  std::string out =
      "vecgate: REST/JSON in front of a vector database that is reached by gRPC\n\n"
      "usage: vecgate [options]\n\n"
      "  --config FILE           YAML file with all settings\n";
  const Config defaults;
  for (const Setting& setting : Settings()) {
    if (setting.flag.empty()) continue;
    const std::string value = setting.get(&defaults);
    std::string option = base::Concat("  --", setting.flag, " VALUE");
    option.resize(std::max<size_t>(option.size() + 1, 26), ' ');
    base::Append(&out, option, setting.help, " (", setting.key, ": ", value, ")\n");
  }
  base::Append(&out,
                  "  --port-file FILE        write NAME=PORT of each listener and admin=PORT there once listening\n"
                  "  --check-config          check the configuration and exit\n"
                  "  --print-config          check the configuration, print it without secrets and exit\n"
                  "  --print-schema          print the JSON Schema of the file and exit\n"
                  "  --hash-key              read an API key from standard input, print its hash for auth.keys and exit\n"
                  "  --version               print the version and exit\n"
                  "  --help                  this text\n\n"
                  "Every setting of the file can also come from the environment: VECGATE_ and the key in capitals,\n"
                  "dots as underscores, as VECGATE_LIMITS_BODY_BYTES=64MiB. Options win over the environment, the\n"
                  "environment over the file. Lists of mappings, as listeners, stand in the file.\n");
  return out;
}

}  // namespace vecgate::config
