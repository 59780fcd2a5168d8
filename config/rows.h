// How tables of settings are written. Included by the files that hold one, which name the struct it belongs to first:
//
//   using Owner = Listener;
//   const Setting kSettings[] = {
//       VECGATE_TEXT("name", "name in logs and metrics", name),
//   };
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "config/settings.h"
#include "config/values.h"

namespace vecgate::config {

template <typename T, typename U>
absl::Status Assign(absl::StatusOr<T> value, U* out) {
  if (!value.ok()) return value.status();
  *out = static_cast<U>(*std::move(value));
  return absl::OkStatus();
}

// A row from lambdas without captures: (Owner&, text) -> Status and (const Owner&) -> text.
template <typename Owner, typename Set, typename Get>
constexpr Setting Row(std::string_view key, std::string_view flag, std::string_view help, Set, Get) {
  Setting row;
  row.key = key;
  row.flag = flag;
  row.help = help;
  row.read = [](void* owner, std::string_view text) -> absl::Status { return Set()(*static_cast<Owner*>(owner), text); };
  row.write = [](const void* owner) -> std::string { return Get()(*static_cast<const Owner*>(owner)); };
  return row;
}

constexpr Setting Number(Setting row, uint64_t at_least, uint64_t at_most) {
  row.kind = Kind::kNumber;
  row.at_least = at_least;
  row.at_most = at_most;
  return row;
}

constexpr Setting Choice(Setting row, std::string_view choices) {
  row.kind = Kind::kChoice;
  row.choices = choices;
  return row;
}

template <typename Owner, typename Same>
constexpr Setting Confidential(Setting row, Same) {
  row.kind = Kind::kSecret;
  row.equal = [](const void* a, const void* b) {
    return Same()(*static_cast<const Owner*>(a), *static_cast<const Owner*>(b));
  };
  return row;
}

// A section from lambdas without captures: `members` takes a Config& or const Config& to its std::vector<Element>.
template <typename Element, typename Members, typename Check>
constexpr Section SectionOf(std::string_view key, std::string_view help, std::span<const Setting> settings, Members,
                            Check) {
  Section section;
  section.key = key;
  section.help = help;
  section.settings = settings;
  section.size = [](const Config& config) -> size_t { return Members()(config).size(); };
  section.at = [](const Config& config, size_t index) -> const void* { return &Members()(config)[index]; };
  section.append = [](Config& config) -> void* { return &Members()(config).emplace_back(); };
  section.clear = [](Config& config) { Members()(config).clear(); };
  section.check = [](const void* element) { return Check()(*static_cast<const Element*>(element)); };
  section.reloads = false;
  return section;
}

}  // namespace vecgate::config

#define VECGATE_ROW(key, flag, help, parsed, formatted, member)                                      \
  ::vecgate::config::Row<Owner>(                                                                     \
      key, flag, help, [](Owner& c, std::string_view t) { return Assign(parsed, &c.member); },       \
      [](const Owner& c) -> std::string { return formatted; })

#define VECGATE_BYTES(key, help, member) \
  VECGATE_ROW(key, "", help, ParseBytes(t), FormatBytes(c.member), member).As(Kind::kSize)
// Zero has a meaning of its own.
#define VECGATE_BYTES_OR_0(key, help, member) \
  VECGATE_ROW(key, "", help, ParseBytesOrZero(t), FormatBytes(c.member), member).As(Kind::kSize)
#define VECGATE_COUNT(key, flag, help, member, from, to) \
  Number(VECGATE_ROW(key, flag, help, ParseNumber(t, from, to), base::Concat(c.member), member), from, to)
#define VECGATE_DURATION(key, help, member) \
  VECGATE_ROW(key, "", help, ParsePositiveDuration(t), FormatDuration(c.member), member).As(Kind::kDuration)
#define VECGATE_DURATION_OR_0(key, help, member) \
  VECGATE_ROW(key, "", help, ParseDuration(t), FormatDuration(c.member), member).As(Kind::kDuration)
#define VECGATE_BOOL(key, help, member) \
  VECGATE_ROW(key, "", help, ParseBool(t), c.member ? "true" : "false", member).As(Kind::kBool)
#define VECGATE_TEXT(key, help, member) \
  VECGATE_ROW(key, "", help, absl::StatusOr<std::string>(std::string(t)), c.member, member)
// The path of a file that is read.
#define VECGATE_FILE(key, help, member) VECGATE_TEXT(key, help, member).As(Kind::kFile)
// One of words separated by commas.
#define VECGATE_CHOICE(key, flag, help, member, words) \
  Choice(VECGATE_ROW(key, flag, help, ParseChoice(t, words), c.member, member), words)
// A list of words: std::vector<std::string>.
#define VECGATE_WORDS(key, help, member) \
  VECGATE_ROW(key, "", help, absl::StatusOr<std::vector<std::string>>(ParseWords(t)), base::Join(c.member, ","), member).List()
// `member` is a Secret.
#define VECGATE_SECRET(key, help, member)                                                            \
  Confidential<Owner>(VECGATE_ROW(key, "", help, Secret::From(t), c.member.Shown(), member),         \
                      [](const Owner& a, const Owner& b) { return a.member == b.member; })
