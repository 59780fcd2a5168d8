#include "weaviate/search_faults.h"

#include <chrono>

#include "runtime/concat.h"
#include "weaviate/replies.h"
#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {

using runtime::Concat;

runtime::Reply SearchFault(BodyFault fault, bool in_where) {
  if (in_where && fault.kind == BodyFault::Kind::kRefused) fault.code = 400;
  return FaultReply(fault, /*as_handler=*/true);
}

runtime::Reply SearchFailure(const runtime::OperationContext& context, std::string_view collection,
                             const runtime::CallOutcome& outcome) {
  const std::string_view text = outcome.message;
  if (IsUnknownCollection(outcome)) return HandlerError(404, Concat("could not find collection ", collection, " in schema"));
  if (outcome.from_client || IsForbidden(text)) return CallError(context, outcome);
  if (const std::string_view fault = TenantFault(text); !fault.empty())
    return HandlerError(fault.starts_with("tenant not found") ? 404 : 422, text);
  if (text.find("no such prop with name") != std::string_view::npos) return HandlerError(400, text);
  return CallError(context, outcome);
}

int64_t Took(const runtime::OperationContext& context) {
  using std::chrono::steady_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - context.start).count();
}

}  // namespace vecgate::translators::weaviate
