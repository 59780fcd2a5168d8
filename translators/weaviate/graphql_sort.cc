#include "weaviate/graphql_sort.h"

#include <algorithm>
#include <string_view>

#include "runtime/concat.h"
#include "weaviate/graphql_order.h"
#include "weaviate/property_values.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;
using ::weaviate::v1::ListValue;
using ::weaviate::v1::SearchReply;
using ::weaviate::v1::SearchResult;
using ::weaviate::v1::SortBy;
using ::weaviate::v1::Value;

template <class T>
int ComparedPlain(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

const Value* Find(const SearchResult& hit, const std::string& name) {
  const auto& fields = hit.properties().non_ref_props().fields();
  const auto found = fields.find(name);
  return found == fields.end() || IsNull(found->second) ? nullptr : &found->second;
}

int ComparedBy(const std::string& name, const SearchResult& a, const SearchResult& b) {
  if (name == "_id" || name == "id") return ComparedPlain(a.metadata().id(), b.metadata().id());
  if (name == "_creationTimeUnix")
    return ComparedPlain(a.metadata().creation_time_unix(), b.metadata().creation_time_unix());
  if (name == "_lastUpdateTimeUnix")
    return ComparedPlain(a.metadata().last_update_time_unix(), b.metadata().last_update_time_unix());
  const Value* left = Find(a, name);
  const Value* right = Find(b, name);
  if (left == nullptr || right == nullptr) return ComparedPlain(left != nullptr, right != nullptr);
  return Compared(*left, *right);
}

bool IsUuid(const Value& value) {
  return value.has_uuid_value() || (value.has_list_value() && value.list_value().kind_case() == ListValue::kUuidValues);
}

std::string Fault(size_t position, std::string_view text) {
  return Concat("invalid 'sort' parameter: sort parameter at position ", std::to_string(position), ": ", text);
}

}  // namespace

std::string SortFault(Sorts by) {
  for (size_t i = 0; i < by.size(); ++i) {
    if (by[i].path().empty()) return Fault(i, "path parameter cannot be empty");
    if (by[i].path_size() > 1)
      return Fault(i, "sorting by reference not supported, path must have exactly one argument");
  }
  return {};
}

std::string SortFault(Sorts by, const SearchReply& reply) {
  for (size_t i = 0; i < by.size(); ++i)
    for (const SearchResult& hit : reply.results())
      if (const Value* value = Find(hit, by[i].path(0)); value != nullptr && IsUuid(*value))
        return Fault(i,
                     Concat("prop \"", by[i].path(0),
                            "\" is of type uuid/uuid[]: sorting by uuid is currently not supported - if you believe it "
                            "should be, please open a feature request on github.com/weaviate/weaviate"));
  return {};
}

std::string SortFault(Sorts by, std::string_view property, std::string_view text) {
  for (size_t i = 0; i < by.size(); ++i)
    if (by[i].path_size() > 0 && by[i].path(0) == property) return Fault(i, text);
  return {};
}

void SortHits(Sorts by, std::vector<const SearchResult*>* hits) {
  if (by.empty()) return;
  std::stable_sort(hits->begin(), hits->end(), [&](const SearchResult* a, const SearchResult* b) {
    for (const SortBy& sort : by)
      if (const int order = ComparedBy(sort.path(0), *a, *b); order != 0)
        return sort.ascending() ? order < 0 : order > 0;
    return false;
  });
}

}  // namespace vecgate::translators::weaviate
