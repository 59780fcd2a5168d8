#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "graphql/value_text.h"
#include "weaviate/go_values.h"
#include "weaviate/graphql_aggregate.h"
#include "weaviate/graphql_arguments.h"
#include "weaviate/graphql_input.h"
#include "weaviate/graphql_members.h"
#include "weaviate/graphql_searches.h"
#include "weaviate/graphql_targets.h"
#include "weaviate/older_servers.h"
#include "weaviate/request.h"
#include "weaviate/where.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::AggregateRequest;
using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;

// Statistics, and the kinds of properties that have them. The server answers in the property's own kind, whichever is
// asked, so that the kind need not be known: it is chosen by the statistics.
enum Statistic : uint32_t {
  kCount = 1 << 0,
  kType = 1 << 1,
  kSum = 1 << 2,
  kMean = 1 << 3,
  kMode = 1 << 4,
  kMedian = 1 << 5,
  kMaximum = 1 << 6,
  kMinimum = 1 << 7,
  kTopOccurrences = 1 << 8,
  kTotalTrue = 1 << 9,
  kTotalFalse = 1 << 10,
  kPercentageTrue = 1 << 11,
  kPercentageFalse = 1 << 12,
  kPointingTo = 1 << 13,
};
constexpr std::pair<std::string_view, Statistic> kStatistics[] = {
    {"count", kCount},           {"type", kType},
    {"sum", kSum},               {"mean", kMean},
    {"mode", kMode},             {"median", kMedian},
    {"maximum", kMaximum},       {"minimum", kMinimum},
    {"topOccurrences", kTopOccurrences}, {"totalTrue", kTotalTrue},
    {"totalFalse", kTotalFalse}, {"percentageTrue", kPercentageTrue},
    {"percentageFalse", kPercentageFalse}, {"pointingTo", kPointingTo}};
constexpr uint32_t kOfNumbers = kSum | kMean | kMode | kMedian | kMaximum | kMinimum;
constexpr uint32_t kOfBooleans = kTotalTrue | kTotalFalse | kPercentageTrue | kPercentageFalse;

constexpr uint32_t kDefaultTop = 5;

struct Wanted {
  std::string property;
  uint32_t statistics = 0;
  uint32_t top = 0;
};

void AddAggregation(const Wanted& wanted, AggregateRequest* request) {
  auto* aggregation = request->add_aggregations();
  aggregation->set_property(wanted.property);
  const auto has = [&](uint32_t statistic) { return (wanted.statistics & statistic) != 0; };
  const auto set_common = [&](auto* kind) {
    kind->set_type(has(kType));
    return kind;
  };
  if (has(kOfBooleans)) {
    auto* boolean = set_common(aggregation->mutable_boolean());
    boolean->set_count(has(kCount));
    boolean->set_total_true(has(kTotalTrue));
    boolean->set_total_false(has(kTotalFalse));
    boolean->set_percentage_true(has(kPercentageTrue));
    boolean->set_percentage_false(has(kPercentageFalse));
  } else if (has(kPointingTo)) {
    set_common(aggregation->mutable_reference())->set_pointing_to(true);
  } else if (has(kOfNumbers)) {
    auto* number = set_common(aggregation->mutable_number());
    number->set_count(has(kCount));
    number->set_sum(has(kSum));
    number->set_mean(has(kMean));
    number->set_mode(has(kMode));
    number->set_median(has(kMedian));
    number->set_maximum(has(kMaximum));
    number->set_minimum(has(kMinimum));
  } else {
    auto* text = set_common(aggregation->mutable_text());
    text->set_count(has(kCount));
    if (!has(kTopOccurrences)) return;
    text->set_top_occurences(true);
    text->set_top_occurences_limit(wanted.top);
  }
}

uint32_t TopOf(const AskedField& field, const graphql::Variables& variables) {
  const graphql::Value* limit = field.field->arguments.Find("limit");
  if (limit == nullptr) return kDefaultTop;
  const std::string text = graphql::Json(*limit, variables);
  uint32_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number == 0 ? kDefaultTop : number;
}

class SelectionPlanner {
 public:
  SelectionPlanner(const InputPlace& place, AggregatePlan* plan) : place_(place), plan_(*plan) {}

  void Ask(graphql::Chain<graphql::Field> fields) {
    std::vector<Wanted> wanted;
    const std::string type = Concat("Aggregate", place_.collection);
    for (const graphql::Field& field : fields) {
      AskedField asked = NewAsked(field);
      CheckArguments(place_, {}, field, type);
      if (asked.kind == AskedField::Kind::kTypename) {
        if (field.has_braces) TellUnwantedSelection(place_, field, "String!");
      } else {
        AskMembers(&asked, &wanted);
      }
      plan_.fields.push_back(std::move(asked));
    }
    SortByKey(&plan_.fields);
    for (const Wanted& one : wanted) AddAggregation(one, plan_.request);
  }

