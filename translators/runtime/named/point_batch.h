// PointBatch: points given as columns, {"ids": [...], "vectors": ..., "payloads": [...]}, into the repeated field
// `points` of a message. A point has the fields id, vectors and payload.
//
// `vectors` is a list of dense vectors, a list of multi-vectors, or a list of vectors for each name.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "runtime/json_reader.h"
#include "runtime/named/point_id.h"
#include "runtime/named/value.h"
#include "runtime/scalars.h"

namespace vecgate::runtime {

// The columns as they stand in the body.
struct PointColumns {
  JsonValue ids;
  JsonValue vectors;
  JsonValue payloads;
  bool has_payloads = false;
};
bool ReadPointColumns(JsonReader& reader, const JsonValue& value, PointColumns* columns);

// Fails with the reason why a list is neither of dense vectors nor of multi-vectors.
bool FailBatchVectors(JsonReader& reader, const JsonValue& vectors);

// Violations of a batch: of its vectors, of the number of its vectors (`what`) or payloads.
void ViolateEmptyVector(JsonReader& reader);
void ViolateColumnLength(JsonReader& reader, std::string_view what, size_t ids, size_t others);

// A step of the path that no container reader makes. RAII.
class StepScope {
 public:
  StepScope(JsonReader& reader, std::string_view key, std::string_view segment) : reader_(reader) {
    frame_.key = key;
    frame_.segment = segment;
    reader_.Push(&frame_);
  }
  ~StepScope() { reader_.Pop(); }
  StepScope(const StepScope&) = delete;

 private:
  JsonReader& reader_;
  JsonReader::Frame frame_;
};

// Deals the entries of the columns to the points, one each. Entries beyond the last point go to waste: their
// number is then refused, but they are still read, since a format error counts before that.
template <class Points, class ReadVector>
class PointDealer {
 public:
  using Point = typename Points::value_type;

  PointDealer(JsonReader& reader, Points* points, const ReadVector& read_vector)
      : reader_(reader), points_(points), read_vector_(read_vector) {}

  bool ReadIds(const JsonValue& ids) {
    StepScope step(reader_, "ids", JsonReader::kSameAsKey);
    ListReader list(reader_, ids, "a sequence");
    while (list.Next()) {
      if (!ReadPointId(reader_, list.value(), points_->Add()->mutable_id())) return false;
    }
    return list.ok();
  }

  bool ReadVectors(const JsonValue& vectors) {
    StepScope step(reader_, "vectors", "");
    const JsonReader::Mark mark = reader_.mark();
    if (vectors.kind() == Kind::kObject && ReadNamed(vectors)) return true;
    if (vectors.kind() == Kind::kArray) {
      if (ReadDense(vectors)) return true;
      reader_.Rewind(mark);
      if (ReadMulti(vectors)) return true;
    }
    reader_.Rewind(mark);
    return FailBatchVectors(reader_, vectors);
  }

  bool ReadPayloads(const JsonValue& payloads) {
    StepScope step(reader_, "payloads", JsonReader::kSameAsKey);
    ListReader list(reader_, payloads, "a sequence");
    for (payloads_ = 0; list.Next(); ++payloads_) {
      const JsonValue& payload = list.value();
      if (payload.is_null()) continue;
      using Value = typename std::decay_t<decltype(std::declval<Point&>().payload())>::mapped_type;
      if (!ReadValueMap<Value>(reader_, payload, "a map", Point::kPayloadFieldNumber, PointAt(payloads_))) return false;
    }
    return list.ok();
  }

  // Called for the batch as a whole, after its columns were read.
  void CheckLengths(bool has_payloads) {
    const auto ids = static_cast<size_t>(points_->size());
    if (vectors_differ_) return ViolateColumnLength(reader_, "vectors", ids, vectors_);
    if (has_payloads && payloads_ != ids) ViolateColumnLength(reader_, "payloads", ids, payloads_);
  }

 private:
  Point* PointAt(size_t i) { return i < static_cast<size_t>(points_->size()) ? points_->Mutable(i) : &waste_; }

