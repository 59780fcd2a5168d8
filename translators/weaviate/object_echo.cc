#include "weaviate/object_echo.h"

#include <google/protobuf/struct.pb.h>

#include <chrono>
#include <map>
#include <string>

#include "runtime/named/struct.h"
#include "runtime/named/uuid.h"
#include "runtime/sorted_entries.h"
#include "weaviate/beacon.h"
#include "weaviate/request.h"
#include "weaviate/times.h"
#include "weaviate/vectors.h"

namespace vecgate::translators::weaviate {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using runtime::JsonWriter;
using ::weaviate::v1::BatchObject;
using ::weaviate::v1::Vectors;

const Value* Find(const Struct& object, const std::string& key) {
  const auto member = object.fields().find(key);
  return member == object.fields().end() ? nullptr : &member->second;
}

// Coordinates are float32.
bool WriteGeo(const Value& value, JsonWriter& writer) {
  const Value* const latitude = Find(value.struct_value(), "latitude");
  const Value* const longitude = Find(value.struct_value(), "longitude");
  if (latitude == nullptr || longitude == nullptr) return false;
  writer.StartObject();
  writer.Key("latitude");
  writer.Float(static_cast<float>(latitude->number_value()));
  writer.Key("longitude");
  writer.Float(static_cast<float>(longitude->number_value()));
  writer.EndObject();
  return true;
}

// A beacon without a collection goes to the only one there is.
std::string NormalBeacon(const std::string& text, const PropertySchema& property) {
  Beacon beacon;
  if (!ParseTarget(text, &beacon).empty()) return text;
  if (beacon.collection.empty() && property.types.size() == 1) beacon.collection = property.types[0];
  return BeaconOf(beacon.collection, beacon.id);
}

bool WriteBeacons(const Value& value, const PropertySchema& property, JsonWriter& writer) {
  for (const Value& item : value.list_value().values())
    if (Find(item.struct_value(), "beacon") == nullptr) return false;
  writer.StartArray();
  for (const Value& item : value.list_value().values()) {
    writer.StartObject();
    writer.Key("beacon");
    writer.String(NormalBeacon(Find(item.struct_value(), "beacon")->string_value(), property));
    writer.EndObject();
  }
  writer.EndArray();
  return true;
}

// `property` is null when nothing is known of it; `type`: of the value, or of each in a list.
void WriteNormal(const Value& value, const PropertySchema* property, std::string_view type, JsonWriter& writer);

std::string_view TypeOf(const PropertySchema* property) {
  return property == nullptr || property->types.empty() ? std::string_view() : std::string_view(property->types[0]);
}

void WriteMembers(const Struct& object, const PropertySchema& property, JsonWriter& writer) {
  writer.StartObject();
  for (const auto* member : runtime::SortedEntries(object.fields())) {
    writer.DataKey(member->first);
    const PropertySchema* const nested = FindProperty(property.nested, member->first);
    WriteNormal(member->second, nested, TypeOf(nested), writer);
  }
  writer.EndObject();
}

// Each kind of property in its normal form; false: it is not of that kind, and nothing was written.
bool WriteByKind(const Value& value, const PropertySchema& property, std::string_view type, JsonWriter& writer) {
  const bool text = value.kind_case() == Value::kStringValue;
  const bool object = value.kind_case() == Value::kStructValue;
  const bool list = value.kind_case() == Value::kListValue;
  if (property.reference()) return list && WriteBeacons(value, property, writer);
  // Dates in a list stay as they were sent.
  if (list && type.ends_with("[]") && type != "date[]") {
    writer.StartArray();
    for (const Value& item : value.list_value().values())
      WriteNormal(item, &property, type.substr(0, type.size() - 2), writer);
    writer.EndArray();
    return true;
  }
  if (type == "geoCoordinates") return object && WriteGeo(value, writer);
  if (object && type == "object") {
    WriteMembers(value.struct_value(), property, writer);
    return true;
  }
  if (text && type == "uuid" && runtime::IsUuid(value.string_value())) {
    writer.String(runtime::CanonicalUuid(value.string_value()));
    return true;
  }
  if (!text || type != "date") return false;
  writer.String(GoDate(value.string_value()));
  return true;
}

void WriteNormal(const Value& value, const PropertySchema* property, std::string_view type, JsonWriter& writer) {
  if (property == nullptr || !WriteByKind(value, *property, type, writer)) runtime::WriteValue(value, writer);
}

// Names begin with a lower-case letter, and what is null is left out.
void WriteStored(const Struct& properties, const EchoForm& form, JsonWriter& writer) {
  std::map<std::string, const Value*> stored;
  for (const auto& [name, value] : properties.fields()) {
    if (value.kind_case() == Value::kNullValue) continue;
    stored.insert_or_assign(PropertyName(name), &value);
  }
  writer.StartObject();
  if (form.stored && form.schema != nullptr && form.schema->indexes_times) {
    for (const std::string_view time : {"_creationTimeUnix", "_lastUpdateTimeUnix"}) {
      writer.Key(time);
      writer.Int64(form.time);
    }
  }
  for (const auto& [name, value] : stored) {
    writer.DataKey(name);
    const PropertySchema* const property =
        form.schema == nullptr ? nullptr : FindProperty(form.schema->properties, name);
    WriteNormal(*value, property, TypeOf(property), writer);
  }
  writer.EndObject();
}

void WriteEchoedVectors(const BatchObject& object, const ClassSchema* schema, JsonWriter& writer) {
  // The server gives the vector without a name to the only one there is, if that is called so.
  constexpr std::string_view kDefault = "default";
  const bool named = !object.vector_bytes().empty() && schema != nullptr && schema->single_vector == kDefault;
  if (!object.vector_bytes().empty() && !named) {
    writer.Key("vector");
    WriteVector(object.vector_bytes(), writer);
  }
  if (object.vectors().empty() && !named) return;
  writer.Key("vectors");
  writer.StartObject();
  if (named) {
    writer.Key(kDefault);
    WriteVector(object.vector_bytes(), writer);
  }
  for (const Vectors& vectors : object.vectors()) {
    writer.DataKey(vectors.name());
    WriteVectors(vectors, writer);
  }
  writer.EndObject();
}

}  // namespace

void WriteObjectEcho(const BatchObject& object, const EchoForm& form, JsonWriter& writer) {
  writer.Key("class");
  writer.String(CollectionName(object.collection()));
  writer.Key("creationTimeUnix");
  writer.Int64(form.time);
  writer.Key("id");
  writer.String(form.id);
  writer.Key("lastUpdateTimeUnix");
  writer.Int64(form.time);
  writer.Key("properties");
  const Struct& properties = object.properties().non_ref_properties();
  if (!form.odd_properties.empty()) writer.Raw(form.odd_properties);
  else if (form.valid) WriteStored(properties, form, writer);
  else runtime::WriteStruct(properties, writer);
  if (!object.tenant().empty()) {
    writer.Key("tenant");
    writer.String(object.tenant());
  }
  WriteEchoedVectors(object, form.valid ? form.schema : nullptr, writer);
}

int64_t Milliseconds() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace vecgate::translators::weaviate
