// The tables as JSON Schema. It is stricter than the loader where that helps an editor: a number is not text.
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include <absl/container/flat_hash_set.h>

#include <optional>
#include <string>

#include "base/text.h"
#include "config/loader.h"
#include "config/settings.h"

namespace vecgate::config {
namespace {

class SchemaWriter {
 public:
  std::string Write() {
    writer_.SetIndent(' ', 2);
    writer_.StartObject();
    Text("$schema", "https://json-schema.org/draft/2020-12/schema");
    Text("title", "vecgate configuration");
    const Config defaults;
    Map(Settings(), Sections(), &defaults, "");
    writer_.EndObject();
    return base::Concat(std::string_view(buffer_.GetString(), buffer_.GetSize()), "\n");
  }

 private:
  void Key(std::string_view key) { writer_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size())); }
  void String(std::string_view text) { writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size())); }
  void Text(std::string_view key, std::string_view text) {
    Key(key);
    String(text);
  }

  // What of a mapping begins with `prefix`: "", "limits.". `defaults` may be null: an element of a section has none.
  void Map(std::span<const Setting> settings, std::span<const Section> sections, const void* defaults,
           const std::string& prefix) {
    Text("type", "object");
    Key("additionalProperties");
    writer_.Bool(false);
    Key("properties");
    writer_.StartObject();
    absl::flat_hash_set<std::string> groups;
    // True when a value stands here by this name; a group is written when it is first met.
    const auto is_here = [&](std::string_view key, std::string* name) {
      if (!key.starts_with(prefix)) return false;
      *name = std::string(key.substr(prefix.size()));
      const size_t dot = name->find('.');
      if (dot == std::string::npos) return true;
      name->resize(dot);
      if (groups.insert(*name).second) {
        Key(*name);
        writer_.StartObject();
        Map(settings, sections, defaults, base::Concat(prefix, *name, "."));
        writer_.EndObject();
      }
      return false;
    };
    std::string name;
    for (const Setting& setting : settings) {
      if (!is_here(setting.key, &name)) continue;
      Key(name);
      writer_.StartObject();
      Text("description", setting.help);
      Value(setting, defaults == nullptr ? std::string() : setting.get(defaults), defaults != nullptr);
      writer_.EndObject();
    }
    for (const Section& section : sections) {
      if (!is_here(section.key, &name)) continue;
      Key(name);
      writer_.StartObject();
      Text("description", section.help);
      Text("type", "array");
      Key("items");
      writer_.StartObject();
      Map(section.settings, {}, nullptr, "");
      writer_.EndObject();
      writer_.EndObject();
    }
    writer_.EndObject();
  }

  void Value(const Setting& setting, const std::string& text, bool has_default) {
    if (setting.is_list) {
      Key("oneOf");
      writer_.StartArray();
      writer_.StartObject();
      Text("type", "string");
      writer_.EndObject();
      writer_.StartObject();
      Text("type", "array");
      Key("items");
      writer_.StartObject();
      Text("type", "string");
      writer_.EndObject();
      writer_.EndObject();
      writer_.EndArray();
    } else {
      Type(setting);
    }
    if (!has_default) return;
    Key("default");
    if (setting.kind == Kind::kBool || setting.kind == Kind::kNumber || setting.kind == Kind::kRatio) {
      writer_.RawValue(text.data(), text.size(), rapidjson::kNumberType);
    } else if (setting.is_list && text.empty()) {
      writer_.StartArray();
      writer_.EndArray();
    } else {
      String(text);
    }
  }

  void Type(const Setting& setting) {
    switch (setting.kind) {
      case Kind::kText:
      case Kind::kFile:
        Text("type", "string");
        return;
      case Kind::kBool:
        Text("type", "boolean");
        return;
      case Kind::kNumber:
        Text("type", "integer");
        Key("minimum");
        writer_.Uint64(setting.at_least);
        Key("maximum");
        writer_.Uint64(setting.at_most);
        return;
      case Kind::kRatio:
        Text("type", "number");
        Key("minimum");
        writer_.Uint64(0);
        Key("maximum");
        writer_.Uint64(1);
        return;
      case Kind::kSize:
        NumberOr("^[0-9]+(KiB|MiB|GiB)?$", std::nullopt);
        return;
      case Kind::kDuration:
        NumberOr("^([0-9]+(ms|s|m|h)|0)$", 0);  // only 0 needs no unit
        return;
      case Kind::kAddress:
        Text("type", "string");
        Text("pattern", "^([^ /]+:[0-9]{1,5}|unix:/.+)?$");
        return;
      case Kind::kChoice:
        Key("enum");
        writer_.StartArray();
        for (const std::string_view word : base::Split(setting.choices, ',')) String(word);
        writer_.EndArray();
        return;
      case Kind::kSecret:
        Text("type", "string");
        Key("writeOnly");
        writer_.Bool(true);
        return;
    }
  }

  // A number without a unit, or text by `pattern`.
  void NumberOr(std::string_view pattern, std::optional<uint64_t> at_most) {
    Key("type");
    writer_.StartArray();
    String("string");
    String("integer");
    writer_.EndArray();
    Text("pattern", pattern);
    Key("minimum");
    writer_.Uint64(0);
    if (!at_most.has_value()) return;
    Key("maximum");
    writer_.Uint64(*at_most);
  }

  rapidjson::StringBuffer buffer_;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer_{buffer_};
};

}  // namespace

std::string Schema() { return SchemaWriter().Write(); }

}  // namespace vecgate::config
