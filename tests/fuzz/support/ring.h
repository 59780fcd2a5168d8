// Things picked by two bytes. Each stands on a ring at the hash of its name and is picked by what lies before it, so
// that an input goes on meaning the same when others are added.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>

namespace vecgate::fuzz {

// FNV-1a, folded.
inline uint16_t PlaceOf(std::string_view name) {
  uint32_t hash = 2166136261;
  for (const char c : name) hash = (hash ^ static_cast<uint8_t>(c)) * 16777619;
  return static_cast<uint16_t>(hash >> 16 ^ hash);
}

template <class T>
class Ring {
 public:
  void Add(std::string_view name, const T* thing) { places_.emplace(PlaceOf(name), thing); }
  const T& At(uint16_t place) const {
    const auto found = places_.lower_bound(place);
    return *(found == places_.end() ? places_.begin() : found)->second;
  }

 private:
  std::multimap<uint16_t, const T*> places_;
};

}  // namespace vecgate::fuzz
