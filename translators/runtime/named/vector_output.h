// VectorOutput: a vector of a reply. Servers before the oneof `vector` existed fill `data`, `indices` (a sparse
// vector) and `vectors_count` (rows of a multi-vector, one after the other) instead.
#pragma once

#include <google/protobuf/repeated_field.h>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"
#include "runtime/scalars.h"

namespace vecgate::runtime {

template <class Indices>
void WriteSparseVector(const Indices& indices, const google::protobuf::RepeatedField<float>& values,
                       JsonWriter& writer) {
  writer.StartObject();
  writer.Key("indices");
  writer.StartArray();
  for (const auto index : indices) writer.Uint64(index);
  writer.EndArray();
  writer.Key("values");
  writer.Floats(values);
  writer.EndObject();
}

// `data` as `rows` lists of equal length. What does not divide evenly is no multi-vector; it is printed whole.
void WriteRows(const google::protobuf::RepeatedField<float>& data, uint32_t rows, JsonWriter& writer);

// The old fields are deprecated, not gone.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

template <class M>
void WriteVectorOutput(const M& vector, JsonWriter& writer) {
  switch (vector.vector_case()) {
    case M::kDense:
      return writer.Floats(vector.dense().data());
    case M::kSparse:
      return WriteSparseVector(vector.sparse().indices(), vector.sparse().values(), writer);
    case M::kMultiDense:
      writer.StartArray();
      for (const auto& row : vector.multi_dense().vectors()) writer.Floats(row.data());
      return writer.EndArray();
    case M::VECTOR_NOT_SET:
      break;
  }
  if (vector.has_indices()) return WriteSparseVector(vector.indices().data(), vector.data(), writer);
  if (vector.has_vectors_count()) return WriteRows(vector.data(), vector.vectors_count(), writer);
  writer.Floats(vector.data());
}

#pragma GCC diagnostic pop

// Always into the oneof: rows are a multi-vector, an object is a sparse vector.
template <class M>
bool ReadVectorOutput(JsonReader& reader, const JsonValue& value, M* vector) {
  if (value.kind() == Kind::kObject) {
    JsonValue indices, values;
    if (!value.Find("indices", &indices)) return reader.FailMissing(value, "indices");
    if (!value.Find("values", &values)) return reader.FailMissing(value, "values");
    auto* sparse = vector->mutable_sparse();
    ListReader list(reader, indices, "a sequence");
    while (list.Next()) {
      uint32_t index = 0;
      if (!ReadInteger(reader, list.value(), {"u32"}, &index)) return false;
      sparse->add_indices(index);
    }
    return list.ok() && ReadFloats(reader, values, sparse->mutable_values());
  }
  if (value.kind() != Kind::kArray) return reader.FailType(value, "a vector");
  const ArrayCursor first(value);
  if (first.Done() || first.value().kind() != Kind::kArray)
    return ReadFloats(reader, value, vector->mutable_dense()->mutable_data());
  ListReader rows(reader, value, "a sequence");
  while (rows.Next())
    if (!ReadFloats(reader, rows.value(), vector->mutable_multi_dense()->add_vectors()->mutable_data())) return false;
  return rows.ok();
}

}  // namespace vecgate::runtime
