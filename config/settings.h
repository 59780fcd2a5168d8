// Every setting by name: one table serves the file, the environment, the command line, the printed form and the schema.
//
// Settings stand in the table of the struct they belong to. The table of Config is the file itself. A section is a list
// of structs of one kind, as `listeners`; it has a table of its own with the keys of one element. rows.h makes rows.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace vecgate::config {

// What a value is, for the schema and the printed form; `set` alone decides what is taken.
enum class Kind : uint8_t { kText, kBool, kNumber, kRatio, kSize, kDuration, kAddress, kChoice, kFile, kSecret };

struct Setting {
  std::string_view key;   // place in the file, or in the element of a section: "limits.body_bytes"
  std::string_view flag;  // command line option without dashes; empty: none
  std::string_view help;
  Kind kind = Kind::kText;
  uint64_t at_least = 0;  // kNumber
  uint64_t at_most = 0;
  std::string_view choices;  // kChoice: separated by commas
  bool is_list = false;  // the file may give a sequence; text separates elements by commas
  bool reloads = false;  // takes effect without a restart

  // `owner` is an object of the struct that the table belongs to. Reads a value from text. The error says what is wrong
  // with the value, not where it stood, and does not repeat it.
  absl::Status set(void* owner, std::string_view text) const { return read(const_cast<void*>(PartOf(owner)), text); }
  // The value as text that `set` reads back; of a secret what may be shown.
  std::string get(const void* owner) const { return write(PartOf(owner)); }
  bool same(const void* a, const void* b) const {
    return equal != nullptr ? equal(PartOf(a), PartOf(b)) : get(a) == get(b);
  }

  // How (rows.h): of the struct itself, or of the part of it that `part` gives.
  absl::Status (*read)(void* owner, std::string_view text) = nullptr;
  std::string (*write)(const void* owner) = nullptr;
  bool (*equal)(const void* a, const void* b) = nullptr;    // null: equal texts are equal values
  const void* (*part)(const void* owner) = nullptr;

  constexpr Setting Reloads() const { return With([](Setting& s) { s.reloads = true; }); }
  constexpr Setting List() const { return With([](Setting& s) { s.is_list = true; }); }
  constexpr Setting As(Kind new_kind) const {
    return With([new_kind](Setting& s) { s.kind = new_kind; });
  }

 private:
  const void* PartOf(const void* owner) const { return part == nullptr ? owner : part(owner); }

  template <typename Change>
  constexpr Setting With(Change change) const {
    Setting changed = *this;
    change(changed);
    return changed;
  }
};

// A list of mappings in the file.
struct Section {
  std::string_view key;  // "listeners", "auth.keys"
  std::string_view help;
  std::span<const Setting> settings;  // of one element
  size_t (*size)(const Config& config);
  const void* (*at)(const Config& config, size_t index);
  void* (*append)(Config& config);  // a new element at the end
  void (*clear)(Config& config);
  absl::Status (*check)(const void* element);  // what single values cannot tell; names the key within the element
  bool reloads = false;                        // elements may come and go without a restart
};

std::span<const Setting> Settings();
std::span<const Section> Sections();
// Null when there is none of that name.
const Setting* FindSetting(std::span<const Setting> table, std::string_view key);
const Section* FindSection(std::string_view key);
// "limits.body_bytes" -> "VECGATE_LIMITS_BODY_BYTES".
std::string EnvironmentName(std::string_view key);

// What single values cannot tell: combinations that make no sense. The message begins with the key.
absl::Status Validate(const Config& config);

// Keys that differ and take effect only after a restart, as "threads" or "listeners[1].address".
std::vector<std::string> NeedRestart(const Config& running, const Config& wanted);

// Files that the configuration names: certificates, keys, lists. Their change is a change of the configuration.
std::vector<std::string> NamedFiles(const Config& config);

}  // namespace vecgate::config
