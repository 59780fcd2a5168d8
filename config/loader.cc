#include "config/loader.h"

#include <absl/container/flat_hash_set.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/status.h"
#include "base/text.h"
#include "config/settings.h"

namespace vecgate::config {
namespace {

class YamlLoader {
 public:
  YamlLoader(std::string_view file_name, Config& config) : file_name_(file_name), config_(config) {}

  absl::Status Load(const YAML::Node& root) {
    if (root.IsNull()) return absl::OkStatus();
    if (!root.IsMap()) return Fail(root.Mark(), "", "must be a mapping of keys to values");
    return LoadMap(root, "");
  }

 private:
  absl::Status Fail(const YAML::Mark& mark, std::string_view key, std::string_view text) const {
    return absl::InvalidArgumentError(
        base::Concat(file_name_, ":", mark.line + 1, ": ", key, key.empty() ? "" : ": ", text));
  }

  // yaml-cpp 0.7 takes a repeated key without a word, so keys are counted here.
  absl::Status LoadMap(const YAML::Node& map, std::string_view prefix) {
    absl::flat_hash_set<std::string> seen;
    for (const auto& entry : map) {
      if (!entry.first.IsScalar()) return Fail(entry.first.Mark(), prefix, "keys must be words");
      const std::string key = base::Concat(prefix, prefix.empty() ? "" : ".", entry.first.Scalar());
      if (!seen.insert(key).second) return Fail(entry.first.Mark(), key, "given twice");
      if (absl::Status status = LoadEntry(key, entry.first, entry.second); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status LoadEntry(const std::string& key, const YAML::Node& name, const YAML::Node& value) {
    const Setting* setting = FindSetting(key);
    if (setting == nullptr) {
      if (!IsGroup(key)) return Fail(name.Mark(), key, "unknown key");
      if (value.IsNull()) return absl::OkStatus();
      if (!value.IsMap()) return Fail(value.Mark(), key, "must be a mapping of keys to values");
      return LoadMap(value, key);
    }
    std::string text;
    if (value.IsScalar()) {
      text = value.Scalar();
    } else if (value.IsNull()) {
      return Fail(name.Mark(), key, "has no value");
    } else if (value.IsSequence() && setting->is_list) {
      std::vector<std::string> elements;
      for (const auto& element : value) {
        if (!element.IsScalar()) return Fail(element.Mark(), key, "elements must be plain values");
        elements.push_back(element.Scalar());
      }
      text = base::Join(elements, ",");
    } else {
      return Fail(value.Mark(), key, "must be a plain value");
    }
    const absl::Status status = setting->set(config_, text);
    return status.ok() ? status : Fail(value.Mark(), key, base::MessageOf(status));
  }

  static bool IsGroup(std::string_view key) {
    for (const Setting& setting : Settings()) {
      if (setting.key.size() > key.size() && std::string_view(setting.key).starts_with(key) && setting.key[key.size()] == '.') {
        return true;
      }
    }
    return false;
  }

  const std::string_view file_name_;
  Config& config_;
};

}  // namespace

absl::Status LoadYaml(std::string_view file_name, const std::string& text, Config& config) {
  // yaml-cpp reports by throwing; it ends here.
  try {
    return YamlLoader(file_name, config).Load(YAML::Load(text));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(base::Concat(file_name, ":", error.mark.line + 1, ": ", error.msg));
  }
}

absl::Status LoadFile(const std::string& path, Config& config) {
  std::ifstream file(path);
  std::stringstream text;
  if (file) text << file.rdbuf();
  if (!file || !text) return absl::NotFoundError(base::Concat(path, ": ", std::strerror(errno)));
  return LoadYaml(path, text.str(), config);
}

absl::Status LoadEnvironment(const Environment& environment, Config& config) {
  // Only names of settings are looked at: orchestrators put variables of their own beside them (VECGATE_PORT=tcp://...).
  for (const Setting& setting : Settings()) {
    const std::string name = EnvironmentName(setting.key);
    const char* const value = environment(name.c_str());
    if (value == nullptr) continue;
    if (const absl::Status status = setting.set(config, value); !status.ok()) {
      return absl::InvalidArgumentError(base::Concat(name, ": ", base::MessageOf(status)));
    }
  }
  return absl::OkStatus();
}

std::string Print(const Config& config) {
  std::string out;
  for (const Setting& setting : Settings()) base::Append(&out, setting.key, ": ", setting.get(config), "\n");
  return out;
}

}  // namespace vecgate::config
