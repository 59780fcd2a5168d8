#include "weaviate/class_schema.h"

#include <algorithm>

#include "runtime/json_value.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonValue;
using runtime::Kind;
using ::weaviate::v1::ObjectPropertiesRequest;
using ::weaviate::v1::PropertiesRequest;

bool ReadProperties(const JsonValue& list, std::vector<PropertySchema>* properties) {
  if (list.kind() != Kind::kArray) return list.is_null();
  for (runtime::ArrayCursor item(list); !item.Done(); item.Advance()) {
    const JsonValue value = item.value();
    JsonValue name;
    JsonValue types;
    JsonValue nested;
    if (value.kind() != Kind::kObject || !value.Find("name", &name) || name.kind() != Kind::kString) return false;
    PropertySchema& property = properties->emplace_back();
    property.name = name.AsString();
    if (value.Find("dataType", &types) && types.kind() == Kind::kArray)
      for (runtime::ArrayCursor type(types); !type.Done(); type.Advance())
        if (type.value().kind() == Kind::kString) property.types.emplace_back(type.value().AsString());
    if (value.Find("nestedProperties", &nested) && !ReadProperties(nested, &property.nested)) return false;
  }
  return true;
}

bool HoldsBlob(const PropertySchema& property) {
  return property.blob() || std::any_of(property.nested.begin(), property.nested.end(), HoldsBlob);
}

template <class Request>
void AddObject(const PropertySchema& property, Request* request) {
  ObjectPropertiesRequest* object = request->add_object_properties();
  object->set_prop_name(property.name);
  for (const PropertySchema& member : property.nested) {
    if (member.nested.empty()) object->add_primitive_properties(member.name);
    else AddObject(member, object);
  }
}

}  // namespace

bool PropertySchema::reference() const {
  return !types.empty() && !types[0].empty() && types[0].front() >= 'A' && types[0].front() <= 'Z';
}

bool PropertySchema::blob() const { return types.size() == 1 && (types[0] == "blob" || types[0] == "blobHash"); }

const PropertySchema* FindProperty(const std::vector<PropertySchema>& properties, std::string_view name) {
  for (const PropertySchema& property : properties)
    if (property.name == name) return &property;
  return nullptr;
}

std::optional<ClassSchema> ReadClassSchema(std::string_view json, size_t max_depth) {
  std::string padded(json);
  padded.append(runtime::kBodyPadding, ' ');
  runtime::JsonDocument document(max_depth);
  JsonValue value;
  ClassSchema schema;
  if (!document.ParseFast(std::string_view(padded).substr(0, json.size()))) return std::nullopt;
  const JsonValue root = document.root();
  if (root.kind() != Kind::kObject || !root.Find("class", &value)) return std::nullopt;
  if (root.Find("properties", &value) && !ReadProperties(value, &schema.properties)) return std::nullopt;
  if (root.Find("invertedIndexConfig", &value) && value.kind() == Kind::kObject)
    schema.indexes_times = value.Find("indexTimestamps", &value) && value.kind() == Kind::kBool && value.AsBool();
  if (root.Find("vectorConfig", &value) && value.kind() == Kind::kObject && value.size() == 1)
    schema.single_vector = std::string(runtime::ObjectCursor(value).key());
  return schema;
}

void SelectReference(std::string_view property, std::string_view collection, PropertiesRequest* properties) {
  auto* reference = properties->add_ref_properties();
  reference->set_reference_property(std::string(property));
  reference->mutable_properties();
  reference->mutable_metadata()->set_uuid(true);
  reference->set_target_collection(std::string(collection));
}

std::vector<PropertiesRequest> SelectAll(const ClassSchema& schema) {
  std::vector<PropertiesRequest> requests(1);
  PropertiesRequest& first = requests[0];
  // Naming one property means naming all.
  const bool by_name = std::any_of(schema.properties.begin(), schema.properties.end(), HoldsBlob);
  first.set_return_all_nonref_properties(!by_name);
  for (const PropertySchema& property : schema.properties) {
    if (!property.reference()) {
      if (!by_name) continue;
      if (!property.nested.empty() && HoldsBlob(property)) AddObject(property, &first);
      else first.add_non_ref_properties(property.name);
      continue;
    }
    const bool several = property.types.size() > 1;
    for (size_t i = 0; i < property.types.size(); ++i) {
      if (i == requests.size()) requests.emplace_back();
      SelectReference(property.name, several ? property.types[i] : std::string(), &requests[i]);
    }
  }
  return requests;
}

}  // namespace vecgate::translators::weaviate
