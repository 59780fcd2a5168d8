// What the routes that read objects have in common.
#pragma once

#include <weaviate/v1/search_get.pb.h>

#include <optional>
#include <span>
#include <vector>

#include "runtime/operation.h"
#include "weaviate/class_schema.h"
#include "weaviate/request.h"

namespace vecgate::translators::weaviate {

// The parameter `include`.
struct Include {
  bool vector = false;
  std::string_view beyond;  // a word that gRPC has nothing for; empty: there is none
};
std::optional<runtime::Reply> ReadInclude(const Query& query, Include* include);

// Calls that ask for all of the objects that `search` finds: ids, times, what is included and, with their schema, every
// property. The first is `search` itself.
std::vector<runtime::Operation::Call> SearchWhole(const runtime::OperationContext& context, const ClassSchema* schema,
                                                  const Include& include, ::weaviate::v1::SearchRequest* search);
// The replies to these calls. None, and `failed` set, when it is no use. A collection that a reference may go to but
// that the caller may not see, or that is not there any more, fails nothing: what goes there is left out.
std::vector<const ::weaviate::v1::SearchReply*> RepliesOf(std::span<const runtime::Operation::Outcome> outcomes,
                                                          const runtime::CallOutcome** failed);

// The answer where the object of an id could not be looked for.
runtime::Reply NotRead(const runtime::OperationContext& context, std::string_view collection,
                       const runtime::CallOutcome& outcome);

}  // namespace vecgate::translators::weaviate
