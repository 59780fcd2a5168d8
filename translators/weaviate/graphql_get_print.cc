#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>
#include <utility>

#include "weaviate/go_numbers.h"
#include "weaviate/graphql_get.h"
#include "weaviate/graphql_sort.h"
#include "weaviate/graphql_value_print.h"
#include "weaviate/property_values.h"
#include "weaviate/vectors.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::GenerativeResult;
using ::weaviate::v1::GroupByResult;
using ::weaviate::v1::MetadataResult;
using ::weaviate::v1::PropertiesResult;
using ::weaviate::v1::SearchReply;
using ::weaviate::v1::SearchResult;
using Kind = AskedField::Kind;
using runtime::JsonWriter;

// One object in all variants of its part of the query; null where a variant has it not. The first one has the values.
using Views = std::vector<const PropertiesResult*>;

// What stands beside the object itself.
struct Row {
  const MetadataResult* metadata = nullptr;  // null: of a group, which has none
  const GenerativeResult* generative = nullptr;
  const GenerativeResult* grouped = nullptr;  // of the first row
  const GroupByResult* group = nullptr;
  size_t index = 0;
};

class Printer {
 public:
  Printer(const GetPlan& plan, const graphql::Document& document, std::span<const SearchReply* const> replies,
          JsonWriter& writer, std::vector<GraphQlFault>* faults)
      : plan_(plan), document_(document), replies_(replies), writer_(writer), faults_(faults) {}

  bool Write() {
    const SearchReply& first = *replies_[0];
    if (plan_.asked.variants > 1) IndexVariants();
    writer_.StartArray();
    if (!plan_.group_path.empty()) {
      for (int i = 0; i < first.group_by_results_size(); ++i) {
        Row row;
        row.group = &first.group_by_results(i);
        row.index = static_cast<size_t>(i);
        WriteObject(plan_.asked, {}, row);
      }
    } else {
      std::vector<const SearchResult*> rows;
      for (const SearchResult& result : first.results()) rows.push_back(&result);
      SortHits(plan_.sort, &rows);
      for (size_t i = plan_.skipped; i < rows.size(); ++i) WriteRow(plan_.asked, *rows[i], i);
    }
    writer_.EndArray();
    return !infinite_;
  }

 private:
  // Rows of the later variants, found by id.
  void IndexVariants() {
    by_id_.resize(replies_.size());
    for (size_t variant = 1; variant < replies_.size(); ++variant) {
      for (const SearchResult& result : replies_[variant]->results())
        by_id_[variant].emplace(result.metadata().id(), &result.properties());
      for (const GroupByResult& group : replies_[variant]->group_by_results())
        for (const SearchResult& result : group.objects())
          by_id_[variant].emplace(result.metadata().id(), &result.properties());
    }
  }

  void WriteRow(const AskedObject& asked, const SearchResult& result, size_t index) {
    Views views(std::max<size_t>(asked.variants, 1), nullptr);
    views[0] = &result.properties();
    for (size_t variant = 1; variant < views.size() && variant < by_id_.size(); ++variant)
      if (const auto found = by_id_[variant].find(result.metadata().id()); found != by_id_[variant].end())
        views[variant] = found->second;
    Row row;
    row.metadata = &result.metadata();
    row.index = index;
    if (result.has_generative()) row.generative = &result.generative();
    const SearchReply& reply = *replies_[0];
    if (index == plan_.skipped && reply.has_generative_grouped_results()) row.grouped = &reply.generative_grouped_results();
    WriteObject(asked, views, row);
  }

  void WriteObject(const AskedObject& asked, const Views& views, const Row& row) {
    writer_.StartObject();
    for (const AskedField& field : asked.fields) {
      writer_.DataKey(field.key);
      switch (field.kind) {
        case Kind::kTypename: writer_.String(asked.type); break;
        case Kind::kAdditional: WriteAdditional(field, row); break;
        case Kind::kReference:
          if (views.empty()) writer_.Null();
          else WriteReference(field, views);
          break;
        default:
          WriteAskedValue(field, asked.collection, views.empty() ? nullptr : &views[0]->non_ref_props(), document_, writer_,
                          faults_);
      }
    }
    writer_.EndObject();
  }

