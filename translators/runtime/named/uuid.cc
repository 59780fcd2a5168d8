#include "runtime/named/uuid.h"

#include <cstddef>

namespace vecgate::runtime {
namespace {

constexpr size_t kDigits = 32;
constexpr size_t kHyphenated = 36;
constexpr std::string_view kUrn = "urn:uuid:";

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }
bool IsHyphenPlace(size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

bool IsHyphenated(std::string_view text) {
  if (text.size() != kHyphenated) return false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (IsHyphenPlace(at) ? text[at] != '-' : !IsHexDigit(text[at])) return false;
  }
  return true;
}

bool IsSimple(std::string_view text) {
  if (text.size() != kDigits) return false;
  for (const char c : text) {
    if (!IsHexDigit(c)) return false;
  }
  return true;
}

}  // namespace

bool IsUuid(std::string_view text) {
  if (text.size() == kHyphenated + 2 && text.front() == '{' && text.back() == '}') {
    return IsHyphenated(text.substr(1, kHyphenated));
  }
  if (text.starts_with(kUrn)) return IsHyphenated(text.substr(kUrn.size()));
  return IsHyphenated(text) || IsSimple(text);
}

std::string CanonicalUuid(std::string_view text) {
  if (text.starts_with(kUrn)) text.remove_prefix(kUrn.size());
  std::string canonical;
  for (const char c : text) {
    if (!IsHexDigit(c)) continue;
    if (IsHyphenPlace(canonical.size())) canonical += '-';
    canonical += c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c;
  }
  return canonical;
}

}  // namespace vecgate::runtime
