#include "weaviate/request.h"

#include "runtime/concat.h"
#include "runtime/params.h"
#include "weaviate/ids.h"
#include "weaviate/replies.h"

namespace vecgate::translators::weaviate {

using ::weaviate::v1::ConsistencyLevel;
using runtime::OperationContext;
using runtime::Reply;

Query::Query(std::string_view raw) : params_(runtime::ParseQuery(raw)) {}

const std::string* Query::Find(std::string_view name) const {
  for (auto param = params_.rbegin(); param != params_.rend(); ++param)
    if (param->first == name) return param->second.empty() ? nullptr : &param->second;
  return nullptr;
}

bool Query::Has(std::string_view name) const {
  for (const auto& param : params_)
    if (param.first == name) return true;
  return false;
}

std::string_view Query::Text(std::string_view name) const {
  const std::string* text = Find(name);
  return text == nullptr ? std::string_view() : *text;
}

bool ConsistencyLevelOf(std::string_view word, ConsistencyLevel* level) {
  if (word == "ONE") *level = ::weaviate::v1::CONSISTENCY_LEVEL_ONE;
  else if (word == "QUORUM") *level = ::weaviate::v1::CONSISTENCY_LEVEL_QUORUM;
  else if (word == "ALL") *level = ::weaviate::v1::CONSISTENCY_LEVEL_ALL;
  else return false;
  return true;
}

std::optional<Reply> ReadConsistencyLevel(const Query& query, std::optional<ConsistencyLevel>* level) {
  const std::string* word = query.Find("consistency_level");
  if (word == nullptr) return std::nullopt;
  ConsistencyLevel read;
  if (!ConsistencyLevelOf(*word, &read))
    return HandlerError(400, runtime::Concat("unrecognized consistency level '", *word,
                                             "', try one of the following: ['ONE', 'QUORUM', 'ALL']"));
  *level = read;
  return std::nullopt;
}

std::string_view Variable(const OperationContext& context, std::string_view name) {
  const std::string* text = context.Text(name);
  return text == nullptr ? std::string_view() : *text;
}

std::optional<Reply> ReadPlace(const OperationContext& context, ObjectPlace* place) {
  place->collection = Variable(context, "className");
  const std::string_view id = Variable(context, "id");
  if (!IsId(id)) return NotOfFormat("id", "path", "uuid", id);
  place->id = CanonicalId(id);
  return std::nullopt;
}

std::string CollectionName(std::string_view name) {
  std::string upper(name);
  if (!upper.empty() && upper.front() >= 'a' && upper.front() <= 'z') upper.front() = static_cast<char>(upper.front() - 0x20);
  return upper;
}

std::string PropertyName(std::string_view name) {
  std::string lower(name);
  if (!lower.empty() && lower.front() >= 'A' && lower.front() <= 'Z') lower.front() = static_cast<char>(lower.front() | 0x20);
  return lower;
}

void SetIdFilter(std::string_view id, ::weaviate::v1::Filters* filters) {
  filters->set_operator_(::weaviate::v1::Filters::OPERATOR_EQUAL);
  filters->set_value_text(std::string(id));
  filters->mutable_target()->set_property("_id");
}

::weaviate::v1::SearchRequest* NewIdSearch(const OperationContext& context, std::string_view collection,
                                           std::string_view id, std::string_view tenant) {
  auto* search = NewMessage<::weaviate::v1::SearchRequest>(context);
  search->set_collection(std::string(collection));
  search->set_tenant(std::string(tenant));
  search->set_limit(1);
  search->set_uses_127_api(true);
  SetIdFilter(id, search->mutable_filters());
  return search;
}

runtime::Operation::Call CallOf(const OperationContext& context, std::string_view rpc,
                                google::protobuf::Message* request) {
  for (const runtime::CallSpec& spec : context.route.calls)
    if (spec.method.ends_with(rpc) && spec.method[spec.method.size() - rpc.size() - 1] == '/') return {&spec, request, {}};
  std::abort();  // the rules name the calls of each operation
}

}  // namespace vecgate::translators::weaviate