  // --- references ------------------------------------------------------------------------------------------

  static const ::weaviate::v1::RefPropertiesResult* Followed(const PropertiesResult* object, std::string_view name) {
    if (object != nullptr)
      for (const auto& reference : object->ref_props())
        if (reference.prop_name() == name) return &reference;
    return nullptr;
  }

  void WriteReference(const AskedField& field, const Views& views) {
    bool any = false;
    for (const AskedReference& target : field.references) {
      const auto view = [&](size_t variant) {
        const size_t at = target.first_variant + variant;
        return Followed(at < views.size() ? views[at] : nullptr, field.name);
      };
      const auto* rows = view(0);
      if (rows == nullptr) continue;
      for (const PropertiesResult& row : rows->properties()) {
        // One class is asked for; a server that tells of others does not know their fields.
        if (row.target_collection() != target.object.collection && !row.target_collection().empty()) continue;
        if (!any) writer_.StartArray();
        any = true;
        Views inner(target.object.variants, nullptr);
        inner[0] = &row;
        for (size_t variant = 1; variant < inner.size(); ++variant)
          if (const auto* others = view(variant); others != nullptr)
            for (const PropertiesResult& other : others->properties())
              if (other.metadata().id() == row.metadata().id()) inner[variant] = &other;
        Row beside;
        beside.metadata = &row.metadata();
        WriteObject(target.object, inner, beside);
      }
    }
    if (any) writer_.EndArray();
    else writer_.Null();
  }

  // --- _additional -----------------------------------------------------------------------------------------

  static bool AsksFor(const AskedField& generate, std::string_view name) {
    return std::any_of(generate.fields.begin(), generate.fields.end(),
                       [&](const AskedField& field) { return field.name == name; });
  }
  bool AnswersEach() const {
    return !plan_.searches.empty() && plan_.searches[0]->has_generative() && plan_.searches[0]->generative().has_single();
  }
  bool IsGenerated(const Row& row) const { return AnswersEach() || row.grouped != nullptr; }

  // Whether the row has something of the kind. The values of the others are there once they are asked for.
  bool Has(Kind kind, const Row& row) const {
    switch (kind) {
      case Kind::kTypename:
      case Kind::kGroup: return false;
      case Kind::kGenerate: return IsGenerated(row);  // an answer for all rows stands in the first
      case Kind::kDistance:
      case Kind::kCertainty: return row.metadata->distance_present();
      case Kind::kRerank: return row.metadata->rerank_score_present();
      default: return true;
    }
  }

  void WriteAdditional(const AskedField& additional, const Row& row) {
    // A row that has nothing of what is asked has no such object; one of a group always has its group.
    const bool any = row.group != nullptr || std::any_of(additional.fields.begin(), additional.fields.end(),
                                                         [&](const AskedField& field) { return Has(field.kind, row); });
    if (!any) return writer_.Null();
    writer_.StartObject();
    for (const AskedField& field : additional.fields) {
      writer_.DataKey(field.key);
      if (field.kind == Kind::kTypename) writer_.String(additional.type);
      else if (field.kind == Kind::kGroup) WriteGroup(field, row);
      else if (field.kind == Kind::kGenerate) WriteGenerated(field, row);
      else if (row.metadata == nullptr) writer_.Null();
      else WriteMetadata(field, *row.metadata);
    }
    writer_.EndObject();
  }

  void WriteDistance(float distance) {
    if (!std::isfinite(distance)) infinite_ = true;
    writer_.Float(distance);
  }

  void WriteMetadata(const AskedField& field, const MetadataResult& metadata) {
    switch (field.kind) {
      case Kind::kId: return writer_.String(metadata.id());
      case Kind::kVector: return WriteVector(metadata.vector_bytes(), writer_);
      case Kind::kVectors: return WriteNamedVectors(field, metadata);
      case Kind::kDistance:
        if (metadata.distance_present()) WriteDistance(metadata.distance());
        else writer_.Null();
        return;
      case Kind::kCertainty:
        if (metadata.certainty_present()) writer_.Double(CertaintyOf(metadata.distance()));
        else writer_.Null();
        return;
      case Kind::kScore: return writer_.String(GoText(metadata.score()));
      case Kind::kExplainScore: return writer_.String(metadata.explain_score());
      case Kind::kCreationTime: return writer_.String(std::to_string(metadata.creation_time_unix()));
      case Kind::kUpdateTime: return writer_.String(std::to_string(metadata.last_update_time_unix()));
      case Kind::kIsConsistent:
        if (metadata.is_consistent_present()) writer_.Bool(metadata.is_consistent());
        else writer_.Null();
        return;
      case Kind::kRerank:
        if (!metadata.rerank_score_present()) return writer_.Null();
        writer_.StartArray();
        WriteMembers(field, [&](const AskedField&) { writer_.Double(metadata.rerank_score()); });
        writer_.EndArray();
        return;
      default: return writer_.Null();
    }
  }

