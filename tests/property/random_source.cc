#include "random_source.h"

#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>

namespace vecgate::property {

int64_t RandomSource::Signed(int bits) {
  const int64_t highest = bits == 64 ? std::numeric_limits<int64_t>::max() : (int64_t{1} << (bits - 1)) - 1;
  switch (Below(4)) {
    case 0:
      return static_cast<int64_t>(Below(7)) - 3;
    case 1:
      return Chance(50) ? highest : -highest - 1;
    default:
      return std::bit_cast<int64_t>(engine_()) >> (64 - bits) >> Below(static_cast<uint64_t>(bits));
  }
}

uint64_t RandomSource::Unsigned(int bits) {
  switch (Below(4)) {
    case 0:
      return Below(4);
    case 1:
      return std::numeric_limits<uint64_t>::max() >> (64 - bits);
    default:
      return engine_() >> (64 - bits) >> Below(static_cast<uint64_t>(bits));
  }
}

float RandomSource::Float() {
  switch (Below(4)) {
    case 0:
      return static_cast<float>(Signed(32));
    case 1:
      return static_cast<float>(Below(1000)) / 8.0F;
    default:
      for (;;)
        if (const auto value = std::bit_cast<float>(static_cast<uint32_t>(engine_())); std::isfinite(value))
          return value;
  }
}

double RandomSource::Double() {
  switch (Below(4)) {
    case 0:
      return static_cast<double>(Signed(64));
    case 1:
      return static_cast<double>(Below(1000)) / 8.0;
    default:
      for (;;)
        if (const auto value = std::bit_cast<double>(engine_()); std::isfinite(value)) return value;
  }
}

std::string RandomSource::Text() {
  static const std::vector<std::string> pieces{
      "a",    "B",  "7",  "_",          " ",  ".",  "[",    "]",
      "{",    "\"", "\\", "/",          "\n", "\t", "\x01", std::string(1, '\0'),
      "\x7f", "é",  "名", "\U0001F600", "<",  "&",  "'",    "null"};
  std::string text;
  for (int i = Count() + Count(); i > 0; --i) text += OneOf(pieces);
  return text;
}

std::string RandomSource::Uuid() {
  char text[40];
  std::snprintf(text, sizeof(text), "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(Unsigned(32)),
                static_cast<unsigned>(Below(0x10000)), static_cast<unsigned>(Below(0x10000)),
                static_cast<unsigned>(Below(0x10000)), static_cast<unsigned long long>(engine_() >> 16));
  return text;
}

std::string RandomSource::Path() {
  static const std::vector<std::string> keys{"a", "city", "x-1", "_", "größe", "\"a.b\"", "\"[\""};
  static const std::vector<std::string> steps{".b", "[]", "[3]", ".\"c d\"", ".0"};
  std::string path = OneOf(keys);
  for (int i = Count(); i > 0; --i) path += OneOf(steps);
  return path;
}

std::string RandomSource::Datetime() {
  static const std::vector<std::string> zones{"", "Z", "+02:00", "-0930"};
  char text[64];
  std::snprintf(text, sizeof(text), "%04u-%02u-%02uT%02u:%02u:%02u", 1 + static_cast<unsigned>(Below(9998)),
                1 + static_cast<unsigned>(Below(12)), 1 + static_cast<unsigned>(Below(28)),
                static_cast<unsigned>(Below(24)), static_cast<unsigned>(Below(60)), static_cast<unsigned>(Below(60)));
  std::string datetime = text;
  if (Chance(30)) datetime += "." + std::to_string(Below(1'000'000));
  return datetime + OneOf(zones);
}

int64_t RandomSource::Seconds() {
  constexpr int64_t kFirst = -62'135'596'800;  // 0001-01-01
  constexpr int64_t kEnd = 253'402'300'800;    // 10000-01-01
  return kFirst + static_cast<int64_t>(Below(static_cast<uint64_t>(kEnd - kFirst)));
}

int32_t RandomSource::Nanos() {
  static const std::vector<int32_t> units{0, 1, 1'000, 1'000'000};
  return static_cast<int32_t>(Below(1000)) * OneOf(units);
}

}  // namespace vecgate::property
