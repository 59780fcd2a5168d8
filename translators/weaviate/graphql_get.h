// Get { Class(arguments) { selection } }: one or several searches, and the list that answers it.
#pragma once

#include <weaviate/v1/search_get.pb.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graphql/expand.h"
#include "graphql/variables.h"
#include "runtime/json_writer.h"
#include "runtime/operation.h"
#include "weaviate/graphql_fault.h"
#include "weaviate/graphql_selection.h"

namespace vecgate::translators::weaviate {

struct GetPlan {
  AskedObject asked;
  std::vector<::weaviate::v1::SearchRequest*> searches;  // one for each variant
  // Sorted here, where the server does not sort hits: by these, then the first `skipped` are left out.
  std::vector<::weaviate::v1::SortBy> sort;
  uint32_t skipped = 0;
  std::string group_path;  // of hits that are grouped; empty: they are not
};

// Reads field `field` of Get into `plan`; messages are put on the arena. What is wrong with the document as a whole goes
// to `faults`, and the reply is what is wrong with this field. Both have the locations.
// `budget`: bytes that requests may still have which repeat the first one.
std::optional<GraphQlFault> PlanGet(const runtime::OperationContext& context, const graphql::Document& document,
                                    const graphql::Field& field, const graphql::Variables& variables, size_t* budget,
                                    GetPlan* plan, std::vector<GraphQlFault>* faults);

// Prints the answer. False: a number in it has no JSON (an infinite distance); what was printed is to be thrown away.
// Kinds of values tell what the document should have selected: faults of that kind go to `faults`.
bool WriteGet(const GetPlan& plan, const graphql::Document& document,
              std::span<const ::weaviate::v1::SearchReply* const> replies, runtime::JsonWriter& writer,
              std::vector<GraphQlFault>* faults);

}  // namespace vecgate::translators::weaviate