  template <class Print>
  void WriteMembers(const AskedField& field, const Print& print) {
    writer_.StartObject();
    for (const AskedField& member : field.fields) {
      writer_.DataKey(member.key);
      if (member.kind == Kind::kTypename) writer_.String(field.type);
      else print(member);
    }
    writer_.EndObject();
  }

  void WriteNamedVectors(const AskedField& field, const MetadataResult& metadata) {
    WriteMembers(field, [&](const AskedField& member) {
      for (const auto& vectors : metadata.vectors())
        if (vectors.name() == member.name) return WriteVectors(vectors, writer_);
      writer_.Null();
    });
  }

  void WriteGenerated(const AskedField& field, const Row& row) {
    if (!IsGenerated(row)) return writer_.Null();
    const auto write_text = [&](const GenerativeResult* result) {
      if (result != nullptr && result->values_size() > 0) writer_.String(result->values(0).result());
      else writer_.Null();
    };
    WriteMembers(field, [&](const AskedField& member) {
      if (member.name == "singleResult") write_text(row.generative);
      else if (member.name == "groupedResult") write_text(row.grouped);
      else if (member.name == "debug") WriteDebug(member, row.generative != nullptr ? row.generative : row.grouped);
      else writer_.Null();  // a failure of the provider fails the call
    });
  }

  void WriteDebug(const AskedField& field, const GenerativeResult* result) {
    if (result == nullptr || result->values_size() == 0 || !result->values(0).has_debug()) return writer_.Null();
    WriteMembers(field, [&](const AskedField&) { writer_.String(result->values(0).debug().full_prompt()); });
  }

  void WriteGroup(const AskedField& field, const Row& row) {
    if (row.group == nullptr) return writer_.Null();
    const GroupByResult& group = *row.group;
    WriteMembers(field, [&](const AskedField& member) {
      if (member.name == "id") return writer_.Uint64(row.index);
      if (member.name == "count") return writer_.Int64(group.number_of_objects());
      if (member.name == "minDistance") return WriteDistance(group.min_distance());
      if (member.name == "maxDistance") return WriteDistance(group.max_distance());
      if (member.name == "groupedBy") return WriteGroupedBy(member, group);
      if (member.references.empty()) return writer_.Null();  // nothing else is left but hits
      writer_.StartArray();
      for (int i = 0; i < group.objects_size(); ++i)
        WriteRow(member.references[0].object, group.objects(i), static_cast<size_t>(i) + 1 + plan_.skipped);
      writer_.EndArray();
    });
  }

  void WriteGroupedBy(const AskedField& field, const GroupByResult& group) {
    WriteMembers(field, [&](const AskedField& member) {
      if (member.name == "value") return writer_.String(group.name());
      writer_.StartArray();
      writer_.String(plan_.group_path);
      writer_.EndArray();
    });
  }

  const GetPlan& plan_;
  const graphql::Document& document_;
  const std::span<const SearchReply* const> replies_;
  JsonWriter& writer_;
  std::vector<GraphQlFault>* const faults_;
  std::vector<std::unordered_map<std::string_view, const PropertiesResult*>> by_id_;  // per variant
  bool infinite_ = false;
};

}  // namespace

bool WriteGet(const GetPlan& plan, const graphql::Document& document, std::span<const SearchReply* const> replies,
              JsonWriter& writer, std::vector<GraphQlFault>* faults) {
  return Printer(plan, document, replies, writer, faults).Write();
}

}  // namespace vecgate::translators::weaviate
