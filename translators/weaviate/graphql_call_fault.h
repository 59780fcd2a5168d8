// What a failed call means for the field of a GraphQL query that it was made for.
#pragma once

#include <weaviate/v1/base.pb.h>
#include <weaviate/v1/search_get.pb.h>

#include <span>
#include <string_view>

#include "graphql/document.h"
#include "graphql/expand.h"
#include "runtime/translation.h"
#include "weaviate/graphql_fault.h"
#include "weaviate/graphql_input.h"
#include "weaviate/graphql_selection.h"

namespace vecgate::translators::weaviate {

// The failure is not the query's: the reply is an HTTP error (credentials, rights, limits, an upstream that is away).
bool FailsRequest(const runtime::CallOutcome& outcome);

struct FailedField {
  const graphql::Document& document;
  const graphql::Field& field;
  GraphQlRoot root;
  const AskedObject* asked;                  // Get; else null
  const ::weaviate::v1::Filters* filters;    // null: none
  std::span<const ::weaviate::v1::SortBy> sort;  // that is done here
};

// In the words that the server has for it over GraphQL. Names that its schema lacks refuse the document as a whole: the
// fault has no path then, and `*whole` is set.
GraphQlFault CallFault(const FailedField& failed, const runtime::CallOutcome& outcome, bool* whole);

}  // namespace vecgate::translators::weaviate
