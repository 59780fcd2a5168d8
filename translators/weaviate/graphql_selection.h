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
    kGroup,       // `fields` and `hits`
  };
  Kind kind = Kind::kValue;
  std::string_view key;
  std::string_view name;
  const graphql::Field* field = nullptr;
  size_t order = 0;                        // among its neighbours in the document
  std::vector<AskedField> fields;          // in the order of their keys, as answers have them
  std::vector<AskedReference> references;  // kReference: one for each class; kGroup: one, the hits
};

// Fields of one object.
struct AskedObject {
  std::string collection;
  std::vector<AskedField> fields;  // in the order of their keys
  size_t variants = 1;
};

struct AskedReference {
  AskedObject object;
  size_t first_variant = 0;  // of the object that refers
};

class SelectionReader {
 public:
  explicit SelectionReader(const graphql::Document& document) : document_(document) {}

  // Faults are left in faults(): those without a path refuse the document, those with the code kNotAvailable the field.
  AskedObject Read(std::string_view collection, graphql::Chain<graphql::Field> fields);

  std::vector<GraphQlFault>& faults() { return faults_; }

 private:
  AskedObject ReadObject(std::string_view collection, graphql::Chain<graphql::Field> fields, std::string_view on);
  AskedField ReadField(std::string_view collection, const graphql::Field& field);
  void ReadReferences(std::string_view collection, const graphql::Field& field, AskedField* asked);
  void ReadAdditional(std::string_view collection, const graphql::Field& field, AskedField* asked);
  void ReadGroup(std::string_view collection, const graphql::Field& field, AskedField* asked);
  void Tell(std::string message, uint32_t offset, uint32_t code = 0);

  const graphql::Document& document_;
  std::vector<GraphQlFault> faults_;
};

inline constexpr size_t kMostVariants = 32;

// Fields of a nested value, in the order of their keys.
std::vector<AskedField> MembersOf(graphql::Chain<graphql::Field> fields);

// Adds what variant `variant` of the object asks for. `properties` is left without all and is not unset.
void AskFor(const AskedObject& object, size_t variant, ::weaviate::v1::PropertiesRequest* properties,
            ::weaviate::v1::MetadataRequest* metadata);

// The field of the object with that meaning; null: it was not asked for.
const AskedField* FindAdditional(const AskedObject& object, AskedField::Kind kind);

}  // namespace vecgate::translators::weaviate
