#include <yaml-cpp/yaml.h>

#include <string>

#include "base/text.h"
#include "config/loader.h"
#include "config/settings.h"

namespace vecgate::config {
namespace {

// Text that YAML would take for a number or a truth value; readers of other kinds than ours care.
bool NeedsQuotes(const Setting& setting, const YAML::Node& text) {
  if (setting.kind == Kind::kBool || setting.kind == Kind::kNumber || setting.kind == Kind::kSize ||
      setting.kind == Kind::kDuration || setting.kind == Kind::kRatio) {
    return false;
  }
  double number = 0;
  bool truth = false;
  return YAML::convert<double>::decode(text, number) || YAML::convert<bool>::decode(text, truth);
}

// YAML's word for "not plain".
constexpr const char* kQuoted = "!";

YAML::Node ScalarOf(const Setting& setting, std::string_view text) {
  YAML::Node node{std::string(text)};
  if (NeedsQuotes(setting, node)) node.SetTag(kQuoted);
  return node;
}

YAML::Node ValueOf(const Setting& setting, const void* owner) {
  const std::string text = setting.get(owner);
  if (!setting.is_list) return ScalarOf(setting, text);
  YAML::Node list(YAML::NodeType::Sequence);
  list.SetStyle(YAML::EmitterStyle::Flow);
  if (text.empty()) return list;
  for (const std::string_view word : base::Split(text, ',')) list.push_back(ScalarOf(setting, word));
  return list;
}

// yaml-cpp itself drops the quotes of nodes.
void Emit(const YAML::Node& node, YAML::Emitter& out) {
  if (node.IsMap()) {
    out << YAML::BeginMap;
    for (const auto& entry : node) {
      out << YAML::Key << entry.first.Scalar() << YAML::Value;
      Emit(entry.second, out);
    }
    out << YAML::EndMap;
  } else if (node.IsSequence()) {
    if (node.Style() == YAML::EmitterStyle::Flow) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const auto& element : node) Emit(element, out);
    out << YAML::EndSeq;
  } else {
    if (node.Tag() == kQuoted) out << YAML::DoubleQuoted;
    out << node.Scalar();
  }
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
    if (section.size(config) == 0) list.SetStyle(YAML::EmitterStyle::Flow);
    for (size_t i = 0; i < section.size(config); ++i) list.push_back(MapOf(section.settings, section.at(config, i)));
    At(file, section.key) = list;
  }
  YAML::Emitter out;
  Emit(file, out);
  return base::Concat(out.c_str(), "\n");
}

}  // namespace vecgate::config
