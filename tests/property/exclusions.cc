#include "exclusions.h"

namespace vecgate::property {
namespace {

constexpr Exclusion kFields[] = {
    {"qdrant.StartFrom.timestamp", "prints as text, which is read as `datetime`"},
};

constexpr Exclusion kMessages[] = {
    {"qdrant.VectorOutput", "occurs in replies only: it is not read"},
};

}  // namespace

std::span<const Exclusion> ExcludedFields() { return kFields; }
std::span<const Exclusion> ExcludedMessages() { return kMessages; }

std::set<std::string> NamesOf(std::span<const Exclusion> exclusions) {
  std::set<std::string> names;
  for (const Exclusion& exclusion : exclusions) names.insert(std::string(exclusion.what));
  return names;
}

}  // namespace vecgate::property
