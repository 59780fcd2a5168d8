#include "weaviate/graphql_selection.h"

#include <algorithm>
#include <set>
#include <utility>

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::MetadataRequest;
using ::weaviate::v1::PropertiesRequest;
using graphql::Chain;
using graphql::Field;
using runtime::Concat;
using Kind = AskedField::Kind;

struct Additional {
  std::string_view name;
  Kind kind;
  bool has_fields;
};
constexpr Additional kAdditional[] = {
    {"id", Kind::kId, false},
    {"vector", Kind::kVector, false},
    {"vectors", Kind::kVectors, true},
    {"distance", Kind::kDistance, false},
    {"certainty", Kind::kCertainty, false},
    {"score", Kind::kScore, false},
    {"explainScore", Kind::kExplainScore, false},
    {"creationTimeUnix", Kind::kCreationTime, false},
    {"lastUpdateTimeUnix", Kind::kUpdateTime, false},
    {"isConsistent", Kind::kIsConsistent, false},
    {"rerank", Kind::kRerank, true},
    {"generate", Kind::kGenerate, true},
    {"group", Kind::kGroup, true},
    {"__typename", Kind::kTypename, false},
};
// The server knows them, gRPC does not tell them.
constexpr std::string_view kUntold[] = {"classification", "featureProjection", "tokens",           "summary",
                                        "answer",         "semanticPath",      "interpretation",   "nearestNeighbors",
                                        "queryProfile",   "summarization",     "spellCheck",       "explain"};

void SortByKey(std::vector<AskedField>* fields) {
  for (size_t i = 0; i < fields->size(); ++i) (*fields)[i].order = i;
  std::stable_sort(fields->begin(), fields->end(), [](const AskedField& a, const AskedField& b) { return a.key < b.key; });
}

std::vector<const AskedField*> InOrder(const std::vector<AskedField>& fields) {
  std::vector<const AskedField*> ordered(fields.size());
  for (const AskedField& field : fields) ordered[field.order] = &field;
  return ordered;
}

AskedField NewField(const Field& field) {
  AskedField asked;
  asked.key = field.key;
  asked.name = field.name;
  asked.field = &field;
  if (field.name == "__typename") asked.kind = Kind::kTypename;
  return asked;
}

