#include <algorithm>
#include <string>
#include <utility>

#include "weaviate/go_values.h"
#include "weaviate/graphql_additional.h"
#include "weaviate/graphql_arguments.h"
#include "weaviate/graphql_get.h"
#include "weaviate/graphql_input.h"
#include "weaviate/graphql_searches.h"
#include "weaviate/older_servers.h"
#include "weaviate/graphql_sort.h"
#include "weaviate/graphql_targets.h"
#include "weaviate/ids.h"
#include "weaviate/request.h"
#include "weaviate/where.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::SearchRequest;
using graphql::Field;
using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;

// Of a query that says nothing of pages.
constexpr uint32_t kDefaultLimit = 100;
// What the server takes for a limit of 0.
constexpr uint32_t kServerLimit = 10;
constexpr std::string_view kStruct = "arguments";

class ArgumentReader {
 public:
  ArgumentReader(const runtime::OperationContext& context, std::string_view collection)
      : context_(context), collection_(collection) {}

  // In the order in which the server looks at them.
  bool Read(JsonReader& reader, const JsonValue& arguments, SearchRequest* request) {
    request->Clear();
    searches_ = {};
    before_.clear();
    JsonValue value;
    if (!ReadPage(reader, arguments, request)) return false;
    if (FindArgument(arguments, "sort", &value) && !ReadSort(reader, value, request)) return false;
    if (FindArgument(arguments, "where", &value)) {
      before_ = "could not extract filters: ";
      if (!ReadWhere(reader, value, WhereForm::kGraphQl, {}, request->mutable_filters())) return false;
      before_.clear();
    }
    if (!ReadSearches(reader, arguments, collection_, request, &searches_)) return false;
    const bool sorted = request->sort_by_size() > 0;
    if (sorted && searches_.keywords) return reader.Refuse(422, "bm25 search is not compatible with sort");
    if (sorted && searches_.hybrid) return reader.Refuse(422, "hybrid search is not compatible with sort");
    if (FindArgument(arguments, "group", &value)) return reader.Refuse(kNotAvailable, NotAvailable("group"));
    if (FindArgument(arguments, "groupBy", &value) && !ReadGroupBy(reader, value, request)) return false;
    if (FindArgument(arguments, "tenant", &value) && !ReadText(reader, value, kStruct, request->mutable_tenant())) return false;
    if (FindArgument(arguments, "consistencyLevel", &value)) {
      std::string word;
      ::weaviate::v1::ConsistencyLevel level;
      if (!ReadText(reader, value, kStruct, &word)) return false;
      if (!ConsistencyLevelOf(word, &level)) return reader.Refuse(422, Concat("unrecognized consistency level '", word, "'"));
      request->set_consistency_level(level);
    }
    return SetLimit(reader, request);
  }

  // What the server says before the text of the fault.
  std::string before() const { return before_.empty() ? searches_.before : before_; }
  bool searches() const { return searches_.any(); }

 private:
  bool ReadPage(JsonReader& reader, const JsonValue& arguments, SearchRequest* request) {
    int32_t offset = 0;
    int32_t autocut = 0;
    if (!ReadNumber(reader, arguments, "limit", &has_limit_, &limit_) ||
        !ReadNumber(reader, arguments, "offset", &has_offset_, &offset) ||
        !ReadNumber(reader, arguments, "autocut", &has_autocut_, &autocut))
      return false;
    request->set_offset(static_cast<uint32_t>(std::max(offset, 0)));
    request->set_autocut(static_cast<uint32_t>(std::max(autocut, 0)));
    JsonValue after;
    if (!FindArgument(arguments, "after", &after)) return true;
    if (!ReadText(reader, after, kStruct, request->mutable_after())) return false;
    // From the start, in the order of a cursor.
    if (request->after().empty()) request->set_after(std::string(kNilId));
    return has_limit_ || reader.Refuse(422, "cursor api: invalid 'after' parameter: limit parameter must be set");
  }

  bool SetLimit(JsonReader& reader, SearchRequest* request) const {
    const bool limited = has_limit_ && limit_ >= 0;
    if (limited && limit_ == 0) {
      const std::string_view place = searches_.near > 0    ? "get class: concurrentTargetVectorSearch): explorer: get class: vector search"
                                     : searches_.keywords ? "get class: vector search"
                                                          : "list class: search";
      return reader.Refuse(422, Concat("explorer: ", place, ": invalid pagination params: invalid default limit: 0"));
    }
    if (limited) {
      request->set_limit(static_cast<uint32_t>(limit_));
    } else if (searches_.bounded) {
      // All that is near enough.
      const uint64_t most = context_.api.facts().max_results;
      request->set_limit(static_cast<uint32_t>(most > request->offset() ? most - request->offset() : 0));
    } else if (!has_limit_ && !has_offset_ && !has_autocut_) {
      request->set_limit(kDefaultLimit);
    }
    return true;
  }

  static bool ReadSortBy(JsonReader& reader, const JsonValue& value, SearchRequest* request) {
    if (value.kind() != Kind::kObject) return FailType(reader, value, {kStruct, "sort"});
    auto* sort = request->add_sort_by();
    JsonValue member;
    std::string order;
    if (FindArgument(value, "path", &member) && !ReadTexts(reader, member, sort->mutable_path())) return false;
    if (FindArgument(value, "order", &member) && !ReadText(reader, member, kStruct, &order)) return false;
    sort->set_ascending(order != "desc");
    return true;
  }

