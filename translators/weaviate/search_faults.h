// How the REST search and the REST aggregate tell failures.
#pragma once

#include "runtime/operation.h"
#include "weaviate/json_body.h"

namespace vecgate::translators::weaviate {

// `in_where`: the fault is the filter's.
runtime::Reply SearchFault(BodyFault fault, bool in_where);
runtime::Reply SearchFailure(const runtime::OperationContext& context, std::string_view collection,
                             const runtime::CallOutcome& outcome);
// Milliseconds since the request began.
int64_t Took(const runtime::OperationContext& context);

}  // namespace vecgate::translators::weaviate
