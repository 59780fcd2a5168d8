#include "weaviate/graphql_sort.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "weaviate/upstream_texts.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::ListValue;
using ::weaviate::v1::SearchResult;
using ::weaviate::v1::SortBy;
using ::weaviate::v1::Value;

template <class T>
int Compared(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

// Texts regardless of the case of their letters.
int ComparedTexts(std::string_view a, std::string_view b) { return Compared(Lower(a), Lower(b)); }

template <class List>
int ComparedLists(const List& a, const List& b) {
  for (int i = 0; i < a.size() && i < b.size(); ++i)
    if (const int order = ComparedTexts(a.Get(i), b.Get(i)); order != 0) return order;
  return Compared(a.size(), b.size());
}

double NumberOf(const Value& value) {
  return value.has_int_value() ? static_cast<double>(value.int_value()) : value.number_value();
}

// Both have values.
int Compared(const Value& a, const Value& b) {
  if (a.kind_case() != b.kind_case()) return Compared(a.kind_case(), b.kind_case());
  switch (a.kind_case()) {
    case Value::kTextValue: return ComparedTexts(a.text_value(), b.text_value());
    case Value::kDateValue: return Compared(a.date_value(), b.date_value());
    case Value::kUuidValue: return Compared(a.uuid_value(), b.uuid_value());
    case Value::kBlobValue: return Compared(a.blob_value(), b.blob_value());
    case Value::kIntValue: return Compared(a.int_value(), b.int_value());
    case Value::kNumberValue: return Compared(NumberOf(a), NumberOf(b));
    case Value::kBoolValue: return Compared(a.bool_value(), b.bool_value());
    case Value::kPhoneValue: return Compared(a.phone_value().international_formatted(), b.phone_value().international_formatted());
    case Value::kListValue:
      if (a.list_value().kind_case() == ListValue::kTextValues && b.list_value().kind_case() == ListValue::kTextValues)
        return ComparedLists(a.list_value().text_values().values(), b.list_value().text_values().values());
      return 0;
    default: return 0;
  }
}

const Value* Find(const SearchResult& hit, const std::string& name) {
  const auto& fields = hit.properties().non_ref_props().fields();
  const auto found = fields.find(name);
  if (found == fields.end() || found->second.has_null_value() || found->second.kind_case() == Value::KIND_NOT_SET) return nullptr;
  return &found->second;
}

int Compared(const SearchResult& a, const SearchResult& b, const std::string& name) {
  if (name == "_id" || name == "id") return Compared(a.metadata().id(), b.metadata().id());
  if (name == "_creationTimeUnix") return Compared(a.metadata().creation_time_unix(), b.metadata().creation_time_unix());
  if (name == "_lastUpdateTimeUnix")
    return Compared(a.metadata().last_update_time_unix(), b.metadata().last_update_time_unix());
  const Value* left = Find(a, name);
  const Value* right = Find(b, name);
  if (left == nullptr || right == nullptr) return Compared(left != nullptr, right != nullptr);
  return Compared(*left, *right);
}

}  // namespace

void SortHits(std::span<const SortBy> by, std::vector<const SearchResult*>* hits) {
  if (by.empty()) return;
  std::stable_sort(hits->begin(), hits->end(), [&](const SearchResult* a, const SearchResult* b) {
    for (const SortBy& sort : by) {
      if (sort.path_size() == 0) continue;
      const int order = Compared(*a, *b, sort.path(0));
      if (order != 0) return sort.ascending() ? order < 0 : order > 0;
    }
    return false;
  });
}

}  // namespace vecgate::translators::weaviate
