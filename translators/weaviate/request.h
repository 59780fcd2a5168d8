// What the routes' requests have in common beside their bodies.
#pragma once

#include <weaviate/v1/base.pb.h>
#include <weaviate/v1/search_get.pb.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/operation.h"
#include "runtime/translation.h"

namespace vecgate::translators::weaviate {

// The query's parameters. One that is given twice has its last value; an empty one is not given.
class Query {
 public:
  explicit Query(std::string_view raw);
  const std::string* Find(std::string_view name) const;
  // Also of an empty value.
  bool Has(std::string_view name) const;
  std::string_view Text(std::string_view name) const;  // empty: not given

 private:
  std::vector<std::pair<std::string, std::string>> params_;
};

// The answer to a value that is none, in the words of the server; nullopt: `level` has it, or nothing when none was given.
std::optional<runtime::Reply> ReadConsistencyLevel(const Query& query,
                                                   std::optional<::weaviate::v1::ConsistencyLevel>* level);
bool ConsistencyLevelOf(std::string_view word, ::weaviate::v1::ConsistencyLevel* level);

// A path variable. Empty when the route has none of that name.
std::string_view Variable(const runtime::OperationContext& context, std::string_view name);

// Variables `className` and `id`, the latter in the canonical spelling.
struct ObjectPlace {
  std::string_view collection;
  std::string id;
};
std::optional<runtime::Reply> ReadPlace(const runtime::OperationContext& context, ObjectPlace* place);

// Collections begin with an upper-case letter.
std::string CollectionName(std::string_view name);

// Properties with a lower-case one.
std::string PropertyName(std::string_view name);

// The object of that id.
void SetIdFilter(std::string_view id, ::weaviate::v1::Filters* filters);
// A search for one object, by its id, which asks for nothing yet.
::weaviate::v1::SearchRequest* NewIdSearch(const runtime::OperationContext& context, std::string_view collection,
                                           std::string_view id, std::string_view tenant);

// One of the route's calls, by the name of its rpc.
runtime::Operation::Call CallOf(const runtime::OperationContext& context, std::string_view rpc,
                                google::protobuf::Message* request);

template <class M>
M* NewMessage(const runtime::OperationContext& context) {
  return google::protobuf::Arena::CreateMessage<M>(context.arena);
}
template <class M>
const M& ReplyOf(const runtime::Operation::Outcome& outcome) {
  return static_cast<const M&>(*outcome.reply);
}

}  // namespace vecgate::translators::weaviate
