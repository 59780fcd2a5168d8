// Whether the arguments in a document are those that their fields take, and of the types that these take.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/document.h"
#include "graphql/expand.h"
#include "graphql/variables.h"
#include "weaviate/graphql_fault.h"
#include "weaviate/graphql_input_types.h"

namespace vecgate::translators::weaviate {

enum class GraphQlRoot : uint8_t { kGet, kAggregate };

// GraphQL's name of what is asked for there, and of its type.
std::string_view RootType(GraphQlRoot root);

// Where a field of a document stands. All outlive it.
struct InputPlace {
  const graphql::Document& document;
  const graphql::Variables& variables;
  std::string_view collection;
  std::vector<GraphQlFault>* faults;  // that refuse the document as a whole

  // No more faults are told.
  bool full() const { return faults->size() >= kMostFaults; }
  void Tell(std::string message, std::initializer_list<uint32_t> offsets, uint32_t code = 0) const;
};

// Tells what is wrong with the arguments of a field of Get or Aggregate, in the words of the server. Those whose being
// there depends on the collection are taken as known.
void CheckArguments(const InputPlace& place, GraphQlRoot root, const graphql::Field& field);

// Of any other field, which takes `known`. `type`: of what has the field.
void CheckArguments(const InputPlace& place, std::span<const InputField> known, const graphql::Field& field,
                    std::string_view type);

}  // namespace vecgate::translators::weaviate
