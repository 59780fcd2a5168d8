
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/text.h"
#include "config/loader.h"
#include "config/settings.h"

namespace vecgate::config {
namespace {

struct Option {
  const Setting* setting = nullptr;
  std::string value;
};

const Setting* FindFlag(std::string_view flag) {
  for (const Setting& setting : Settings()) {
    if (!setting.flag.empty() && setting.flag == flag) return &setting;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(std::span<const char* const> arguments, const Environment& environment) {
  CommandLine line;
  std::string config_file;
  std::vector<Option> options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (!argument.starts_with("--") || argument.size() == 2) {
      return absl::InvalidArgumentError(base::Concat("unexpected argument '", argument, "'; see --help"));
    }
    const size_t equals = argument.find('=');
    const std::string_view name = argument.substr(2, equals == std::string_view::npos ? equals : equals - 2);
    if (name == "check-config" || name == "version" || name == "help") {
      if (equals != std::string_view::npos) {
        return absl::InvalidArgumentError(base::Concat("--", name, " takes no value"));
      }
      // --help and --version win over everything, wrong options after them included.
      if (name == "help" || name == "version") {
        line.action = name == "help" ? CommandLine::Action::kHelp : CommandLine::Action::kVersion;
        return line;
      }
      line.action = CommandLine::Action::kCheckConfig;
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
      (name == "config" ? config_file : line.port_file) = std::move(value);
      continue;
    }
    bool merged = false;
    for (Option& option : options) {
      if (option.setting != setting) continue;
      if (!setting->is_list) return absl::InvalidArgumentError(base::Concat("--", name, " is given twice"));
      base::Append(&option.value, ",", value);
      merged = true;
    }
    if (!merged) options.push_back({setting, std::move(value)});
  }

  if (!config_file.empty()) {
    if (const absl::Status status = LoadFile(config_file, line.config); !status.ok()) return status;
  }
  if (const absl::Status status = LoadEnvironment(environment, line.config); !status.ok()) return status;
  for (const Option& option : options) {
    if (const absl::Status status = option.setting->set(line.config, option.value); !status.ok()) {
      return absl::InvalidArgumentError(base::Concat("--", option.setting->flag, ": ", base::MessageOf(status)));
    }
  }
  if (const absl::Status status = Validate(line.config); !status.ok()) {
    return config_file.empty() ? status
                               : absl::InvalidArgumentError(base::Concat(config_file, ": ", base::MessageOf(status)));
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
    const std::string value = setting.get(defaults);
    std::string option = base::Concat("  --", setting.flag, " VALUE");
    option.resize(std::max<size_t>(option.size() + 1, 26), ' ');
    base::Append(&out, option, setting.help, " (", setting.key, ": ", value, ")\n");
  }
  base::Append(&out,
                  "  --port-file FILE        write rest=PORT and admin=PORT there once listening\n"
                  "  --check-config          check the configuration, print it and exit\n"
                  "  --version               print the version and exit\n"
                  "  --help                  this text\n\n"
                  "Every setting of the file can also come from the environment: VECGATE_ and the key in capitals,\n"
                  "dots as underscores, as VECGATE_LIMITS_BODY_BYTES=64MiB. Options win over the environment, the\n"
                  "environment over the file.\n");
  return out;
}

}  // namespace vecgate::config
