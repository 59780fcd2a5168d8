// Static API keys, kept as salted hashes.
#pragma once

#include <absl/status/statusor.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "auth/caller.h"

namespace vecgate::auth {

// SHA-256 over salt and key. A fast hash is enough for keys that are random, which is why short ones are refused: a
// slow one would let anybody who sends wrong keys keep the gateway busy.
struct KeyHash {
  std::string salt;
  std::array<uint8_t, 32> digest{};
};

inline constexpr size_t kShortestKey = 16;

// With a fresh random salt. Fails on keys shorter than kShortestKey and on bytes a header cannot carry.
absl::StatusOr<KeyHash> HashKey(std::string_view key);
// "sha256:<salt in hexadecimal>:<digest in hexadecimal>".
std::string Format(const KeyHash& hash);
absl::StatusOr<KeyHash> ParseKeyHash(std::string_view text);

// Immutable after it was filled; then used by any thread.
class ApiKeys {
 public:
  void Add(KeyHash hash, CallerPtr caller) { keys_.push_back({std::move(hash), std::move(caller)}); }
  bool empty() const { return keys_.empty(); }
  // Null: no such key. Takes as long for a wrong key as for any right one.
  CallerPtr Find(std::string_view key) const;

 private:
  struct Entry {
    KeyHash hash;
    CallerPtr caller;
  };
  std::vector<Entry> keys_;
};

}  // namespace vecgate::auth