  static bool ReadSort(JsonReader& reader, const JsonValue& value, SearchRequest* request) {
    if (value.kind() != Kind::kArray) return ReadSortBy(reader, value, request);
    for (runtime::ArrayCursor elements(value); !elements.Done(); elements.Advance())
      if (!ReadSortBy(reader, elements.value(), request)) return false;
    return true;
  }

  static bool ReadGroupBy(JsonReader& reader, const JsonValue& value, SearchRequest* request) {
    if (value.kind() != Kind::kObject) return FailType(reader, value, {kStruct, "groupBy"});
    auto* group = request->mutable_group_by();
    JsonValue path;
    bool has = false;
    int32_t groups = 0;
    int32_t objects = 0;
    if (FindArgument(value, "path", &path) && !ReadTexts(reader, path, group->mutable_path())) return false;
    if (!ReadNumber(reader, value, "groups", &has, &groups) || !ReadNumber(reader, value, "objectsPerGroup", &has, &objects))
      return false;
    group->set_number_of_groups(groups);
    group->set_objects_per_group(objects);
    return true;
  }

  const runtime::OperationContext& context_;
  const std::string_view collection_;
  SearchesRead searches_;
  std::string before_;
  bool has_limit_ = false;
  bool has_offset_ = false;
  bool has_autocut_ = false;
  int32_t limit_ = 0;
};

// --- sorting here --------------------------------------------------------------------------------------------

// The server sorts hits for GraphQL only: the first of them, as many as the page ends at.
void SortHere(SearchRequest* request, GetPlan* plan) {
  plan->skipped = request->offset();
  const uint32_t limit = request->limit() == 0 ? kServerLimit : request->limit();
  request->set_limit(limit + request->offset());
  request->clear_offset();
  request->clear_sort_by();
  for (const auto& sort : plan->sort) {
    const std::string& name = sort.path(0);
    if (name == "_id" || name == "id") {
      request->mutable_metadata()->set_uuid(true);
    } else if (name == "_creationTimeUnix") {
      request->mutable_metadata()->set_creation_time_unix(true);
    } else if (name == "_lastUpdateTimeUnix") {
      request->mutable_metadata()->set_last_update_time_unix(true);
    } else {
      const auto& names = request->properties().non_ref_properties();
      if (std::find(names.begin(), names.end(), name) == names.end())
        request->mutable_properties()->add_non_ref_properties(name);
    }
  }
}

}  // namespace

std::optional<GraphQlFault> PlanGet(const runtime::OperationContext& context, const graphql::Document& document,
                                    const Field& field, const graphql::Variables& variables, size_t* budget,
                                    GetPlan* plan, std::vector<GraphQlFault>* faults) {
  const std::vector<graphql::Location> here = {document.LocationOf(field.offset)};
  std::vector<GraphQlFault> found;
  const InputPlace place{document, variables, field.name, &found};
  CheckArguments(place, GraphQlRoot::kGet, field);
  plan->asked = SelectionReader(place).Read(field.fields);
  std::optional<GraphQlFault> unavailable;
  for (GraphQlFault& fault : found) {
    if (fault.code == 0) faults->push_back(std::move(fault));
    else if (!unavailable) unavailable = std::move(fault);
  }
  if (!faults->empty()) return std::nullopt;
  if (unavailable) return unavailable;

  auto* request = NewMessage<SearchRequest>(context);
  ArgumentReader arguments(context, field.name);
  auto fault = ReadArguments(context.api, kGetArguments, field, variables, [&](JsonReader& reader, const JsonValue& root) {
    return arguments.Read(reader, root, request);
  });
  if (fault) {
    if (fault->code == 0) fault->message.insert(0, arguments.before());
    fault->locations = here;
    return fault;
  }
  request->set_collection(std::string(field.name));
  request->set_uses_127_api(true);
  SuitServer(context.api.facts(), request);
  // Without a search the server lists, and gRPC refuses.
  if (!arguments.searches()) request->clear_group_by();
  if (request->has_group_by() && request->group_by().path_size() > 0) plan->group_path = request->group_by().path(0);
  if (auto refused = AskForModules(context.api, document, plan->asked, variables, request)) return refused;
  const bool sort_here = request->sort_by_size() > 0 && arguments.searches();
  if (sort_here) {
    plan->sort.assign(request->sort_by().begin(), request->sort_by().end());
    if (std::string text = SortFault(plan->sort); !text.empty()) return GraphQlFault{std::move(text), here, {}};
  }
  const size_t repeated = request->ByteSizeLong() * (plan->asked.variants - 1);
  if (repeated > *budget) return TooLarge(document, field);
  *budget -= repeated;
  for (size_t variant = 0; variant < plan->asked.variants; ++variant) {
    SearchRequest* search = request;
    if (variant > 0) {
      search = NewMessage<SearchRequest>(context);
      search->CopyFrom(*plan->searches[0]);
      search->clear_properties();
      search->clear_metadata();
      search->clear_generative();
    }
    ::weaviate::v1::MetadataRequest metadata;
    AskFor(plan->asked, variant, search->mutable_properties(), &metadata);
    if (metadata.ByteSizeLong() > 0) *search->mutable_metadata() = metadata;
    if (variant == 0 && sort_here) SortHere(search, plan);
    plan->searches.push_back(search);
  }
  return std::nullopt;
}

}  // namespace vecgate::translators::weaviate
