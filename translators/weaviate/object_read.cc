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

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

std::string Escaped(std::string_view segment) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : segment) {
    if (IsPlain(c)) {
      escaped += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    escaped += {'%', kHex[byte >> 4], kHex[byte & 0xF]};
  }
  return escaped;
}

}  // namespace

std::optional<runtime::Reply> ReadInclude(const Query& query, Include* include) {
  std::string_view rest = query.Text("include");
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    if (word == "vector") {
      include->vector = true;
      continue;
    }
    if (std::find(kNotOverGrpc.begin(), kNotOverGrpc.end(), word) != kNotOverGrpc.end())
      return Unavailable(runtime::Concat("include=", word));
    return HandlerError(400, runtime::Concat("unrecognized property '", word, "' in ?include list"));
  }
  return std::nullopt;
}

Operation::Call SchemaCall(std::string_view collection) {
  Operation::Call call;
  call.rest_path = "/v1/schema/" + Escaped(CollectionName(collection));
  return call;
}

std::optional<ClassSchema> SchemaOf(const runtime::OperationContext& context, const Operation::Outcome& outcome) {
  if (outcome.status.code != 0) return std::nullopt;
  return ReadClassSchema(outcome.status.body, context.api.spec().max_depth);
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

}  // namespace vecgate::translators::weaviate
