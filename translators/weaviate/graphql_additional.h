// What _additional asks of modules: to rank the hits once more, to write texts about them.
#pragma once

#include <weaviate/v1/search_get.pb.h>

#include <optional>

#include "graphql/document.h"
#include "graphql/variables.h"
#include "runtime/translation.h"
#include "weaviate/graphql_fault.h"
#include "weaviate/graphql_selection.h"

namespace vecgate::translators::weaviate {

// A fault refuses the field that has the selection.
std::optional<GraphQlFault> AskForModules(const runtime::Api& api, const graphql::Document& document,
                                          const AskedObject& asked, const graphql::Variables& variables,
                                          ::weaviate::v1::SearchRequest* request);

}  // namespace vecgate::translators::weaviate
