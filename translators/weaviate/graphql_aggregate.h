// Aggregate { Class(arguments) { selection } }: one call, and the list that answers it.
#pragma once

#include <weaviate/v1/aggregate.pb.h>

#include <optional>
#include <string>
#include <vector>

#include "graphql/expand.h"
#include "graphql/variables.h"
#include "runtime/json_writer.h"
#include "runtime/operation.h"
#include "weaviate/graphql_fault.h"
#include "weaviate/graphql_selection.h"

namespace vecgate::translators::weaviate {

struct AggregatePlan {
  ::weaviate::v1::AggregateRequest* request = nullptr;
  std::string collection;
  std::vector<AskedField> fields;  // in the order of their keys
};

// As PlanGet.
std::optional<GraphQlFault> PlanAggregate(const runtime::OperationContext& context, const graphql::Document& document,
                                          const graphql::Field& field, const graphql::Variables& variables,
                                          AggregatePlan* plan, std::vector<GraphQlFault>* faults);

// Prints the answer. The kinds of properties tell which statistics they have: faults of that kind go to `faults`, and
// what was printed is to be thrown away.
void WriteAggregate(const AggregatePlan& plan, const graphql::Document& document,
                    const ::weaviate::v1::AggregateReply& reply, runtime::JsonWriter& writer,
                    std::vector<GraphQlFault>* faults);

}  // namespace vecgate::translators::weaviate
