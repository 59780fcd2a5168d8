#include <algorithm>

#include "runtime/json_reader.h"

namespace vecgate::runtime {
namespace {

bool HasKey(const JsonValue& object, std::string_view key) {
  for (ObjectCursor member(object); !member.Done(); member.Advance()) {
    if (member.key() == key) return true;
  }
  return false;
}

}  // namespace

bool Fits(const JsonValue& value, const Guard& guard) {
  const Kind kind = value.kind();
  if ((guard.kinds & Bit(kind)) == 0) return false;
  if (kind != Kind::kObject) return true;
  return std::all_of(guard.keys.begin(), guard.keys.end(), [&](std::string_view key) { return HasKey(value, key); });
}

}  // namespace vecgate::runtime
