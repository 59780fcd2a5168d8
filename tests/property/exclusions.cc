#include "exclusions.h"

namespace vecgate::property {
namespace {

constexpr Exclusion kNotReadBack[] = {
    {"UpsertPoints_UpsertColumns", "columns are turned into points, which print as points"},
    {"PointsUpdateOperationPointStructList_BatchUpsertColumns",
     "columns are turned into points, which print as points"},
    {"UpdateBatchPoints_BatchDeleteVectors", "is turned into operations, which print as operations"},
};

constexpr Exclusion kLeftOut[] = {
    {"qdrant.StartFrom.timestamp", "prints as text, which is read as `datetime`"},
    {"qdrant.VectorsOutput.vector.sparse", "reads as two vectors called indices and values: sparse vectors have names"},
    {"qdrant.GroupId.integer_value", "reads as unsigned_value unless it is negative"},
    {"qdrant.PointsUpdateOperation.OverwritePayload.key", "read, then dropped"},
    {"qdrant.VectorOutput.data", "older form of the oneof"},
    {"qdrant.VectorOutput.indices", "older form of the oneof"},
    {"qdrant.VectorOutput.vectors_count", "older form of the oneof"},
};

constexpr Exclusion kAlwaysFilled[] = {
    {"qdrant.Usage.hardware", "a Usage without either counts as unset"},
    {"qdrant.InferenceUsage.models", "an InferenceUsage without models counts as unset"},
    {"qdrant.DatetimeRange.gte", "{} is a Range"},
    {"qdrant.PayloadSchemaInfo.points", "is printed as 0 when unset"},
    {"qdrant.PointsUpdateOperation.DeleteVectors.points_selector", "without one it is no operation"},
};

constexpr Exclusion kNeverEmpty[] = {
    {"qdrant.MultiDenseVector.vectors", "[] is a dense vector"},
    {"qdrant.DenseVector.data", "[[], []] is a sparse vector"},
    {"qdrant.RepeatedIntegers.integers", "[] is a list of strings"},
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
