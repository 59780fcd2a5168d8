#include "runtime/utf8.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdint>

namespace vecgate::runtime {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Part {
  size_t size;
  bool valid;
};

// The character that `bytes` begin with, or the part of one.
Part FirstPart(std::string_view bytes) {
  const auto at = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  const uint8_t lead = at(0);
  if (lead < 0x80) return {1, true};
  const size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0) return {1, false};
  // No overlong forms, no surrogates, nothing beyond U+10FFFF: the second byte of some leads has less room.
  uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  for (size_t i = 1; i < length; ++i) {
    if (i == bytes.size() || at(i) < low || at(i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

}  // namespace

std::string Utf8Text(std::string_view bytes) {
  if (simdjson::validate_utf8(bytes.data(), bytes.size())) return std::string(bytes);
  std::string text;
  while (!bytes.empty()) {
    const Part part = FirstPart(bytes);
    text += part.valid ? bytes.substr(0, part.size) : kReplacement;
    bytes.remove_prefix(part.size);
  }
  return text;
}

}  // namespace vecgate::runtime
