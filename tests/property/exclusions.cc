#include "exclusions.h"

namespace vecgate::property {
namespace {

constexpr Exclusion kNotReadBack[] = {
    {"VectorOutput", "occurs in replies only: it is not read"},
};

constexpr Exclusion kLeftOut[] = {
    {"qdrant.StartFrom.timestamp", "prints as text, which is read as `datetime`"},
};

constexpr Exclusion kAlwaysFilled[] = {
    {"qdrant.Usage.hardware", "a Usage without either counts as unset"},
};

constexpr Exclusion kNeverEmpty[] = {
    {"qdrant.MultiDenseVector.vectors", "[] is a dense vector"},
    {"qdrant.DenseVector.data", "[[], []] is a sparse vector"},
    {"qdrant.InferenceUsage.models", "an InferenceUsage without models counts as unset"},
};

}  // namespace

std::span<const Exclusion> ShapesNotReadBack() { return kNotReadBack; }
std::span<const Exclusion> FieldsLeftOut() { return kLeftOut; }
std::span<const Exclusion> FieldsAlwaysFilled() { return kAlwaysFilled; }
std::span<const Exclusion> ListsNeverEmpty() { return kNeverEmpty; }

MessageLimits LimitsOfMessages() { return {NamesOf(kLeftOut), NamesOf(kAlwaysFilled), NamesOf(kNeverEmpty)}; }

std::set<std::string> NamesOf(std::span<const Exclusion> exclusions) {
  std::set<std::string> names;
  for (const Exclusion& exclusion : exclusions) names.insert(std::string(exclusion.what));
  return names;
}

}  // namespace vecgate::property