  // Violations of a batch do not tell which entry is meant.
  ListReader Entries(const JsonValue& list) {
    return ListReader(reader_, list, "a sequence", /*one_or_many=*/false, /*segment=*/"");
  }

  bool ReadDense(const JsonValue& vectors) {
    ListReader list = Entries(vectors);
    bool any_empty = false;
    for (StartColumn(); list.Next(); ++vectors_) {
      if (list.value().kind() != Kind::kArray) return reader_.FailType(list.value(), "a sequence");
      auto* data = PointAt(vectors_)->mutable_vectors()->mutable_vector()->mutable_dense()->mutable_data();
      data->Clear();
      if (!ReadFloats(reader_, list.value(), data)) return false;
      any_empty = any_empty || data->empty();
    }
    EndColumn();
    if (any_empty) ViolateEmptyVector(reader_);
    return true;
  }

  bool ReadMulti(const JsonValue& vectors) {
    ListReader list = Entries(vectors);
    for (StartColumn(); list.Next(); ++vectors_) {
      auto* rows = PointAt(vectors_)->mutable_vectors()->mutable_vector()->mutable_multi_dense()->mutable_vectors();
      rows->Clear();
      ListReader row = Entries(list.value());
      while (row.Next()) {
        if (!ReadFloats(reader_, row.value(), rows->Add()->mutable_data())) return false;
      }
      if (!row.ok()) return false;
      CheckRows(*rows);
    }
    EndColumn();
    return true;
  }

  template <class Rows>
  void CheckRows(const Rows& rows) {
    for (const auto& row : rows) {
      if (row.data().empty()) return reader_.Violate("data", "all vectors must be non-empty");
    }
    for (const auto& row : rows) {
      if (row.data_size() == rows.Get(0).data_size()) continue;
      const std::string found = std::to_string(row.data_size());
      return reader_.Violate("data", "all vectors must have the same dimension, found vector with dimension " + found);
    }
  }

  bool ReadNamed(const JsonValue& vectors) {
    // A batch without names makes points without vectors, which is not the same as no vectors given.
    for (Point& point : *points_) point.mutable_vectors()->mutable_vectors();
    MapReader names(reader_, vectors, "a map");
    while (names.Next()) {
      ListReader list = Entries(names.value());
      const std::string name(names.key());
      for (StartColumn(); list.Next(); ++vectors_) {
        auto& vector = (*PointAt(vectors_)->mutable_vectors()->mutable_vectors()->mutable_vectors())[name];
        vector.Clear();
        if (!read_vector_(reader_, list.value(), &vector)) return false;
      }
      if (!list.ok()) return false;
      EndColumn();
      if (vectors_differ_) break;
    }
    return names.ok() && !reader_.failed();
  }

  void StartColumn() { vectors_ = 0; }
  void EndColumn() { vectors_differ_ = vectors_ != static_cast<size_t>(points_->size()); }

  JsonReader& reader_;
  Points* const points_;
  const ReadVector& read_vector_;
  Point waste_;
  size_t vectors_ = 0;  // entries of the column read last
  size_t payloads_ = 0;
  bool vectors_differ_ = false;
};

// `read_vector(reader, value, vector)` reads one vector of a name into the message of a named vector.
template <class M, class ReadVector>
bool ReadPointBatch(JsonReader& reader, const JsonValue& value, M* message, const ReadVector& read_vector) {
  PointColumns columns;
  if (!ReadPointColumns(reader, value, &columns)) return false;
  PointDealer dealer(reader, message->mutable_points(), read_vector);
  if (!dealer.ReadIds(columns.ids)) return false;
  const size_t violations = reader.mark().violations;
  if (!dealer.ReadVectors(columns.vectors)) return false;
  const bool valid_vectors = reader.mark().violations == violations;
  if (columns.has_payloads && !dealer.ReadPayloads(columns.payloads)) return false;
  // Only of sound vectors the server goes on to count.
  if (valid_vectors) dealer.CheckLengths(columns.has_payloads);
  return true;
}

// Occurs in requests only.
template <class M>
void WritePointBatch(const M&, JsonWriter& writer) {
  writer.Null();
}

}  // namespace vecgate::runtime
