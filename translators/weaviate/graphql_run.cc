#include "weaviate/graphql_run.h"

#include <algorithm>
#include <utility>

#include "graphql/validate.h"
#include "graphql/value_text.h"
#include "weaviate/graphql_arguments.h"
#include "weaviate/graphql_call_fault.h"
#include "weaviate/graphql_sort.h"
#include "weaviate/replies.h"
#include "weaviate/request.h"

namespace vecgate::translators::weaviate {
namespace {

using graphql::Field;
using runtime::Concat;
using runtime::JsonWriter;
using runtime::Operation;
using Outcomes = std::span<const Operation::Outcome>;

constexpr uint32_t kMostFields = 5000;
constexpr std::string_view kQueryType = "WeaviateObj";

// As answers have them: by their keys.
template <class Node>
std::vector<const Node*> ByKey(const std::deque<Node>& nodes) {
  std::vector<const Node*> sorted;
  for (const Node& node : nodes) sorted.push_back(&node);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Node* a, const Node* b) { return a->field->key < b->field->key; });
  return sorted;
}

}  // namespace

void GraphQlRun::NoteFault(GraphQlFault fault, std::vector<std::string> path) {
  fault.path = std::move(path);
  failures_.push_back(std::move(fault));
}

bool GraphQlRun::Read() {
  const auto fail = [&](const graphql::Fault& fault) {
    faults_.push_back({fault.message, fault.locations, {}});
    return false;
  };
  graphql::Options options;
  options.null_literals = false;
  options.max_fields = kMostFields;
  if (auto fault = document_.Parse(request_.query, options)) return fail(*fault);
  for (const graphql::Fault& fault : graphql::Validate(document_)) fail(fault);
  if (!faults_.empty()) return false;
  const graphql::Operation* operation = nullptr;
  if (auto fault = graphql::ChooseOperation(document_, request_.operation_name, &operation)) return fail(*fault);
  const auto unbound = variables_.Bind(document_, *operation, request_.variables);
  if (auto fault = expansion_.Expand(document_, *operation, variables_)) return fail(*fault);
  if (!unbound) return true;
  // What is wrong with the document comes before what is wrong with the values.
  std::vector<Operation::Call> calls;
  Plan(&calls);
  return faults_.empty() ? fail(*unbound) : false;
}

void GraphQlRun::Begin(std::vector<Operation::Call>* calls) {
  first_call_ = calls->size();
  if (!Read()) return;
  Plan(calls);
  if (!faults_.empty()) calls->resize(first_call_);
  calls_ = calls->size() - first_call_;
}

void GraphQlRun::Plan(std::vector<Operation::Call>* calls) {
  for (const Field& field : expansion_.fields()) {
    PlanRoot(field);
    Root& root = roots_.back();
    if (root.type.empty()) continue;
    for (const Field& item : field.fields) {
      if (faults_.size() >= kMostFaults) return;
      PlanItem(item, field.name == "Get" ? GraphQlRoot::kGet : GraphQlRoot::kAggregate, &root, calls);
    }
  }
}

void GraphQlRun::PlanRoot(const Field& field) {
  Root& root = roots_.emplace_back();
  root.field = &field;
  const std::vector<graphql::Location> here = {document_.LocationOf(field.offset)};
  if (field.name == "__typename") {
    root.is_typename = true;
  } else if (field.name == "Get" || field.name == "Aggregate") {
    root.type = field.name == "Get" ? "GetObjectsObj" : "AggregateObjectsObj";
    if (!field.has_braces)
      faults_.push_back({Concat("Field \"", field.name, "\" of type \"", root.type, "\" must have a sub selection."), here, {}});
    for (const graphql::Value& argument : field.arguments)
      faults_.push_back({Concat("Unknown argument \"", argument.name, "\" on field \"", field.name, "\" of type \"", kQueryType, "\"."),
                         {document_.LocationOf(argument.name_offset)}, {}});
  } else if (field.name == "Explore" || field.name == "__schema" || field.name == "__type") {
    root.fault = GraphQlFault{NotAvailable(field.name), here, {}, kNotAvailable};
  } else {
    faults_.push_back({Concat("Cannot query field \"", field.name, "\" on type \"", kQueryType, "\"."), here, {}});
  }
}

// False: there is not enough left.
bool GraphQlRun::Spend(const Field& field) {
  for (const graphql::Value& argument : field.arguments) {
    const size_t size = graphql::JsonSize(argument, variables_);
    if (size > budget_) return false;
    budget_ -= size;
  }
  for (const Field& inner : field.fields)
    if (!Spend(inner)) return false;
  return true;
}

