// Replies of the REST API in the forms that it has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/json_writer.h"
#include "runtime/operation.h"
#include "runtime/translation.h"
#include "weaviate/json_body.h"

namespace vecgate::translators::weaviate {

// What handlers say: {"error":[{"message":"..."}]}.
runtime::Reply HandlerError(uint32_t status, std::string_view message,
                            runtime::Origin origin = runtime::Origin::kDownstream);
// What the router and the validation say: {"code":601,"message":"..."}.
runtime::Reply RouterError(uint32_t status, uint32_t code, std::string_view message);
// Nothing but the status.
runtime::Reply EmptyReply(uint32_t status);
// `as_handler`: in the form of handlers even where the validation found it, as some routes have it.
runtime::Reply FaultReply(const BodyFault& fault, bool as_handler = false);
// A fault of a path variable or query parameter: `place` is "path" or "query".
runtime::Reply NotOfFormat(std::string_view name, std::string_view place, std::string_view format, std::string_view value);
// What gRPC has nothing for.
runtime::Reply Unavailable(std::string_view what);
// The reply that the api's rules make of a failed call.
runtime::Reply CallError(const runtime::OperationContext& context, const runtime::CallOutcome& outcome);

// What became of one item of a batch: {"status":"SUCCESS"}, or {"errors":{"error":[{"message":"..."}]},"status":"FAILED"}.
void WriteItemResult(const std::optional<std::string>& error, runtime::JsonWriter& writer);

// Status 200 and a body that `print` prints, in the API's style.
template <class Print>
runtime::Reply JsonReply(const Print& print) {
  runtime::Reply reply;
  reply.content_type = "application/json";
  runtime::JsonWriter writer(reply.body, runtime::JsonStyle::kGo);
  print(writer);
  return reply;
}

}  // namespace vecgate::translators::weaviate