 private:
  void AskMembers(AskedField* asked, std::vector<Wanted>* wanted) {
    const bool meta = asked->name == "meta";
    const bool property = !meta && asked->name != "groupedBy";
    const ObjectType& type = meta ? kMetaType : property ? kStatisticsType : kGroupedByType;
    const std::string scope = property ? Concat(place_.collection, asked->name) : std::string(place_.collection);
    if (!asked->field->has_braces) return TellMissingSelection(place_, *asked->field, NameOf(type, false, scope));
    ReadMembers(place_, type, scope, *asked->field, asked);
    if (meta) plan_.request->set_objects_count(true);
    if (property) AskProperty(*asked, wanted);
  }

  void AskProperty(const AskedField& asked, std::vector<Wanted>* all) {
    auto wanted = std::find_if(all->begin(), all->end(), [&](const Wanted& one) { return one.property == asked.name; });
    if (wanted == all->end()) wanted = all->insert(all->end(), Wanted{std::string(asked.name)});
    for (const AskedField& member : asked.fields) {
      const auto* known = std::find_if(std::begin(kStatistics), std::end(kStatistics),
                                       [&](const auto& one) { return one.first == member.name; });
      if (known == std::end(kStatistics)) continue;
      wanted->statistics |= known->second;
      if (known->second == kTopOccurrences) wanted->top = std::max(wanted->top, TopOf(member, place_.variables));
    }
  }

  const InputPlace& place_;
  AggregatePlan& plan_;
};

// What the server says before the text of a fault goes to `before`. In the order in which the server looks at them.
bool Read(JsonReader& reader, const JsonValue& arguments, std::string_view collection, AggregateRequest* request,
          std::string* before) {
  const auto before_is = [&](std::string_view text) {
    *before = text;
    return true;
  };
  SearchesRead searches;
  JsonValue value;
  bool has = false;
  int32_t limit = 0;
  bool has_object_limit = false;
  int32_t object_limit = 0;
  google::protobuf::RepeatedPtrField<std::string> path;
  before->clear();
  const bool grouped = FindArgument(arguments, "groupBy", &value);
  if (grouped && !ReadTexts(reader, value, &path)) return false;
  if (grouped && path.size() % 2 == 0)
    return reader.Refuse(422, Concat("could not extract groupBy path: missing an argument after '",
                                     path.empty() ? collection : std::string_view(path[path.size() - 1]), "'"));
  if (!ReadNumber(reader, arguments, "limit", &has, &limit)) return false;
  if (has) request->set_limit(static_cast<uint32_t>(std::max(limit, 0)));
  if (!ReadNumber(reader, arguments, "objectLimit", &has_object_limit, &object_limit)) return false;
  if (has_object_limit && object_limit <= 0) return reader.Refuse(422, "objectLimit must be a positive integer");
  if (FindArgument(arguments, "where", &value) && before_is("could not extract filters: ") &&
      !ReadWhere(reader, value, WhereForm::kGraphQl, {}, request->mutable_filters()))
    return false;
  before->clear();
  const bool read = ReadSearches(reader, arguments, collection, request, &searches);
  *before = searches.before;
  if (!read) return false;
  if (searches.near + (searches.hybrid ? 1 : 0) > 1)
    return reader.Refuse(422, "conflict: more than one search argument present, choose one");
  if (has_object_limit && !searches.any())
    return reader.Refuse(422, "objectLimit can only be used with a near<Media> or hybrid filter");
  if (has_object_limit) request->set_object_limit(static_cast<uint32_t>(object_limit));
  if (FindArgument(arguments, "tenant", &value) && !ReadText(reader, value, "arguments", request->mutable_tenant()))
    return false;
  if (!grouped) return true;
  if (path.size() > 1) return reader.Refuse(kNotAvailable, NotAvailable("groupBy with a path of several parts"));
  request->mutable_group_by()->set_property(path[0]);
  return true;
}

}  // namespace

std::optional<GraphQlFault> PlanAggregate(const runtime::OperationContext& context, const graphql::Document& document,
                                          const graphql::Field& field, const graphql::Variables& variables,
                                          AggregatePlan* plan, std::vector<GraphQlFault>* faults) {
  const InputPlace place{document, variables, field.name, faults};
  plan->collection = field.name;
  plan->request = NewMessage<AggregateRequest>(context);
  CheckArguments(place, GraphQlRoot::kAggregate, field);
  SelectionPlanner(place, plan).Ask(field.fields);
  if (!faults->empty()) return std::nullopt;
  auto* arguments = NewMessage<AggregateRequest>(context);
  std::string before;
  auto fault = ReadArguments(context.api, kAggregateArguments, field, variables, [&](JsonReader& reader, const JsonValue& root) {
    arguments->Clear();
    return Read(reader, root, field.name, arguments, &before);
  });
  if (fault) {
    if (fault->code == 0) fault->message.insert(0, before);
    fault->locations = {document.LocationOf(field.offset)};
    return fault;
  }
  plan->request->MergeFrom(*arguments);
  plan->request->set_collection(std::string(field.name));
  SuitServer(context.api.facts(), plan->request);
  return std::nullopt;
}

}  // namespace vecgate::translators::weaviate
