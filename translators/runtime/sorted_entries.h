// Maps of messages, which have no order to keep.
#pragma once

#include <algorithm>
#include <vector>

namespace vecgate::runtime {

// Entries of a map in byte order of their keys, so that equal messages print equal text. They live as long as the map is
// not changed.
template <class Map>
std::vector<const typename Map::value_type*> SortedEntries(const Map& map) {
  std::vector<const typename Map::value_type*> entries;
  entries.reserve(map.size());
  for (const auto& entry : map) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  return entries;
}

}  // namespace vecgate::runtime
