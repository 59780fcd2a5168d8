#include "runtime/named/point_batch.h"

#include <array>

#include "runtime/concat.h"

namespace vecgate::runtime {
namespace {

enum Column : uint8_t { kIds, kVectors, kPayloads };

constexpr std::array<std::string_view, 3> kNames{"ids", "vectors", "payloads"};
constexpr std::array<KeySpec, 3> kKeys{{{"ids", kIds}, {"vectors", kVectors}, {"payloads", kPayloads}}};
constexpr ObjectSpec kSpec{
    .expecting = "struct Batch",
    .keys = kKeys,
    .names = kNames,
    .segments = {},
    .required = (1u << kIds) | (1u << kVectors),
    .reject_unknown = false,
    .last_key_wins = true,
    .or_list = false,
};

// What the server turns into vectors only where they have a name.
struct Inference {
  std::string_view key;
  std::string_view name;
};
constexpr std::array<Inference, 3> kInferences{{{"text", "Document"}, {"image", "Image"}, {"object", "Object"}}};

bool AllHave(const JsonValue& list, std::string_view key) {
  for (ArrayCursor element(list); !element.Done(); element.Advance()) {
    const std::array<std::string_view, 2> keys{key, "model"};
    if (!Fits(element.value(), {Bit(Kind::kObject), keys})) return false;
  }
  return true;
}

}  // namespace

bool ReadPointColumns(JsonReader& reader, const JsonValue& value, PointColumns* columns) {
  ObjectReader object(reader, value, kSpec);
  while (object.Next()) {
    switch (object.index()) {
      case kIds:
        columns->ids = object.value();
        break;
      case kVectors:
        columns->vectors = object.value();
        break;
      case kPayloads:
        columns->payloads = object.value();
        columns->has_payloads = !object.value().is_null();
        break;
    }
  }
  return object.Finish();
}

bool FailBatchVectors(JsonReader& reader, const JsonValue& vectors) {
  if (vectors.kind() == Kind::kArray) {
    for (const Inference& inference : kInferences) {
      if (!AllHave(vectors, inference.key)) continue;
      return reader.Refuse(400, Concat("Direct ", inference.name,
                                       " processing is not supported in top-level batch vectors. Use named vectors."));
    }
  }
  return reader.FailText(vectors, "data did not match any variant of untagged enum BatchVectorStruct");
}

void ViolateEmptyVector(JsonReader& reader) { reader.Violate("vector", "dense vector must not be empty"); }

void ViolateColumnLength(JsonReader& reader, std::string_view what, size_t ids, size_t others) {
  reader.Violate("batch", Concat("number of ids and ", what, " must be equal (", std::to_string(ids),
                                 " != ", std::to_string(others), ")"));
}

}  // namespace vecgate::runtime
