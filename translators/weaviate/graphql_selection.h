// What a GraphQL query asks of the objects of a class: read from the document, sent as a request's properties and
// metadata, and later printed from the replies.
//
// One request can follow a reference to one class only. Where a query follows it to several, the search is made several
// times: each time is a variant. Variant 0 asks for all values; every variant follows each reference to one of its
// classes at most. An object's rows in the variants are found by its id.
#pragma once

#include <weaviate/v1/search_get.pb.h>

#include <string>
#include <string_view>
#include <vector>

#include "graphql/document.h"
#include "graphql/expand.h"
#include "weaviate/graphql_fault.h"
#include "weaviate/graphql_input.h"

namespace vecgate::translators::weaviate {

struct AskedReference;

struct AskedField {
  enum class Kind : uint8_t {
    kTypename,
    kValue,       // whole, or those of its members that `fields` names
    kReference,
    kAdditional,  // `fields` are of the next kinds
    kId,
    kVector,
    kVectors,     // `fields` are their names
    kDistance,
    kCertainty,
    kScore,
    kExplainScore,
    kCreationTime,
    kUpdateTime,
    kIsConsistent,
    kRerank,
    kGenerate,
    kGroup,
  };
  Kind kind = Kind::kValue;
  std::string_view key;
  std::string_view name;
  const graphql::Field* field = nullptr;
  std::string type;                        // of what has `fields`, where it is known beforehand
  size_t order = 0;                        // among its neighbours in the document
  std::vector<AskedField> fields;          // in the order of their keys, as answers have them
  std::vector<AskedReference> references;  // kReference: one for each class; hits of kGroup: one
};

// Fields of one object.
struct AskedObject {
  std::string collection;
  std::string type;                // the collection, or the type of hits within groups of it
  std::vector<AskedField> fields;  // in the order of their keys
  size_t variants = 1;
};

struct AskedReference {
  AskedObject object;
  size_t first_variant = 0;  // of the object that refers
};

class SelectionReader {
 public:
  // Faults go to the place's: those with the code kNotAvailable refuse the field, all others the document.
  explicit SelectionReader(const InputPlace& place) : place_(place) {}

  AskedObject Read(graphql::Chain<graphql::Field> fields);

 private:
  AskedObject ReadObject(std::string_view collection, std::string type, graphql::Chain<graphql::Field> fields);
  AskedField ReadField(std::string_view collection, std::string_view type, const graphql::Field& field);
  std::vector<AskedField> ReadValue(const std::string& type, graphql::Chain<graphql::Field> fields);
  void ReadReferences(std::string_view collection, const graphql::Field& field, AskedField* asked);
  void ReadAdditional(std::string_view collection, std::string_view type, const graphql::Field& field, AskedField* asked);

  const InputPlace& place_;
};

inline constexpr size_t kMostVariants = 32;

AskedField NewAsked(const graphql::Field& field);
void SortByKey(std::vector<AskedField>* fields);

// Adds what variant `variant` of the object asks for. `properties` is left without all and is not unset.
void AskFor(const AskedObject& object, size_t variant, ::weaviate::v1::PropertiesRequest* properties,
            ::weaviate::v1::MetadataRequest* metadata);

// The object's fields with that meaning.
std::vector<const AskedField*> FindAdditional(const AskedObject& object, AskedField::Kind kind);

}  // namespace vecgate::translators::weaviate
