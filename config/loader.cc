#include "config/loader.h"

#include <absl/container/flat_hash_set.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/status.h"
#include "base/text.h"
#include "config/settings.h"

namespace vecgate::config {
namespace {

// A mapping in the file: the file itself, or one element of a section.
struct Object {
  std::span<const Setting> settings;
  void* owner;
  std::string name;  // before the keys in it: "", "listeners[1]."
};

class YamlLoader {
 public:
  YamlLoader(std::string_view file_name, Config& config, Places& places)
      : file_name_(file_name), config_(config), places_(places) {}

  absl::Status Load(const YAML::Node& root) {
    if (root.IsNull()) return absl::OkStatus();
    if (!root.IsMap()) return Fail(root.Mark(), "", "must be a mapping of keys to values");
    return LoadMap({Settings(), &config_, ""}, root, "");
  }

 private:
  std::string PlaceOf(const YAML::Mark& mark) const { return base::Concat(file_name_, ":", mark.line + 1); }

  absl::Status Fail(const YAML::Mark& mark, std::string_view key, std::string_view text) const {
    return absl::InvalidArgumentError(base::Concat(PlaceOf(mark), ": ", key, key.empty() ? "" : ": ", text));
  }

  // yaml-cpp 0.7 takes a repeated key without a word, so keys are counted here.
  absl::Status LoadMap(const Object& object, const YAML::Node& map, std::string_view prefix) {
    absl::flat_hash_set<std::string> seen;
    for (const auto& entry : map) {
      if (!entry.first.IsScalar()) {
        return Fail(entry.first.Mark(), base::Concat(object.name, prefix), "keys must be words");
      }
      const std::string key = base::Concat(prefix, prefix.empty() ? "" : ".", entry.first.Scalar());
      if (!seen.insert(key).second) return Fail(entry.first.Mark(), object.name + key, "given twice");
      if (absl::Status status = LoadEntry(object, key, entry.first, entry.second); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status LoadEntry(const Object& object, const std::string& key, const YAML::Node& name,
                         const YAML::Node& value) {
    const std::string full_key = object.name + key;
    places_[full_key] = PlaceOf(name.Mark());
    if (const Setting* setting = FindSetting(object.settings, key); setting != nullptr) {
      return LoadSetting(*setting, object.owner, full_key, name, value);
    }
    if (const Section* section = object.name.empty() ? FindSection(key) : nullptr; section != nullptr) {
      return LoadSection(*section, value);
    }
    if (!IsGroup(object, key)) return Fail(name.Mark(), full_key, "unknown key");
    if (value.IsNull()) return absl::OkStatus();
    if (!value.IsMap()) return Fail(value.Mark(), full_key, "must be a mapping of keys to values");
    return LoadMap(object, value, key);
  }

  absl::Status LoadSetting(const Setting& setting, void* owner, const std::string& full_key, const YAML::Node& name,
                           const YAML::Node& value) {
    std::string text;
    if (value.IsScalar()) {
      text = value.Scalar();
    } else if (value.IsNull()) {
      return Fail(name.Mark(), full_key, "has no value");
    } else if (value.IsSequence() && setting.is_list) {
      std::vector<std::string> elements;
      for (const auto& element : value) {
        if (!element.IsScalar()) return Fail(element.Mark(), full_key, "elements must be plain values");
        if (element.Scalar().find(',') != std::string::npos) {
          return Fail(element.Mark(), full_key, "elements must not hold a comma");
        }
        elements.push_back(element.Scalar());
      }
      text = base::Join(elements, ",");
    } else {
      return Fail(value.Mark(), full_key, "must be a plain value");
    }
    const absl::Status status = setting.set(owner, text);
    return status.ok() ? status : Fail(value.Mark(), full_key, base::MessageOf(status));
  }

  absl::Status LoadSection(const Section& section, const YAML::Node& value) {
    section.clear(config_);
    if (value.IsNull()) return absl::OkStatus();
    if (!value.IsSequence()) return Fail(value.Mark(), section.key, "must be a list of mappings");
    for (size_t i = 0; i < value.size(); ++i) {
      const std::string name = base::Concat(section.key, "[", i, "]");
      const YAML::Node& element = value[i];
      places_[name] = PlaceOf(element.Mark());
      if (!element.IsMap()) return Fail(element.Mark(), name, "must be a mapping of keys to values");
      void* const owner = section.append(config_);
      if (absl::Status status = LoadMap({section.settings, owner, name + "."}, element, ""); !status.ok()) {
        return status;
      }
      if (const absl::Status status = section.check(owner); !status.ok()) {
        return Fail(element.Mark(), "", base::Concat(name, ".", base::MessageOf(status)));
      }
    }
    return absl::OkStatus();
  }

  static bool IsGroup(const Object& object, const std::string& key) {
    const std::string start = key + ".";
    for (const Setting& setting : object.settings) {
      if (setting.key.starts_with(start)) return true;
    }
    if (!object.name.empty()) return false;
    for (const Section& section : Sections()) {
      if (section.key.starts_with(start)) return true;
    }
    return false;
  }

  const std::string_view file_name_;
  Config& config_;
  Places& places_;
};

// Puts before a message that begins with a key where that key, or the group or element around it, stood.
absl::Status WithPlace(const absl::Status& status, const Places& places, std::string_view otherwise) {
  const std::string_view message = base::MessageOf(status);
  std::string_view key = message.substr(0, message.find_first_of(": "));
  while (!key.empty()) {
    if (const auto found = places.find(std::string(key)); found != places.end()) {
      return absl::InvalidArgumentError(base::Concat(found->second, ": ", message));
    }
    const size_t dot = key.rfind('.');
    key = dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
  }
  return otherwise.empty() ? status : absl::InvalidArgumentError(base::Concat(otherwise, ": ", message));
}

// What is usual of a database of this kind, where nothing was said.
void FollowKind(const Places& places, const std::string& key, Upstream* upstream) {
  if (upstream->kind != "weaviate") return;
  if (!places.contains(key + ".address")) upstream->addresses = {"127.0.0.1:50051"};
  // Its server closes connections that are pinged more often than every five minutes.
  if (!places.contains(key + ".keepalive")) upstream->keepalive = std::chrono::minutes(6);
}

}  // namespace

absl::Status LoadYaml(std::string_view file_name, const std::string& text, Config& config, Places& places) {
  // yaml-cpp reports by throwing; it ends here.
  try {
    return YamlLoader(file_name, config, places).Load(YAML::Load(text));
  } catch (const YAML::Exception& error) {
    return absl::InvalidArgumentError(base::Concat(file_name, ":", error.mark.line + 1, ": ", error.msg));
  }
}

absl::Status LoadFile(const std::string& path, Config& config, Places& places) {
  std::ifstream file(path);
  std::stringstream text;
  if (file) text << file.rdbuf();
  if (!file || !text) return absl::NotFoundError(base::Concat(path, ": ", std::strerror(errno)));
  return LoadYaml(path, text.str(), config, places);
}

absl::Status LoadEnvironment(const Environment& environment, Config& config, Places& places) {
  // Only names of settings are looked at: orchestrators put variables of their own beside them (VECGATE_PORT=tcp://...).
  for (const Setting& setting : Settings()) {
    const std::string name = EnvironmentName(setting.key);
    const char* const value = environment(name.c_str());
    if (value == nullptr) continue;
    if (const absl::Status status = setting.set(&config, value); !status.ok()) {
      return absl::InvalidArgumentError(base::Concat(name, ": ", base::MessageOf(status)));
    }
    places[std::string(setting.key)] = name;
  }
  return absl::OkStatus();
}

absl::StatusOr<Config> Load(const CommandLine& line, const Environment& environment) {
  Config config;
  Places places;
  if (!line.config_file.empty()) {
    if (absl::Status status = LoadFile(line.config_file, config, places); !status.ok()) return status;
  }
  if (absl::Status status = LoadEnvironment(environment, config, places); !status.ok()) return status;
  for (const auto& [setting, text] : line.options) {
    if (const absl::Status status = setting->set(&config, text); !status.ok()) {
      return absl::InvalidArgumentError(base::Concat("--", setting->flag, ": ", base::MessageOf(status)));
    }
    places[std::string(setting->key)] = base::Concat("--", setting->flag);
  }
  FollowKind(places, "upstream", &config.upstream);
  for (size_t i = 0; i < config.upstreams.size(); ++i) {
    FollowKind(places, base::Concat("upstreams[", i, "]"), &config.upstreams[i]);
  }
  if (!config.upstreams.empty()) {
    const auto given = std::ranges::find_if(places, [](const auto& p) { return p.first.starts_with("upstream."); });
    if (given != places.end()) {
      return WithPlace(absl::InvalidArgumentError(base::Concat(given->first, ": must not be given beside upstreams")),
                       places, "");
    }
  }
  if (!config.listeners.empty()) {
    if (places.contains("listen") && !config.listen.empty()) {
      return WithPlace(absl::InvalidArgumentError("listen: must not be given beside listeners"), places, "");
    }
    config.listen = Endpoint{};
  }
  if (const absl::Status status = Validate(config); !status.ok()) return WithPlace(status, places, line.config_file);
  return config;
}

}  // namespace vecgate::config
