#include <yaml-cpp/yaml.h>

#include <string>

#include "base/text.h"
#include "config/loader.h"
#include "config/settings.h"

namespace vecgate::config {
namespace {

YAML::Node ValueOf(const Setting& setting, const void* owner) {
  const std::string text = setting.get(owner);
  if (!setting.is_list) return YAML::Node(text);
  YAML::Node list(YAML::NodeType::Sequence);
  list.SetStyle(YAML::EmitterStyle::Flow);
  if (text.empty()) return list;
  for (const std::string_view word : base::Split(text, ',')) list.push_back(std::string(word));
  return list;
}

// The node at a dotted key, with the mappings on the way.
YAML::Node At(YAML::Node map, std::string_view key) {
  for (const std::string_view part : base::Split(key, '.')) map.reset(map[std::string(part)]);
  return map;
}

YAML::Node MapOf(std::span<const Setting> settings, const void* owner) {
  YAML::Node map(YAML::NodeType::Map);
  for (const Setting& setting : settings) At(map, setting.key) = ValueOf(setting, owner);
  return map;
}

}  // namespace

std::string Print(const Config& config) {
  YAML::Node file = MapOf(Settings(), &config);
  for (const Section& section : Sections()) {
    YAML::Node list(YAML::NodeType::Sequence);
    for (size_t i = 0; i < section.size(config); ++i) list.push_back(MapOf(section.settings, section.at(config, i)));
    At(file, section.key) = list;
  }
  YAML::Emitter out;
  out << file;
  return base::Concat(out.c_str(), "\n");
}

}  // namespace vecgate::config
