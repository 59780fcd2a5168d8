#include "weaviate/vectors.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "runtime/scalars.h"
#include "weaviate/go_values.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;
using ::weaviate::v1::Vectors;

constexpr size_t kDimensionBytes = 2;
constexpr size_t kMostDimensions = UINT16_MAX;

static_assert(std::endian::native == std::endian::little);

// A number beyond float32 was narrowed to an infinity.
bool AllFinite(std::string_view floats) {
  constexpr uint32_t kExponent = 0x7F800000;
  bool finite = true;
  for (size_t at = 0; at + sizeof(uint32_t) <= floats.size(); at += sizeof(uint32_t)) {
    uint32_t bits;
    std::memcpy(&bits, floats.data() + at, sizeof(bits));
    finite &= (bits & kExponent) != kExponent;
  }
  return finite;
}

bool ReadRows(JsonReader& reader, const JsonValue& value, std::string_view structure, std::string* bytes) {
  bytes->assign(kDimensionBytes, '\0');
  size_t row_bytes = 0;
  bool first = true;
  for (runtime::ListReader rows(reader, value, {}); rows.Next(); first = false) {
    const size_t before = bytes->size();
    if (!ReadVector(reader, rows.value(), structure, bytes)) return false;
    const size_t size = bytes->size() - before;
    if (first) row_bytes = size;
    // The encoding has one dimension for all rows, and the server takes none of 0.
    if (size == 0 || size != row_bytes) return reader.Refuse(422, "the rows of a multi vector must have the same dimensions");
  }
  const size_t dimensions = row_bytes / sizeof(float);
  if (dimensions > kMostDimensions) return reader.Refuse(422, "a multi vector has at most 65535 dimensions");
  (*bytes)[0] = static_cast<char>(dimensions & 0xFF);
  (*bytes)[1] = static_cast<char>(dimensions >> 8);
  return true;
}

}  // namespace

bool ReadVector(JsonReader& reader, const JsonValue& value, std::string_view structure, std::string* bytes) {
  const Kind kind = value.kind();
  if (kind == Kind::kNull) return true;
  if (kind != Kind::kArray) return FailType(reader, value, {structure, "models.C11yVector"});
  if (!value.located()) {
    const size_t before = bytes->size();
    return runtime::ReadPackedFloats(reader, value, bytes) &&
           (AllFinite(std::string_view(*bytes).substr(before)) || reader.FailText(value, {}));
  }
  for (runtime::ListReader list(reader, value, {}); list.Next();) {
    float number = 0;
    if (!weaviate::ReadFloat(reader, list.value(), structure, &number)) return false;
    bytes->append(reinterpret_cast<const char*>(&number), sizeof(number));
  }
  return true;
}

bool ReadVectors(JsonReader& reader, const JsonValue& value, std::string_view structure, Vectors* vectors) {
  if (value.kind() == Kind::kArray) {
    runtime::ArrayCursor elements(value);
    if (!elements.Done() && elements.value().kind() == Kind::kArray) {
      vectors->set_type(Vectors::VECTOR_TYPE_MULTI_FP32);
      return ReadRows(reader, value, structure, vectors->mutable_vector_bytes());
    }
  }
  vectors->set_type(Vectors::VECTOR_TYPE_SINGLE_FP32);
  return ReadVector(reader, value, structure, vectors->mutable_vector_bytes());
}

void WriteVector(std::string_view bytes, runtime::JsonWriter& writer) { writer.PackedFloats(bytes); }

void WriteVectors(const Vectors& vectors, runtime::JsonWriter& writer) {
  std::string_view bytes = vectors.vector_bytes();
  if (vectors.type() != Vectors::VECTOR_TYPE_MULTI_FP32) return WriteVector(bytes, writer);
  writer.StartArray();
  if (bytes.size() >= kDimensionBytes) {
    const size_t dimensions = static_cast<unsigned char>(bytes[0]) | static_cast<size_t>(static_cast<unsigned char>(bytes[1])) << 8;
    bytes.remove_prefix(kDimensionBytes);
    const size_t row = dimensions * sizeof(float);
    for (; row > 0 && bytes.size() >= row; bytes.remove_prefix(row)) writer.PackedFloats(bytes.substr(0, row));
  }
  writer.EndArray();
}

}  // namespace vecgate::translators::weaviate
