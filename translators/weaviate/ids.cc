#include "weaviate/ids.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <random>

#include "runtime/named/uuid.h"

namespace vecgate::translators::weaviate {
namespace {

constexpr size_t kBytes = 16;
constexpr size_t kSimple = 2 * kBytes;
constexpr size_t kHyphenated = kSimple + 4;

std::mt19937_64& Random() {
  thread_local std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return random;
}

}  // namespace

bool IsId(std::string_view text) {
  return (text.size() == kSimple || text.size() == kHyphenated) && runtime::IsUuid(text);
}

std::string CanonicalId(std::string_view text) { return runtime::CanonicalUuid(text); }

std::string IdFromBytes(std::string_view bytes) {
  if (bytes.size() != kBytes) return {};
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string id;
  id.reserve(kHyphenated);
  for (size_t i = 0; i < kBytes; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    id += kHex[byte >> 4];
    id += kHex[byte & 0xF];
  }
  return id;
}

std::string NewId() {
  const std::array<uint64_t, 2> words{Random()(), Random()()};
  std::array<char, kBytes> bytes;
  std::memcpy(bytes.data(), words.data(), kBytes);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);  // version
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);  // variant
  return IdFromBytes({bytes.data(), bytes.size()});
}

}  // namespace vecgate::translators::weaviate
