// Types of the arguments that classes take in GraphQL, and whether the values in a document are of them.
#pragma once

#include <string_view>
#include <vector>

#include "graphql/document.h"
#include "weaviate/graphql_fault.h"

namespace vecgate::translators::weaviate {

enum class GraphQlRoot : uint8_t { kGet, kAggregate };

// In the words of the server. Variables are taken for what they should be. Those arguments whose being there depends on
// the class are taken as known.
std::vector<GraphQlFault> CheckArguments(const graphql::Document& document, GraphQlRoot root, std::string_view collection,
                                         graphql::Chain<graphql::Value> arguments);

}  // namespace vecgate::translators::weaviate
