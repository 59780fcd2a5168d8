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

using ClassSchema = std::vector<PropertySchema>;

// Nullopt: not the schema of a collection. `max_depth` bounds the text.
std::optional<ClassSchema> ReadClassSchema(std::string_view json, size_t max_depth);

// Asks for all of an object: what a search that names no properties leaves out are blobs and references, and of a
// reference it finds the objects of one collection at a time. So these are searches `first` and as many more as there
// are further collections to a reference; each of them is to be made for the same objects.
std::vector<::weaviate::v1::PropertiesRequest> SelectAll(const ClassSchema& schema);

// Asks for the ids of what a property refers to. `collection`: the one of its targets; empty: the only one.
void SelectReference(std::string_view property, std::string_view collection, ::weaviate::v1::PropertiesRequest* properties);

}  // namespace vecgate::translators::weaviate
