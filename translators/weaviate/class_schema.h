// What a collection's schema says of its properties, as the REST port tells it.
#pragma once

#include <weaviate/v1/search_get.pb.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vecgate::translators::weaviate {

struct PropertySchema {
  std::string name;
  std::vector<std::string> types;      // of a reference: the collections it may go to
  std::vector<PropertySchema> nested;  // of objects

  bool reference() const;
  bool blob() const;
};

struct ClassSchema {
  std::vector<PropertySchema> properties;
  bool indexes_times = false;  // objects have their times among the properties, too
  std::string single_vector;   // the name of an object's vector when it has one and that has a name; else empty
};

// Null when there is none of that name.
const PropertySchema* FindProperty(const std::vector<PropertySchema>& properties, std::string_view name);

// Nullopt: not the schema of a collection. `max_depth` bounds the text.
std::optional<ClassSchema> ReadClassSchema(std::string_view json, size_t max_depth);

// Asks for all of an object: what a search that names no properties leaves out are blobs and references, and of a
// reference it finds the objects of one collection at a time. So these are searches `first` and as many more as there
// are further collections to a reference; each of them is to be made for the same objects.
std::vector<::weaviate::v1::PropertiesRequest> SelectAll(const ClassSchema& schema);

// Asks for the ids of what a property refers to. `collection`: the one of its targets; empty: the only one.
void SelectReference(std::string_view property, std::string_view collection, ::weaviate::v1::PropertiesRequest* properties);

}  // namespace vecgate::translators::weaviate
