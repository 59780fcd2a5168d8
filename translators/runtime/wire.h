// Bytes of protobuf's wire format.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace vecgate::runtime {

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

constexpr uint32_t WireTag(int number, WireType type) {
  return static_cast<uint32_t>(number) << 3 | static_cast<uint32_t>(type);
}

constexpr size_t VarintSize(uint64_t value) {
  return value < 0x80 ? 1 : (static_cast<size_t>(std::bit_width(value)) + 6) / 7;
}

// Returns where the next byte goes.
inline char* PutVarint(uint64_t value, char* to) {
  for (; value >= 0x80; value >>= 7) *to++ = static_cast<char>(value | 0x80);
  *to++ = static_cast<char>(value);
  return to;
}

}  // namespace vecgate::runtime
