#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "graphql/value_text.h"
#include "weaviate/go_values.h"
#include "weaviate/graphql_aggregate.h"
#include "weaviate/graphql_arguments.h"
#include "weaviate/graphql_input.h"
#include "weaviate/graphql_searches.h"
#include "weaviate/graphql_targets.h"
#include "weaviate/request.h"
#include "weaviate/where.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::AggregateRequest;
using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;

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
  SelectionPlanner(const graphql::Document& document, const graphql::Variables& variables, const AggregatePlan& plan,
                   std::vector<GraphQlFault>* faults)
      : document_(document), variables_(variables), plan_(plan), faults_(*faults) {}

  void Ask(graphql::Chain<graphql::Field> in_order, AggregateRequest* request) {
    std::vector<Wanted> wanted;
    for (const graphql::Field& field : in_order) {
      const auto asked = std::find_if(plan_.fields.begin(), plan_.fields.end(),
                                      [&](const AskedField& one) { return one.field == &field; });
      if (asked == plan_.fields.end() || asked->kind == AskedField::Kind::kTypename) continue;
      if (asked->fields.empty()) {
        Tell(Concat("Field \"", asked->name, "\" of type \"", TypeOf(*asked), "\" must have a sub selection."), *asked);
      } else if (asked->name == "meta") {
        request->set_objects_count(true);
      } else if (asked->name != "groupedBy") {
        AskProperty(*asked, &wanted);
      }
    }
    for (const Wanted& one : wanted) AddAggregation(one, request);
  }

 private:
  std::string TypeOf(const AskedField& asked) const { return Concat("Aggregate", plan_.collection, asked.name, "Obj"); }
  void Tell(std::string message, const AskedField& at) {
    faults_.push_back({std::move(message), {document_.LocationOf(at.field->offset)}, {}});
  }

  void AskProperty(const AskedField& asked, std::vector<Wanted>* all) {
    auto wanted = std::find_if(all->begin(), all->end(), [&](const Wanted& one) { return one.property == asked.name; });
    if (wanted == all->end()) wanted = all->insert(all->end(), Wanted{std::string(asked.name)});
    for (const AskedField& member : asked.fields) {
      if (member.kind == AskedField::Kind::kTypename) continue;
      const auto* known = std::find_if(std::begin(kStatistics), std::end(kStatistics),
                                       [&](const auto& one) { return one.first == member.name; });
      if (known == std::end(kStatistics)) {
        Tell(Concat("Cannot query field \"", member.name, "\" on type \"", TypeOf(asked), "\"."), member);
        continue;
      }
      wanted->statistics |= known->second;
      if (known->second == kTopOccurrences) wanted->top = std::max(wanted->top, TopOf(member, variables_));
    }
  }

  const graphql::Document& document_;
  const graphql::Variables& variables_;
  const AggregatePlan& plan_;
  std::vector<GraphQlFault>& faults_;
};

// What the server says before the text of a fault goes to `before`.
bool Read(JsonReader& reader, const JsonValue& arguments, std::string_view collection, AggregateRequest* request,
          std::string* before) {
  request->Clear();
  before->clear();
  SearchesRead searches;
  JsonValue value;
  bool has = false;
  int32_t number = 0;
  if (FindArgument(arguments, "where", &value)) {
    *before = "could not extract filters: ";
    if (!ReadWhere(reader, value, request->mutable_filters())) return false;
    before->clear();
  }
  const bool read = ReadSearches(reader, arguments, collection, request, &searches);
  *before = searches.before;
  if (!read) return false;
  if (searches.near + (searches.hybrid ? 1 : 0) > 1)
    return reader.Refuse(422, "conflict: more than one search argument present, choose one");
  if (!ReadNumber(reader, arguments, "objectLimit", &has, &number)) return false;
  if (has && !searches.any()) return reader.Refuse(422, "objectLimit can only be used with a near<Media> or hybrid filter");
  if (has) request->set_object_limit(static_cast<uint32_t>(std::max(number, 0)));
  if (!ReadNumber(reader, arguments, "limit", &has, &number)) return false;
  if (has) request->set_limit(static_cast<uint32_t>(std::max(number, 0)));
  if (FindArgument(arguments, "tenant", &value) && !ReadText(reader, value, "arguments", request->mutable_tenant()))
    return false;
  if (!FindArgument(arguments, "groupBy", &value)) return true;
  google::protobuf::RepeatedPtrField<std::string> path;
  if (!ReadTexts(reader, value, &path)) return false;
  if (path.size() != 1) return reader.Refuse(kNotAvailable, NotAvailable("groupBy with a path of several parts"));
  request->mutable_group_by()->set_property(path[0]);
  return true;
}

}  // namespace

std::optional<GraphQlFault> PlanAggregate(const runtime::OperationContext& context, const graphql::Document& document,
                                          const graphql::Field& field, const graphql::Variables& variables,
                                          AggregatePlan* plan, std::vector<GraphQlFault>* faults) {
  for (GraphQlFault& fault : CheckArguments(document, GraphQlRoot::kAggregate, field.name, field.arguments))
    faults->push_back(std::move(fault));
  plan->collection = field.name;
  plan->fields = MembersOf(field.fields);
  plan->request = NewMessage<AggregateRequest>(context);
  std::string before;
  auto fault = ReadArguments(context.api, field, variables, [&](JsonReader& reader, const JsonValue& root) {
    return Read(reader, root, field.name, plan->request, &before);
  });
  SelectionPlanner(document, variables, *plan, faults).Ask(field.fields, plan->request);
  if (!faults->empty()) return std::nullopt;
  if (fault) {
    if (fault->code == 0) fault->message.insert(0, before);
    fault->locations = {document.LocationOf(field.offset)};
    return fault;
  }
  plan->request->set_collection(std::string(field.name));
  return std::nullopt;
}

}  // namespace vecgate::translators::weaviate
