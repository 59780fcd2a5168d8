// Types of objects whose members are known beforehand: what classes have beside their properties.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/expand.h"
#include "weaviate/graphql_input.h"
#include "weaviate/graphql_selection.h"

namespace vecgate::translators::weaviate {

struct ObjectType;

struct MemberType {
  std::string_view name;
  std::string_view type;               // of a leaf
  const ObjectType* object = nullptr;  // of the others
  bool list = false;                   // of objects
  bool read_elsewhere = false;         // its own members are left alone
  const std::span<const InputField>* arguments = nullptr;
};

// The star in names stands for the scope: the class, and for a property under Aggregate its name behind it.
struct ObjectType {
  std::string_view name;
  std::span<const MemberType> members;
  bool open = false;  // has other objects, too, which gRPC does not tell
};

extern const ObjectType kGenerateType;
extern const ObjectType kGroupType;
extern const ObjectType kRerankType;
extern const ObjectType kMetaType;
extern const ObjectType kGroupedByType;
extern const ObjectType kStatisticsType;

// The name of a type as texts have it: "[ArticleAdditionalReranker]".
std::string NameOf(const ObjectType& type, bool list, std::string_view scope);

// Fills type and members of `asked`, which was made of `field`; what is wrong with them goes to the place's faults.
void ReadMembers(const InputPlace& place, const ObjectType& type, std::string_view scope, const graphql::Field& field,
                 AskedField* asked);

// "Field ... must have a sub selection.", and the other way round.
void TellMissingSelection(const InputPlace& place, const graphql::Field& field, std::string_view type);
void TellUnwantedSelection(const InputPlace& place, const graphql::Field& field, std::string_view type);
void TellUnknownField(const InputPlace& place, const graphql::Field& field, std::string_view type);

}  // namespace vecgate::translators::weaviate
