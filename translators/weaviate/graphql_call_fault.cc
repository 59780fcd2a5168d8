#include "weaviate/graphql_call_fault.h"

#include <string>
#include <utility>

#include "weaviate/graphql_sort.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::Filters;
using ::weaviate::v1::FilterTarget;
using runtime::Concat;

constexpr int kUnknown = 2;
constexpr int kHttpCodes[] = {1, 4, 7, 8, 12, 14, 16};  // cancelled, late, forbidden, exhausted, missing, away, nameless

std::string_view Between(std::string_view text, std::string_view before, std::string_view after) {
  const size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find(after));
}

bool TargetNames(const FilterTarget& target, std::string_view name) {
  switch (target.target_case()) {
    case FilterTarget::kProperty: return target.property() == name;
    case FilterTarget::kSingleTarget: return target.single_target().on() == name || TargetNames(target.single_target().target(), name);
    case FilterTarget::kMultiTarget:
      return target.multi_target().on() == name || target.multi_target().target_collection() == name ||
             TargetNames(target.multi_target().target(), name);
    case FilterTarget::kCount: return target.count().on() == name;
    default: return false;
  }
}

bool FiltersName(const Filters* filters, std::string_view name) {
  if (filters == nullptr) return false;
  if (filters->has_target() && TargetNames(filters->target(), name)) return true;
  for (const Filters& operand : filters->filters())
    if (FiltersName(&operand, name)) return true;
  return false;
}

// Calls `visit` with every object whose fields are asked for, until that tells true.
template <class Visit>
bool AnyObject(const AskedObject& object, const Visit& visit);
template <class Visit>
bool AnyObject(const std::vector<AskedField>& fields, const Visit& visit) {
  for (const AskedField& field : fields) {
    for (const AskedReference& reference : field.references)
      if (AnyObject(reference.object, visit)) return true;
    if (AnyObject(field.fields, visit)) return true;
  }
  return false;
}
template <class Visit>
bool AnyObject(const AskedObject& object, const Visit& visit) {
  return visit(object) || AnyObject(object.fields, visit);
}

// A property of that collection; null: it was not selected.
const AskedField* FindSelected(const AskedObject& object, std::string_view collection, std::string_view property) {
  const AskedField* found = nullptr;
  AnyObject(object, [&](const AskedObject& one) {
    for (const AskedField& field : one.fields)
      if (one.collection == collection && field.name == property) found = &field;
    return found != nullptr;
  });
  return found;
}
// The collection is one that references are followed to.
bool Follows(const AskedObject& object, std::string_view collection) {
  return AnyObject(object.fields, [&](const AskedObject& one) { return one.collection == collection; });
}

// Where a fragment on that type begins to name it; null: nowhere.
const graphql::Selection* FindFragmentOn(graphql::Chain<graphql::Selection> selections, std::string_view type) {
  for (const graphql::Selection& selection : selections) {
    if (selection.kind == graphql::Selection::Kind::kInline && selection.name == type) return &selection;
    if (const graphql::Selection* found = FindFragmentOn(selection.selections, type); found != nullptr) return found;
  }
  return nullptr;
}

}  // namespace

bool FailsRequest(const runtime::CallOutcome& outcome) {
  if (outcome.from_client) return true;
  for (const std::string_view words : {"extract auth:", "forbidden action", "429 Too many requests"})
    if (outcome.message.find(words) != std::string::npos) return true;
  for (const int code : kHttpCodes)
    if (outcome.code == code) return true;
  return outcome.code != kUnknown && outcome.message.find("panic occurred") != std::string::npos;
}

GraphQlFault CallFault(const FailedField& failed, const runtime::CallOutcome& outcome, bool* whole) {
  const graphql::Field& field = failed.field;
  const auto at = [&](uint32_t offset) { return std::vector<graphql::Location>{failed.document.LocationOf(offset)}; };
  std::string_view text = outcome.message;
  for (const std::string_view door : {"aggregate: ", "parse params: "})
    if (text.starts_with(door)) text.remove_prefix(door.size());
  *whole = true;

  if (const std::string_view name = Between(text, "could not find class ", " in schema"); !name.empty()) {
    if (name == field.name)
      return {Concat("Cannot query field \"", name, "\" on type \"", RootType(failed.root), "\"."), at(field.offset), {}};
    if (failed.asked != nullptr && Follows(*failed.asked, name))
      if (const graphql::Selection* fragment = FindFragmentOn(field.selection->selections, name); fragment != nullptr)
        return {Concat("Unknown type \"", name, "\"."), at(fragment->name_offset), {}};
    *whole = false;
    if (FiltersName(failed.filters, name))
      return {Concat("invalid 'where' filter: class \"", name, "\" does not exist in schema"), at(field.offset), {}};
  }
  if (const graphql::Value* tenant = field.arguments.Find("tenant");
      tenant != nullptr && text.find("has multi-tenancy disabled") != std::string_view::npos)
    return {Concat("Unknown argument \"tenant\" on field \"", field.name, "\" of type \"", RootType(failed.root), "\"."),
            at(tenant->name_offset), {}};

  constexpr std::string_view kNoProperty = "no such prop with name '";
  const std::string_view property = Between(text, kNoProperty, "'");
  const std::string_view collection = Between(text, "found in class '", "'");
  if (text.starts_with(kNoProperty) && failed.asked != nullptr)
    if (const AskedField* selected = FindSelected(*failed.asked, collection, property); selected != nullptr)
      return {Concat("Cannot query field \"", property, "\" on type \"", collection, "\"."), at(selected->field->offset), {}};
  if (failed.root == GraphQlRoot::kAggregate) {
    // Properties of some kinds have no statistics, and no field.
    const std::string_view unfit = text.find(" dataType ") == std::string_view::npos
                                       ? std::string_view()
                                       : Between(text, "aggregate properties: property ", ":");
    const std::string_view name = unfit.empty() ? property : unfit;
    if (const graphql::Field* selected = name.empty() ? nullptr : field.fields.Find(name); selected != nullptr)
      return {Concat("Cannot query field \"", name, "\" on type \"Aggregate", field.name, "\"."), at(selected->offset), {}};
  }
  *whole = false;
  if (failed.root == GraphQlRoot::kGet && text.starts_with("extract target vectors: class ") &&
      text.ends_with(" has multiple vectors, but no target vectors were provided"))
    return {"explorer: get class: validate target vector: multiple vectorizers configuration found, please specify target "
            "vector name",
            at(field.offset), {}};
  if (text.starts_with(kNoProperty))
    if (std::string sorted = SortFault(failed.sort, property, text); !sorted.empty() && !FiltersName(failed.filters, property))
      return {std::move(sorted), at(field.offset), {}};
  // Faults that a filter is found to have before it is used are told as such.
  const bool of_filter = (text.starts_with(kNoProperty) && FiltersName(failed.filters, property)) || text.starts_with("filtering on nested properties");
  return {Concat(of_filter ? "invalid 'where' filter: " : "", text), at(field.offset), {}};
}

}  // namespace vecgate::translators::weaviate
