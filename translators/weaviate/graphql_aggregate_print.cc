#include <set>
#include <string>
#include <utility>
#include <vector>

#include "weaviate/go_numbers.h"
#include "weaviate/graphql_aggregate.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::AggregateReply;
using Aggregation = AggregateReply::Aggregations::Aggregation;
using Aggregations = AggregateReply::Aggregations;
using GroupedBy = AggregateReply::Group::GroupedBy;
using runtime::JsonWriter;

void Write(int64_t value, JsonWriter& writer) { writer.Int64(value); }
void Write(double value, JsonWriter& writer) { writer.Double(value); }
void Write(const std::string& value, JsonWriter& writer) { writer.String(value); }

// The functions below return false for a statistic that the kind has not.
#define VECGATE_STATISTIC(json, field)                        \
  if (name == json) {                                         \
    if (kind.has_##field()) Write(kind.field(), writer);      \
    else writer.Null();                                       \
    return true;                                              \
  }

template <class Numeric>
bool WriteNumeric(const Numeric& kind, std::string_view name, JsonWriter& writer) {
  VECGATE_STATISTIC("count", count)
  VECGATE_STATISTIC("type", type)
  VECGATE_STATISTIC("sum", sum)
  VECGATE_STATISTIC("mean", mean)
  VECGATE_STATISTIC("mode", mode)
  VECGATE_STATISTIC("median", median)
  VECGATE_STATISTIC("maximum", maximum)
  VECGATE_STATISTIC("minimum", minimum)
  return false;
}

bool WriteDate(const Aggregation::Date& kind, std::string_view name, JsonWriter& writer) {
  VECGATE_STATISTIC("count", count)
  VECGATE_STATISTIC("mode", mode)
  VECGATE_STATISTIC("median", median)
  VECGATE_STATISTIC("maximum", maximum)
  VECGATE_STATISTIC("minimum", minimum)
  return false;
}

bool WriteBoolean(const Aggregation::Boolean& kind, std::string_view name, JsonWriter& writer) {
  VECGATE_STATISTIC("count", count)
  VECGATE_STATISTIC("type", type)
  VECGATE_STATISTIC("totalTrue", total_true)
  VECGATE_STATISTIC("totalFalse", total_false)
  VECGATE_STATISTIC("percentageTrue", percentage_true)
  VECGATE_STATISTIC("percentageFalse", percentage_false)
  return false;
}

bool WriteText(const Aggregation::Text& kind, const AskedField& asked, JsonWriter& writer) {
  const std::string_view name = asked.name;
  VECGATE_STATISTIC("count", count)
  VECGATE_STATISTIC("type", type)
  if (name != "topOccurrences") return false;
  writer.StartArray();
  for (const auto& item : kind.top_occurences().items()) {
    writer.StartObject();
    for (const AskedField& member : asked.fields) {
      writer.DataKey(member.key);
      if (member.kind == AskedField::Kind::kTypename) writer.String(asked.type);
      else if (member.name == "value") writer.String(item.value());
      else writer.Int64(item.occurs());
    }
    writer.EndObject();
  }
  writer.EndArray();
  return true;
}

bool WriteReference(const Aggregation::Reference& kind, std::string_view name, JsonWriter& writer) {
  VECGATE_STATISTIC("type", type)
  if (name != "pointingTo") return false;
  writer.StartArray();
  for (const std::string& collection : kind.pointing_to()) writer.String(collection);
  writer.EndArray();
  return true;
}
#undef VECGATE_STATISTIC

class Printer {
 public:
  Printer(const AggregatePlan& plan, const graphql::Document& document, JsonWriter& writer, std::vector<GraphQlFault>* faults)
      : plan_(plan), document_(document), writer_(writer), faults_(*faults) {}

  // `grouped_by`: null when nothing is grouped.
  void Write(int64_t objects, const Aggregations& aggregations, const GroupedBy* grouped_by) {
    writer_.StartObject();
    for (const AskedField& field : plan_.fields) {
      writer_.DataKey(field.key);
      if (field.kind == AskedField::Kind::kTypename) writer_.String("Aggregate" + plan_.collection);
      else if (field.name == "meta") WriteMeta(field, objects);
      else if (field.name == "groupedBy") WriteGroupedBy(field, grouped_by);
      else WriteProperty(field, aggregations);
    }
    writer_.EndObject();
  }

 private:
  template <class Print>
  void WriteMembers(const AskedField& field, const Print& print) {
    writer_.StartObject();
    for (const AskedField& member : field.fields) {
      writer_.DataKey(member.key);
      if (member.kind == AskedField::Kind::kTypename) writer_.String(field.type);
      else print(member);
    }
    writer_.EndObject();
  }

  void WriteMeta(const AskedField& field, int64_t objects) {
    WriteMembers(field, [&](const AskedField&) { writer_.Int64(objects); });
  }

  void WriteProperty(const AskedField& field, const Aggregations& aggregations) {
    for (const Aggregation& aggregation : aggregations.aggregations())
      if (aggregation.property() == field.name)
        return WriteMembers(field, [&](const AskedField& member) {
          if (WriteStatistic(member, aggregation)) return;
          writer_.Null();
          TellUnknown(field, member);
        });
    writer_.Null();
  }

  void TellUnknown(const AskedField& field, const AskedField& member) {
    if (faults_.size() >= kMostFaults || !told_.insert(&member).second) return;
    faults_.push_back({runtime::Concat("Cannot query field \"", member.name, "\" on type \"", field.type, "\"."),
                       {document_.LocationOf(member.field->offset)},
                       {}});
  }

  // False: properties of this kind have it not.
  bool WriteStatistic(const AskedField& member, const Aggregation& aggregation) {
    switch (aggregation.aggregation_case()) {
      case Aggregation::kInt: return WriteNumeric(aggregation.int_(), member.name, writer_);
      case Aggregation::kNumber: return WriteNumeric(aggregation.number(), member.name, writer_);
      case Aggregation::kText: return WriteText(aggregation.text(), member, writer_);
      case Aggregation::kBoolean: return WriteBoolean(aggregation.boolean(), member.name, writer_);
      case Aggregation::kDate: return WriteDate(aggregation.date(), member.name, writer_);
      case Aggregation::kReference: return WriteReference(aggregation.reference(), member.name, writer_);
      default: writer_.Null(); return true;
    }
  }

  void WriteGroupedBy(const AskedField& field, const GroupedBy* grouped_by) {
    if (grouped_by == nullptr) return writer_.Null();
    WriteMembers(field, [&](const AskedField& member) {
      if (member.name == "value") return WriteGroup(*grouped_by);
      writer_.StartArray();
      for (const std::string& part : grouped_by->path()) writer_.String(part);
      writer_.EndArray();
    });
  }

  // Values of all kinds are texts here.
  void WriteGroup(const GroupedBy& grouped_by) {
    switch (grouped_by.value_case()) {
      case GroupedBy::kText: return writer_.String(grouped_by.text());
      case GroupedBy::kInt: return writer_.String(std::to_string(grouped_by.int_()));
      case GroupedBy::kBoolean: return writer_.String(grouped_by.boolean() ? "true" : "false");
      case GroupedBy::kNumber: return writer_.String(GoText(grouped_by.number()));
      default: return writer_.Null();
    }
  }

  const AggregatePlan& plan_;
  const graphql::Document& document_;
  JsonWriter& writer_;
  std::vector<GraphQlFault>& faults_;
  std::set<const AskedField*> told_;  // in the faults, of all rows
};

}  // namespace

void WriteAggregate(const AggregatePlan& plan, const graphql::Document& document, const AggregateReply& reply,
                    JsonWriter& writer, std::vector<GraphQlFault>* faults) {
  Printer printer(plan, document, writer, faults);
  writer.StartArray();
  if (reply.has_single_result())
    printer.Write(reply.single_result().objects_count(), reply.single_result().aggregations(), nullptr);
  for (const auto& group : reply.grouped_results().groups())
    printer.Write(group.objects_count(), group.aggregations(), &group.grouped_by());
  writer.EndArray();
}

}  // namespace vecgate::translators::weaviate
