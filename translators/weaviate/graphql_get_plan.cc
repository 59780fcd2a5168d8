#include <algorithm>
#include <string>
#include <utility>

#include "weaviate/go_values.h"
#include "weaviate/graphql_arguments.h"
#include "weaviate/graphql_get.h"
#include "weaviate/graphql_input.h"
#include "weaviate/graphql_searches.h"
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
      if (!ReadWhere(reader, value, request->mutable_filters())) return false;
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
    if (limited && limit_ == 0)
      return reader.Refuse(422, Concat(searches_.any() ? "explorer: get class: " : "explorer: list class: ",
                                       "search: invalid pagination params: invalid default limit: 0"));
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

// --- what _additional asks for with arguments ----------------------------------------------------------------

std::string TextOf(const graphql::Value* object, std::string_view name, const graphql::Variables& variables) {
  const graphql::Value* member = object == nullptr ? nullptr : object->children.Find(name);
  if (member == nullptr) return {};
  if (member->kind == graphql::Value::Kind::kString) return std::string(member->text);
  const std::string_view* json =
      member->kind == graphql::Value::Kind::kVariable ? variables.Find(member->text) : nullptr;
  if (json == nullptr || !json->starts_with('"')) return {};
  // As text once more, by the reader of documents: JSON's strings are its own.
  graphql::Document document;
  const std::string source = Concat("{f(a:", *json, ")}");
  if (document.Parse(source)) return {};
  return std::string(document.operations().first()->selections.first()->arguments.first()->text);
}

// The value of the argument, variables that stand for texts in place.
void AskRerank(const AskedField& asked, const graphql::Variables& variables, SearchRequest* request) {
  graphql::Value arguments;
  arguments.children = asked.field->arguments;
  auto* rerank = request->mutable_rerank();
  rerank->set_property(TextOf(&arguments, "property", variables));
  if (asked.field->arguments.Find("query") != nullptr) rerank->set_query(TextOf(&arguments, "query", variables));
}

// Empty: it was understood.
std::string AskGenerate(const AskedField& asked, const graphql::Variables& variables, SearchRequest* request) {
  for (const graphql::Value& argument : asked.field->arguments) {
    const bool single = argument.name == "singleResult";
    if (!single && argument.name != "groupedResult") return NotAvailable(Concat("generate(", argument.name, ")"));
    for (const graphql::Value& member : argument.children)
      if (member.name != (single ? "prompt" : "task") && (single || member.name != "properties") && member.name != "debug")
        return NotAvailable(Concat("generate(", argument.name, "{", member.name, "})"));
    auto* generative = request->mutable_generative();
    if (single) {
      generative->mutable_single()->set_prompt(TextOf(&argument, "prompt", variables));
      continue;
    }
    generative->mutable_grouped()->set_task(TextOf(&argument, "task", variables));
    const graphql::Value* properties = argument.children.Find("properties");
    if (properties == nullptr) continue;
    auto* names = generative->mutable_grouped()->mutable_properties();
    if (properties->kind == graphql::Value::Kind::kString) names->add_values(std::string(properties->text));
    for (const graphql::Value& name : properties->children) names->add_values(std::string(name.text));
  }
  return {};
}

// --- sorting here --------------------------------------------------------------------------------------------

// The server sorts hits for GraphQL only: the first of them, as many as the page ends at.
void SortHere(SearchRequest* request, GetPlan* plan) {
  plan->skipped = request->offset();
  const uint32_t limit = request->limit() == 0 ? kServerLimit : request->limit();
  request->set_limit(limit + request->offset());
  request->clear_offset();
  for (const auto& sort : request->sort_by()) plan->sort.push_back(sort);
  request->clear_sort_by();
  for (const auto& sort : plan->sort) {
    if (sort.path_size() == 0) continue;
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
                                    const Field& field, const graphql::Variables& variables, GetPlan* plan,
                                    std::vector<GraphQlFault>* faults) {
  const std::vector<graphql::Location> here = {document.LocationOf(field.offset)};
  for (GraphQlFault& fault : CheckArguments(document, GraphQlRoot::kGet, field.name, field.arguments))
    faults->push_back(std::move(fault));
  SelectionReader selection(document);
  plan->asked = selection.Read(field.name, field.fields);
  std::optional<GraphQlFault> unavailable;
  for (GraphQlFault& fault : selection.faults()) {
    if (fault.code == 0) faults->push_back(std::move(fault));
    else if (!unavailable) unavailable = std::move(fault);
  }
  if (!faults->empty()) return std::nullopt;
  if (unavailable) return unavailable;

  auto* request = NewMessage<SearchRequest>(context);
  ArgumentReader arguments(context, field.name);
  auto fault = ReadArguments(context.api, field, variables, [&](JsonReader& reader, const JsonValue& root) {
    return arguments.Read(reader, root, request);
  });
  if (fault) {
    if (fault->code == 0) fault->message.insert(0, arguments.before());
    fault->locations = here;
    return fault;
  }
  request->set_collection(std::string(field.name));
  request->set_uses_127_api(true);
  // Without a search the server lists, and gRPC refuses.
  if (!arguments.searches()) request->clear_group_by();
  if (request->has_group_by() && request->group_by().path_size() > 0) plan->group_path = request->group_by().path(0);
  if (const AskedField* rerank = FindAdditional(plan->asked, AskedField::Kind::kRerank); rerank != nullptr)
    AskRerank(*rerank, variables, request);
  if (const AskedField* generate = FindAdditional(plan->asked, AskedField::Kind::kGenerate); generate != nullptr)
    if (std::string text = AskGenerate(*generate, variables, request); !text.empty())
      return GraphQlFault{std::move(text), here, {}, kNotAvailable};
  const bool sort_here = request->sort_by_size() > 0 && arguments.searches();
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
