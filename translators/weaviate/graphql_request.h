// Bodies of GraphQL requests.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/variables.h"
#include "runtime/translation.h"
#include "weaviate/json_body.h"

namespace vecgate::translators::weaviate {

struct GraphQlRequest {
  std::string query;
  std::string operation_name;
  std::vector<graphql::Variables::Given> variables;
  std::deque<std::string> texts;      // of the variables
  std::string variables_type;         // Go's name of what was given instead of an object; empty: nothing was
};

// Nullopt: it was read.
std::optional<BodyFault> ReadGraphQlRequest(const runtime::Api& api, std::string_view body, GraphQlRequest* request);
std::optional<BodyFault> ReadGraphQlRequests(const runtime::Api& api, std::string_view body,
                                             std::deque<GraphQlRequest>* requests);

}  // namespace vecgate::translators::weaviate
