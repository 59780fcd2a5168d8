#include "weaviate/object_read.h"

#include <algorithm>
#include <array>

#include "runtime/concat.h"
#include "weaviate/replies.h"
#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Operation;
using ::weaviate::v1::SearchRequest;

// What the server can include beside, which gRPC has nothing for.
constexpr std::array<std::string_view, 5> kNotOverGrpc{"classification", "featureProjection", "interpretation",
                                                       "nearestNeighbors", "semanticPath"};

}  // namespace

std::optional<runtime::Reply> ReadInclude(const Query& query, Include* include) {
  std::string_view rest = query.Text("include");
  if (rest.empty()) return std::nullopt;
  for (;;) {
    const size_t comma = rest.find(',');
    const std::string_view word = rest.substr(0, comma);
    if (word == "vector") include->vector = true;
    else if (std::find(kNotOverGrpc.begin(), kNotOverGrpc.end(), word) != kNotOverGrpc.end()) include->beyond = word;
    else return HandlerError(400, runtime::Concat("unrecognized property '", word, "' in ?include list"));
    if (comma == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(comma + 1);
  }
}

std::vector<Operation::Call> SearchWhole(const runtime::OperationContext& context, const ClassSchema* schema,
                                         const Include& include, SearchRequest* search) {
  std::vector<Operation::Call> calls{CallOf(context, "Search", search)};
  if (schema != nullptr) {
    const auto selections = SelectAll(*schema);
    // All that is told without a selection is all there is.
    if (!selections[0].return_all_nonref_properties() || !selections[0].ref_properties().empty())
      *search->mutable_properties() = selections[0];
    for (size_t i = 1; i < selections.size(); ++i) {
      auto* more = NewMessage<SearchRequest>(context);
      *more = *search;
      *more->mutable_properties() = selections[i];
      more->clear_metadata();
      more->mutable_metadata()->set_uuid(true);
      calls.push_back(CallOf(context, "Search", more));
    }
  }
  auto* metadata = search->mutable_metadata();
  metadata->set_uuid(true);
  metadata->set_creation_time_unix(true);
  metadata->set_last_update_time_unix(true);
  metadata->set_vector(include.vector);
  return calls;
}

std::vector<const ::weaviate::v1::SearchReply*> RepliesOf(std::span<const Operation::Outcome> outcomes,
                                                          const runtime::CallOutcome** failed) {
  std::vector<const ::weaviate::v1::SearchReply*> replies;
  for (const Operation::Outcome& outcome : outcomes) {
    if (outcome.status.code == 0) {
      replies.push_back(&ReplyOf<::weaviate::v1::SearchReply>(outcome));
    } else if (replies.empty() || IsPassing(outcome.status)) {
      *failed = &outcome.status;
      return {};
    }
  }
  return replies;
}

runtime::Reply NotRead(const runtime::OperationContext& context, std::string_view collection,
                       const runtime::CallOutcome& outcome) {
  if (IsUnknownCollection(outcome)) return EmptyReply(404);
  if (const std::string_view fault = TenantFault(outcome.message); !fault.empty())
    return HandlerError(422, runtime::Concat("repo: object by id: search index ", Lower(collection),
                                             ": determine shard: ", fault));
  return CallError(context, outcome);
}

}  // namespace vecgate::translators::weaviate