void GraphQlRun::PlanItem(const Field& field, GraphQlRoot root, Root* owner, std::vector<Operation::Call>* calls) {
  Item& item = owner->items.emplace_back();
  item.field = &field;
  item.root = root;
  item.is_typename = field.name == "__typename";
  if (item.is_typename) return;
  const std::vector<graphql::Location> here = {document_.LocationOf(field.offset)};
  if (const std::string upper = CollectionName(field.name); upper != field.name) {
    faults_.push_back({Concat("Cannot query field \"", field.name, "\" on type \"", owner->type, "\". Did you mean \"", upper, "\"?"),
                       here, {}});
    return;
  }
  if (!field.has_braces) {
    faults_.push_back({Concat("Field \"", field.name, "\" of type \"[", root == GraphQlRoot::kGet ? "" : "Aggregate", field.name,
                              "]\" must have a sub selection."),
                       here, {}});
    return;
  }
  if (!Spend(field)) {
    faults_.push_back(TooLarge(document_, field));
    return;
  }
  item.first_call = calls->size() - first_call_;
  if (root == GraphQlRoot::kGet) {
    GetPlan& plan = item.plan.emplace<GetPlan>();
    item.fault = PlanGet(context_, document_, field, variables_, &budget_, &plan, &faults_);
    if (item.fault || !faults_.empty()) return;
    for (auto* search : plan.searches) calls->push_back(CallOf(context_, "Search", search));
  } else {
    AggregatePlan& plan = item.plan.emplace<AggregatePlan>();
    item.fault = PlanAggregate(context_, document_, field, variables_, &plan, &faults_);
    if (item.fault || !faults_.empty()) return;
    calls->push_back(CallOf(context_, "Aggregate", plan.request));
  }
  item.calls = calls->size() - first_call_ - item.first_call;
}

void GraphQlRun::NoteFailures(Outcomes outcomes) {
  for (Root& root : roots_) {
    if (root.fault) NoteFault(*root.fault, {std::string(root.field->key)});
    for (Item& item : root.items) {
      for (size_t i = 0; i < item.calls && !item.fault; ++i) {
        const Operation::Outcome& outcome = outcomes[item.first_call + i];
        if (outcome.status.code == 0) continue;
        const GetPlan* get = std::get_if<GetPlan>(&item.plan);
        const AggregatePlan* aggregate = std::get_if<AggregatePlan>(&item.plan);
        const ::weaviate::v1::Filters* filters = nullptr;
        if (get != nullptr && get->searches[0]->has_filters()) filters = &get->searches[0]->filters();
        if (aggregate != nullptr && aggregate->request->has_filters()) filters = &aggregate->request->filters();
        bool whole = false;
        FailedField failed{document_, *item.field, item.root, nullptr, filters, {}};
        if (get != nullptr) failed.asked = &get->asked;
        if (get != nullptr) failed.sort = get->sort;
        item.fault = CallFault(failed, outcome.status, &whole);
        if (whole) faults_.push_back(*item.fault);
      }
      if (const GetPlan* get = std::get_if<GetPlan>(&item.plan); get != nullptr && !get->sort.empty() && !item.fault)
        if (std::string text = SortFault(get->sort, ReplyOf<::weaviate::v1::SearchReply>(outcomes[item.first_call])); !text.empty())
          item.fault = GraphQlFault{std::move(text), {document_.LocationOf(item.field->offset)}, {}};
      if (item.fault) NoteFault(*item.fault, {std::string(root.field->key), std::string(item.field->key)});
    }
  }
}

std::optional<runtime::Reply> GraphQlRun::Answer(Outcomes outcomes, runtime::OutputBuffer* out) {
  for (const Operation::Outcome& outcome : outcomes)
    if (outcome.status.code != 0 && FailsRequest(outcome.status)) return CallError(context_, outcome.status);
  if (faults_.empty()) NoteFailures(outcomes);
  if (faults_.empty()) {
    JsonWriter writer(*out, runtime::JsonStyle::kGo);
    writer.StartObject();
    writer.Key("data");
    has_no_json_ = !WriteData(outcomes, writer);
    if (has_no_json_)
      return HandlerError(422, "couldn't marshal json: json: unsupported value: +Inf", runtime::Origin::kUpstream);
    if (!failures_.empty()) WriteErrors(failures_, writer);
    writer.EndObject();
    if (faults_.empty()) return std::nullopt;
    out->Clear();
  }
  JsonWriter writer(*out, runtime::JsonStyle::kGo);
  writer.StartObject();
  WriteErrors(faults_, writer);
  writer.EndObject();
  return std::nullopt;
}

bool GraphQlRun::WriteData(Outcomes outcomes, JsonWriter& writer) {
  bool ok = true;
  writer.StartObject();
  for (const Root* root : ByKey(roots_)) {
    writer.DataKey(root->field->key);
    if (root->is_typename) {
      writer.String(kQueryType);
      continue;
    }
    if (root->fault) {
      writer.Null();
      continue;
    }
    writer.StartObject();
    for (const Item* item : ByKey(root->items)) {
      writer.DataKey(item->field->key);
      if (item->is_typename) writer.String(root->type);
      else if (item->fault) writer.Null();
      else ok = WriteItem(*item, outcomes, writer) && ok;
    }
    writer.EndObject();
  }
  writer.EndObject();
  return ok;
}

bool GraphQlRun::WriteItem(const Item& item, Outcomes outcomes, JsonWriter& writer) {
  if (const AggregatePlan* plan = std::get_if<AggregatePlan>(&item.plan)) {
    WriteAggregate(*plan, document_, ReplyOf<::weaviate::v1::AggregateReply>(outcomes[item.first_call]), writer, &faults_);
    return true;
  }
  std::vector<const ::weaviate::v1::SearchReply*> replies;
  for (size_t i = 0; i < item.calls; ++i)
    replies.push_back(&ReplyOf<::weaviate::v1::SearchReply>(outcomes[item.first_call + i]));
  return WriteGet(std::get<GetPlan>(item.plan), document_, replies, writer, &faults_);
}

void GraphQlRun::WriteErrors(std::span<const GraphQlFault> faults, JsonWriter& writer) const {
  writer.Key("errors");
  writer.StartArray();
  for (const GraphQlFault& fault : faults) WriteFault(fault, writer);
  writer.EndArray();
}

}  // namespace vecgate::translators::weaviate
