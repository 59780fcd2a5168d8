#include "weaviate/search_body.h"

#include <algorithm>
#include <array>

#include "runtime/concat.h"
#include "weaviate/go_values.h"
#include "weaviate/ids.h"
#include "weaviate/vectors.h"
#include "weaviate/where.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;

constexpr std::string_view kStruct = "SearchCommon";
constexpr std::array<std::string_view, 6> kReserved{"singlePrompt",    "groupedTask",     "groupBy",
                                                    "numberOfGroups", "objectsPerGroup", "rerank"};

bool ReadTexts(JsonReader& reader, const JsonValue& value, std::vector<std::string>* texts) {
  texts->clear();
  if (value.kind() != Kind::kArray) return FailType(reader, value, {kStruct, "[]string"});
  runtime::ListReader list(reader, value, {});
  while (list.Next())
    if (!ReadText(reader, list.value(), kStruct, &texts->emplace_back())) return false;
  return !reader.failed();
}

bool ReadNumber(JsonReader& reader, const JsonValue& value, std::optional<double>* number) {
  return ReadDouble(reader, value, kStruct, &number->emplace());
}

bool ReadId(JsonReader& reader, const JsonValue& value, SearchBody* body) {
  if (!ReadText(reader, value, kStruct, &body->id.emplace())) return false;
  if (IsId(*body->id)) return true;
  return reader.Refuse(kInvalidFormat, Concat("id in body must be of type uuid: \"", *body->id, "\""));
}

bool ReadFilter(JsonReader& reader, const JsonValue& value, SearchBody* body) {
  body->has_where = true;
  body->where_failed = !ReadWhere(reader, value, WhereForm::kRest, kStruct, &body->where);
  return !body->where_failed;
}

// What all kinds have.
bool ReadCommon(JsonReader& reader, std::string_view key, const JsonValue& value, SearchBody* body) {
  if (Names(key, "limit")) return ReadInt(reader, value, kStruct, &body->limit.emplace());
  if (Names(key, "offset")) return ReadInt(reader, value, kStruct, &body->offset.emplace());
  if (Names(key, "autoLimit")) return ReadInt(reader, value, kStruct, &body->auto_limit.emplace());
  if (Names(key, "returnProperties")) return ReadTexts(reader, value, &body->properties.emplace());
  if (Names(key, "returnMetadata")) return ReadTexts(reader, value, &body->metadata);
  if (Names(key, "tenant")) return ReadText(reader, value, kStruct, &body->tenant);
  if (Names(key, "consistencyLevel")) return ReadText(reader, value, kStruct, &body->consistency_level);
  if (Names(key, "where")) return ReadFilter(reader, value, body);
  for (const std::string_view name : kReserved)
    if (Names(key, name) && body->reserved.empty()) body->reserved = name;
  return true;
}

bool ReadOwn(JsonReader& reader, std::string_view key, const JsonValue& value, SearchKind kind, SearchBody* body) {
  const bool words = kind == SearchKind::kBm25 || kind == SearchKind::kHybrid;
  if (Names(key, "query") && words) return ReadText(reader, value, kStruct, &body->text.emplace());
  if (Names(key, "query") && kind == SearchKind::kNearText) return ReadTexts(reader, value, &body->concepts.emplace());
  if (Names(key, "queryProperties") && words) return ReadTexts(reader, value, &body->query_properties);
  if (kind == SearchKind::kBm25) return true;
  if (Names(key, "targetVector")) return ReadText(reader, value, kStruct, &body->target_vector);
  if (kind == SearchKind::kHybrid) {
    if (Names(key, "alpha")) return ReadNumber(reader, value, &body->alpha);
    if (Names(key, "maxVectorDistance")) return ReadNumber(reader, value, &body->max_vector_distance);
    if (Names(key, "fusionType")) return ReadText(reader, value, kStruct, &body->fusion_type);
    return true;
  }
  if (Names(key, "distance")) return ReadNumber(reader, value, &body->distance);
  if (Names(key, "certainty")) return ReadNumber(reader, value, &body->certainty);
  if (Names(key, "id") && kind == SearchKind::kNearObject) return ReadId(reader, value, body);
  if (Names(key, "vector") && kind == SearchKind::kNearVector)
    return ReadVectors(reader, value, kStruct, &body->vector.emplace());
  return true;
}

}  // namespace

std::optional<SearchKind> SearchKindOf(std::string_view word) {
  if (word == "bm25") return SearchKind::kBm25;
  if (word == "hybrid") return SearchKind::kHybrid;
  if (word == "near-object") return SearchKind::kNearObject;
  if (word == "near-text") return SearchKind::kNearText;
  if (word == "near-vector") return SearchKind::kNearVector;
  return std::nullopt;
}

bool ReadSearchBody(JsonReader& reader, const JsonValue& root, SearchKind kind, SearchBody* body) {
  *body = {};
  // Null is as good as an object without members.
  if (!root.is_null() && root.kind() != Kind::kObject) return FailType(reader, root, {{}, "models.SearchCommon"});
  if (!root.is_null()) {
    runtime::MapReader members(reader, root, {});
    while (members.Next()) {
      if (members.value().is_null()) continue;
      if (!ReadCommon(reader, members.key(), members.value(), body)) return false;
      if (!ReadOwn(reader, members.key(), members.value(), kind, body)) return false;
    }
    if (reader.failed()) return false;
  }
  const auto require = [&](bool given, std::string_view name) {
    return given || reader.Refuse(kRequired, Concat(name, " in body is required"));
  };
  switch (kind) {
    case SearchKind::kBm25:
    case SearchKind::kHybrid: return require(body->text.has_value(), "query");
    case SearchKind::kNearText: return require(body->concepts.has_value(), "query");
    case SearchKind::kNearObject: return require(body->id.has_value(), "id");
    case SearchKind::kNearVector: return require(body->vector.has_value(), "vector");
  }
  return true;
}

}  // namespace vecgate::translators::weaviate
