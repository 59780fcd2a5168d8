#include "weaviate/object_body.h"

#include <chrono>

#include "runtime/concat.h"
#include "weaviate/go_values.h"
#include "weaviate/ids.h"
#include "weaviate/json_values.h"
#include "weaviate/request.h"
#include "weaviate/vectors.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonReader;
using runtime::JsonValue;
using runtime::JsonWriter;
using runtime::Kind;
using ::weaviate::v1::BatchObject;
using ::weaviate::v1::Vectors;

constexpr std::string_view kStruct = "Object";

bool ReadId(JsonReader& reader, const JsonValue& value, std::string_view list, BatchObject* object,
            ObjectExtras* extras) {
  std::string id;
  if (!ReadText(reader, value, kStruct, &id)) return false;
  extras->id_as_given.clear();
  extras->has_id = !id.empty();
  if (id.empty()) return true;
  if (!IsId(id))
    return reader.Refuse(kInvalidFormat, runtime::Concat(list, ValidationPath(reader), " in body must be of type uuid: \"",
                                                         id, "\""));
  object->set_uuid(CanonicalId(id));
  if (object->uuid() != id) extras->id_as_given = std::move(id);
  return true;
}

bool ReadNamedVectors(JsonReader& reader, const JsonValue& value, BatchObject* object) {
  if (value.is_null()) return true;
  if (value.kind() != Kind::kObject) return FailType(reader, value, {kStruct, "models.Vectors"});
  object->clear_vectors();
  runtime::MapReader members(reader, value, {});
  while (members.Next()) {
    if (members.value().is_null()) continue;
    Vectors* vectors = object->add_vectors();
    if (!ReadVectors(reader, members.value(), kStruct, vectors)) return false;
    if (vectors->vector_bytes().empty()) {
      object->mutable_vectors()->RemoveLast();
      continue;
    }
    vectors->set_name(std::string(members.key()));
  }
  return !reader.failed();
}

bool ReadProperties(JsonReader& reader, const JsonValue& value, BatchObject* object, ObjectExtras* extras) {
  if (value.is_null()) return true;
  if (value.kind() != Kind::kObject)
    return reader.Refuse(422, "invalid object: properties must be an object (" + reader.JsonPath() + ")");
  extras->has_properties = true;
  ReadStruct(value, object->mutable_properties()->mutable_non_ref_properties());
  return true;
}

// Read for their type only.
bool CheckInt(JsonReader& reader, const JsonValue& value) {
  int64_t ignored = 0;
  return ReadInt(reader, value, kStruct, &ignored);
}

bool ReadMember(JsonReader& reader, std::string_view key, const JsonValue& value, std::string_view list,
                BatchObject* object, ObjectExtras* extras) {
  if (Names(key, "class")) return ReadText(reader, value, kStruct, object->mutable_collection());
  if (Names(key, "id")) return ReadId(reader, value, list, object, extras);
  if (Names(key, "properties")) return ReadProperties(reader, value, object, extras);
  if (Names(key, "vector")) {
    object->clear_vector_bytes();
    return ReadVector(reader, value, kStruct, object->mutable_vector_bytes());
  }
  if (Names(key, "vectors")) return ReadNamedVectors(reader, value, object);
  if (Names(key, "tenant")) return ReadText(reader, value, kStruct, object->mutable_tenant());
  if (Names(key, "creationTimeUnix") || Names(key, "lastUpdateTimeUnix")) return CheckInt(reader, value);
  return true;
}

}  // namespace

bool ReadObject(JsonReader& reader, const JsonValue& value, std::string_view list, BatchObject* object,
                ObjectExtras* extras) {
  runtime::MapReader members(reader, value, {});
  while (members.Next())
    if (!ReadMember(reader, members.key(), members.value(), list, object, extras)) return false;
  if (reader.failed()) return false;
  if (!extras->has_id) object->set_uuid(NewId());
  return true;
}

void WriteObjectEcho(const BatchObject& object, std::string_view id, int64_t time, JsonWriter& writer) {
  writer.Key("class");
  writer.String(CollectionName(object.collection()));
  writer.Key("creationTimeUnix");
  writer.Int64(time);
  writer.Key("id");
  writer.String(id);
  writer.Key("lastUpdateTimeUnix");
  writer.Int64(time);
  writer.Key("properties");
  WriteStruct(object.properties().non_ref_properties(), false, writer);
  if (!object.tenant().empty()) {
    writer.Key("tenant");
    writer.String(object.tenant());
  }
  if (!object.vector_bytes().empty()) {
    writer.Key("vector");
    WriteVector(object.vector_bytes(), writer);
  }
  if (object.vectors().empty()) return;
  writer.Key("vectors");
  writer.StartObject();
  for (const Vectors& vectors : object.vectors()) {
    writer.DataKey(vectors.name());
    WriteVectors(vectors, writer);
  }
  writer.EndObject();
}

int64_t Milliseconds() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace vecgate::translators::weaviate