std::string FirstUpper(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

std::vector<AskedField> MembersOf(Chain<Field> fields) {
  std::vector<AskedField> members;
  for (const Field& field : fields) {
    AskedField& asked = members.emplace_back(NewField(field));
    asked.fields = MembersOf(field.fields);
  }
  SortByKey(&members);
  return members;
}

void SelectionReader::Tell(std::string message, uint32_t offset, uint32_t code) {
  faults_.push_back({std::move(message), {document_.LocationOf(offset)}, {}, code});
}

AskedObject SelectionReader::Read(std::string_view collection, Chain<Field> fields) {
  return ReadObject(collection, fields, collection);
}

// `on`: fields of fragments on other types are left out; those without a fragment belong to all.
AskedObject SelectionReader::ReadObject(std::string_view collection, Chain<Field> fields, std::string_view on) {
  AskedObject object;
  object.collection = collection;
  std::set<std::string_view> keys;
  for (const Field& field : fields) {
    if (!field.on.empty() && field.on != on) continue;
    if (!keys.insert(field.key).second) continue;  // the same within a fragment and without
    AskedField& asked = object.fields.emplace_back(ReadField(collection, field));
    if (asked.kind == Kind::kReference && !asked.references.empty()) {
      const AskedReference& last = asked.references.back();
      object.variants = std::max(object.variants, last.first_variant + last.object.variants);
    }
    for (const AskedField& inner : asked.fields)
      if (inner.kind == Kind::kGroup && !inner.references.empty())
        object.variants = std::max(object.variants, inner.references[0].object.variants);
  }
  if (object.variants > kMostVariants)
    Tell("Document follows references to too many classes", fields.first()->offset, kNotAvailable);
  SortByKey(&object.fields);
  return object;
}

AskedField SelectionReader::ReadField(std::string_view collection, const Field& field) {
  AskedField asked = NewField(field);
  if (asked.kind == Kind::kTypename) return asked;
  if (field.name == "_additional") {
    asked.kind = Kind::kAdditional;
    ReadAdditional(collection, field, &asked);
    return asked;
  }
  for (const Field& inner : field.fields)
    if (!inner.on.empty()) asked.kind = Kind::kReference;
  if (asked.kind == Kind::kReference) ReadReferences(collection, field, &asked);
  else asked.fields = MembersOf(field.fields);
  return asked;
}

void SelectionReader::ReadReferences(std::string_view collection, const Field& field, AskedField* asked) {
  std::vector<std::string_view> targets;
  for (const Field& inner : field.fields) {
    if (!inner.on.empty()) {
      if (std::find(targets.begin(), targets.end(), inner.on) == targets.end()) targets.push_back(inner.on);
    } else if (inner.name != "__typename") {
      Tell(Concat("Cannot query field \"", inner.name, "\" on type \"", collection, FirstUpper(field.name), "Obj\"."),
           inner.offset);
      return;
    }
  }
  size_t variant = 0;
  for (const std::string_view target : targets) {
    AskedReference reference{ReadObject(target, field.fields, target), variant};
    variant += reference.object.variants;
    asked->references.push_back(std::move(reference));
  }
}

void SelectionReader::ReadAdditional(std::string_view collection, const Field& field, AskedField* asked) {
  if (field.fields.empty())
    Tell(Concat("Field \"_additional\" of type \"", collection, "Additional\" must have a sub selection."), field.offset);
  for (const Field& inner : field.fields) {
    const auto* known = std::find_if(std::begin(kAdditional), std::end(kAdditional),
                                     [&](const Additional& one) { return one.name == inner.name; });
    if (known == std::end(kAdditional)) {
      if (std::find(std::begin(kUntold), std::end(kUntold), inner.name) != std::end(kUntold))
        Tell(NotAvailable(Concat("_additional { ", inner.name, " }")), inner.offset, kNotAvailable);
      else
        Tell(Concat("Cannot query field \"", inner.name, "\" on type \"", collection, "Additional\"."), inner.offset);
      continue;
    }
    AskedField& additional = asked->fields.emplace_back(NewField(inner));
    additional.kind = known->kind;
    if (known->has_fields && inner.fields.empty())
      Tell(Concat("Field \"", inner.name, "\" of type \"", collection, "Additional", FirstUpper(inner.name),
                  "\" must have a sub selection."),
           inner.offset);
    if (!known->has_fields && !inner.fields.empty())
      Tell(Concat("Field \"", inner.name, "\" of type \"",
                  known->kind == Kind::kVector                                          ? "[Float]"
                  : known->kind == Kind::kDistance || known->kind == Kind::kCertainty ? "Float"
                                                                                        : "String",
                  "\" must not have a sub selection."),
           inner.selection->selections_offset);
    if (known->kind == Kind::kGroup) ReadGroup(collection, inner, &additional);
    else additional.fields = MembersOf(inner.fields);
  }
  SortByKey(&asked->fields);
}

void SelectionReader::ReadGroup(std::string_view collection, const Field& field, AskedField* asked) {
  for (const Field& inner : field.fields) {
    AskedField& member = asked->fields.emplace_back(NewField(inner));
    if (inner.name != "hits") {
      member.fields = MembersOf(inner.fields);
    } else if (asked->references.empty()) {
      asked->references.push_back({ReadObject(collection, inner.fields, collection), 0});
    }
  }
  SortByKey(&asked->fields);
}

const AskedField* FindAdditional(const AskedObject& object, Kind kind) {
  for (const AskedField& field : object.fields)
    if (field.kind == Kind::kAdditional)
      for (const AskedField& additional : field.fields)
        if (additional.kind == kind) return &additional;
  return nullptr;
}

namespace {

void AskForAdditional(const AskedField& asked, size_t variant, PropertiesRequest* properties, MetadataRequest* metadata) {
  switch (asked.kind) {
    case Kind::kId: metadata->set_uuid(true); break;
    case Kind::kVector: metadata->set_vector(true); break;
    case Kind::kVectors:
      for (const AskedField* name : InOrder(asked.fields))
        if (name->kind != Kind::kTypename) metadata->add_vectors(std::string(name->name));
      break;
    case Kind::kCertainty: metadata->set_certainty(true); [[fallthrough]];
    case Kind::kDistance: metadata->set_distance(true); break;
    case Kind::kScore: metadata->set_score(true); break;
    case Kind::kExplainScore: metadata->set_explain_score(true); break;
    case Kind::kCreationTime: metadata->set_creation_time_unix(true); break;
    case Kind::kUpdateTime: metadata->set_last_update_time_unix(true); break;
    case Kind::kIsConsistent: metadata->set_is_consistent(true); break;
    case Kind::kGroup:
      if (!asked.references.empty()) AskFor(asked.references[0].object, variant, properties, metadata);
      break;
    default: break;
  }
}

void AddName(std::string_view name, PropertiesRequest* properties) {
  for (const std::string& known : properties->non_ref_properties())
    if (known == name) return;
  properties->add_non_ref_properties(std::string(name));
}

// The reference's class in this variant; null: it is not followed.
const AskedReference* TargetIn(const AskedField& asked, size_t variant) {
  for (const AskedReference& reference : asked.references)
    if (variant >= reference.first_variant && variant < reference.first_variant + reference.object.variants)
      return &reference;
  return nullptr;
}

}  // namespace

void AskFor(const AskedObject& object, size_t variant, PropertiesRequest* properties, MetadataRequest* metadata) {
  if (object.variants > 1) metadata->set_uuid(true);
  for (const AskedField* asked : InOrder(object.fields)) {
    if (asked->kind == Kind::kValue && variant == 0) AddName(asked->name, properties);
    if (asked->kind == Kind::kAdditional)
      for (const AskedField& additional : asked->fields)
        if (variant == 0 || additional.kind == Kind::kGroup) AskForAdditional(additional, variant, properties, metadata);
    if (asked->kind != Kind::kReference) continue;
    const AskedReference* target = TargetIn(*asked, variant);
    if (target == nullptr) continue;
    auto* reference = properties->add_ref_properties();
    reference->set_reference_property(std::string(asked->name));
    reference->set_target_collection(target->object.collection);
    reference->mutable_metadata()->set_uuid(true);
    AskFor(target->object, variant - target->first_variant, reference->mutable_properties(), reference->mutable_metadata());
  }
}

}  // namespace vecgate::translators::weaviate
