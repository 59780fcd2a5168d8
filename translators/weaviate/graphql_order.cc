#include "weaviate/graphql_order.h"

#include <chrono>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::ListValue;
using ::weaviate::v1::Value;

template <class T>
int ComparedPlain(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// --- texts -----------------------------------------------------------------------------------------------------

// The next character of UTF-8, or the next byte of what is none.
uint32_t Next(std::string_view text, size_t* at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const uint32_t first = byte((*at)++);
  const size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0 || *at + more > text.size()) return first;
  uint32_t code = first & (0x3Fu >> more);
  for (size_t i = 0; i < more; ++i) code = code << 6 | (byte((*at)++) & 0x3F);
  return code;
}

uint32_t LowerLetter(uint32_t code) {
  const auto in = [code](uint32_t from, uint32_t to) { return code >= from && code <= to; };
  if (in('A', 'Z') || (in(0xC0, 0xDE) && code != 0xD7)) return code + 0x20;  // Latin
  if (in(0x391, 0x3A9) || in(0x410, 0x42F)) return code + 0x20;              // Greek, Cyrillic
  if (in(0x400, 0x40F)) return code + 0x50;
  if (in(0x100, 0x137) || in(0x14A, 0x177) || in(0x460, 0x481) || in(0x48A, 0x4BF)) return code | 1;  // pairs
  if (in(0x139, 0x148) || in(0x179, 0x17E)) return code + (code & 1);
  return code == 0x178 ? 0xFF : code;
}

// --- times -----------------------------------------------------------------------------------------------------

bool ReadDigits(std::string_view text, size_t at, size_t count, int64_t* number) {
  if (at + count > text.size()) return false;
  *number = 0;
  for (size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    *number = *number * 10 + (text[i] - '0');
  }
  return true;
}

// Seconds since 1970 and nanoseconds of RFC 3339; texts that are none come first.
std::pair<int64_t, int64_t> TimeOf(std::string_view text) {
  constexpr std::pair<int64_t, int64_t> kNone{INT64_MIN, 0};
  int64_t year, month, day, hour, minute, second;
  if (!ReadDigits(text, 0, 4, &year) || !ReadDigits(text, 5, 2, &month) || !ReadDigits(text, 8, 2, &day) ||
      !ReadDigits(text, 11, 2, &hour) || !ReadDigits(text, 14, 2, &minute) || !ReadDigits(text, 17, 2, &second))
    return kNone;
  const std::chrono::sys_days date{std::chrono::year(static_cast<int>(year)) / static_cast<int>(month) /
                                   static_cast<int>(day)};
  int64_t seconds = date.time_since_epoch().count() * 86'400 + hour * 3600 + minute * 60 + second;
  size_t at = 19;
  int64_t nanoseconds = 0;
  if (at < text.size() && text[at] == '.') {
    int64_t unit = 100'000'000;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10)
      nanoseconds += (text[at] - '0') * unit;
  }
  int64_t offset_hours, offset_minutes;
  if (at < text.size() && (text[at] == '+' || text[at] == '-') && ReadDigits(text, at + 1, 2, &offset_hours) &&
      ReadDigits(text, at + 4, 2, &offset_minutes))
    seconds -= (text[at] == '+' ? 1 : -1) * (offset_hours * 3600 + offset_minutes * 60);
  return {seconds, nanoseconds};
}

int ComparedTimes(std::string_view a, std::string_view b) { return ComparedPlain(TimeOf(a), TimeOf(b)); }

// --- lists -----------------------------------------------------------------------------------------------------

template <class List, class Compare>
int ComparedLists(const List& a, const List& b, const Compare& compare) {
  for (int i = 0; i < a.size() && i < b.size(); ++i)
    if (const int order = compare(a.Get(i), b.Get(i)); order != 0) return order;
  return ComparedPlain(a.size(), b.size());
}

// Packed numbers.
template <class Number>
struct Packed {
  std::string_view bytes;
  int size() const { return static_cast<int>(bytes.size() / sizeof(Number)); }
  Number Get(int i) const {
    Number number;
    std::memcpy(&number, bytes.data() + static_cast<size_t>(i) * sizeof(Number), sizeof(Number));
    return number;
  }
};

int Compared(const ListValue& a, const ListValue& b) {
  if (a.kind_case() != b.kind_case()) return ComparedPlain(a.kind_case(), b.kind_case());
  switch (a.kind_case()) {
    case ListValue::kTextValues:
      return ComparedLists(a.text_values().values(), b.text_values().values(), ComparedTexts);
    case ListValue::kDateValues:
      return ComparedLists(a.date_values().values(), b.date_values().values(), ComparedTimes);
    case ListValue::kBoolValues:
      return ComparedLists(a.bool_values().values(), b.bool_values().values(), ComparedPlain<bool>);
    case ListValue::kIntValues:
      return ComparedLists(Packed<int64_t>{a.int_values().values()}, Packed<int64_t>{b.int_values().values()},
                           ComparedPlain<int64_t>);
    case ListValue::kNumberValues:
      return ComparedLists(Packed<double>{a.number_values().values()}, Packed<double>{b.number_values().values()},
                           ComparedPlain<double>);
    default:
      return 0;
  }
}

}  // namespace

int ComparedTexts(std::string_view a, std::string_view b) {
  for (size_t i = 0, k = 0;;) {
    if (i == a.size() || k == b.size()) return ComparedPlain(i < a.size(), k < b.size());
    const uint32_t left = LowerLetter(Next(a, &i));
    const uint32_t right = LowerLetter(Next(b, &k));
    if (left != right) return left < right ? -1 : 1;
  }
}

int Compared(const Value& a, const Value& b) {
  if (a.kind_case() != b.kind_case()) return ComparedPlain(a.kind_case(), b.kind_case());
  switch (a.kind_case()) {
    case Value::kTextValue:
      return ComparedTexts(a.text_value(), b.text_value());
    case Value::kBlobValue:
      return ComparedTexts(a.blob_value(), b.blob_value());
    case Value::kDateValue:
      return ComparedTimes(a.date_value(), b.date_value());
    case Value::kIntValue:
      return ComparedPlain(a.int_value(), b.int_value());
    case Value::kNumberValue:
      return ComparedPlain(a.number_value(), b.number_value());
    case Value::kBoolValue:
      return ComparedPlain(a.bool_value(), b.bool_value());
    case Value::kListValue:
      return Compared(a.list_value(), b.list_value());
    case Value::kGeoValue:
      if (const int order = ComparedPlain(a.geo_value().longitude(), b.geo_value().longitude()); order != 0)
        return order;
      return ComparedPlain(a.geo_value().latitude(), b.geo_value().latitude());
    case Value::kPhoneValue:
      if (const int order = ComparedPlain(a.phone_value().country_code(), b.phone_value().country_code()); order != 0)
        return order;
      return ComparedPlain(a.phone_value().national(), b.phone_value().national());
    default:
      return 0;
  }
}

}  // namespace vecgate::translators::weaviate
