#include "weaviate/object_body.h"

#include <map>

#include "runtime/concat.h"
#include "runtime/named/struct.h"
#include "weaviate/go_values.h"
#include "weaviate/ids.h"
#include "weaviate/json_values.h"
#include "weaviate/vectors.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonReader;
using runtime::JsonValue;
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

// As Go's fmt prints what it decoded a value to.
std::string GoText(const JsonValue& value) {
  switch (value.kind()) {
    case Kind::kNull: return "<nil>";
    case Kind::kBool: return value.AsBool() ? "true" : "false";
    case Kind::kString: return std::string(value.AsString());
    case Kind::kArray: {
      std::string text = "[";
      for (runtime::ArrayCursor item(value); !item.Done(); item.Advance())
        text += (text.size() == 1 ? "" : " ") + GoText(item.value());
      return text + "]";
    }
    case Kind::kObject: {
      std::map<std::string_view, std::string> members;
      for (runtime::ObjectCursor member(value); !member.Done(); member.Advance())
        members.insert_or_assign(member.key(), GoText(member.value()));
      std::string text = "map[";
      for (const auto& [key, member] : members) text += runtime::Concat(text.size() == 4 ? "" : " ", key, ":", member);
      return text + "]";
    }
    default: return std::string(value.lexeme());
  }
}

bool ReadProperties(JsonReader& reader, const JsonValue& value, BatchObject* object, ObjectExtras* extras) {
  if (value.is_null()) return true;
  extras->properties_fault.clear();
  extras->odd_properties.clear();
  if (value.kind() != Kind::kObject) {
    if (!reader.exact()) return reader.FailText(value, {});  // numbers are told with their digits
    object->clear_properties();
    extras->properties_fault = runtime::Concat("could not recognize object's properties: ", GoText(value));
    runtime::OutputBuffer printed;
    runtime::JsonWriter writer(printed, runtime::JsonStyle::kGo);
    WriteJson(value, writer);
    extras->odd_properties = std::string(printed.view());
    return true;
  }
  // The server breaks on it, and would write none of the others.
  if (JsonValue unnamed; value.Find("", &unnamed) && !unnamed.is_null())
    return reader.Refuse(422, "invalid object: a property has no name (" + reader.JsonPath() + ")");
  auto* properties = object->mutable_properties()->mutable_non_ref_properties();
  properties->Clear();
  return runtime::ReadStruct(reader, value, properties);
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
  if (Names(key, "additional") && !value.is_null() && value.kind() != Kind::kObject)
    return FailType(reader, value, {kStruct, "models.AdditionalProperties"});
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

}  // namespace vecgate::translators::weaviate
