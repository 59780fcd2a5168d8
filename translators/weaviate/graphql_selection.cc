#include "weaviate/graphql_selection.h"

#include <algorithm>
#include <set>
#include <utility>

#include "weaviate/graphql_members.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::MetadataRequest;
using ::weaviate::v1::PropertiesRequest;
using graphql::Chain;
using graphql::Field;
using runtime::Concat;
using Kind = AskedField::Kind;

// Leaves have a type, the others an object, or names that the class gives.
struct Additional {
  std::string_view name;
  Kind kind;
  std::string_view type;
  const ObjectType* object = nullptr;
  bool list = false;
  const std::span<const InputField>* arguments = nullptr;
};
constexpr Additional kAdditional[] = {
    {"id", Kind::kId, "String"},
    {"vector", Kind::kVector, "[Float]"},
    {"vectors", Kind::kVectors, {}},
    {"distance", Kind::kDistance, "Float"},
    {"certainty", Kind::kCertainty, "Float"},
    {"score", Kind::kScore, "String"},
    {"explainScore", Kind::kExplainScore, "String"},
    {"creationTimeUnix", Kind::kCreationTime, "String"},
    {"lastUpdateTimeUnix", Kind::kUpdateTime, "String"},
    {"isConsistent", Kind::kIsConsistent, "Boolean"},
    {"rerank", Kind::kRerank, {}, &kRerankType, true, &kRerankArguments},
    {"generate", Kind::kGenerate, {}, &kGenerateType, false, &kGenerateArguments},
    {"group", Kind::kGroup, {}, &kGroupType},
    {"__typename", Kind::kTypename, "String!"},
};
// The server knows them, gRPC does not tell them.
constexpr std::string_view kUntold[] = {"classification", "featureProjection", "tokens",           "summary",
                                        "answer",         "semanticPath",      "interpretation",   "nearestNeighbors",
                                        "queryProfile",   "summarization",     "spellCheck",       "explain"};

std::vector<const AskedField*> InOrder(const std::vector<AskedField>& fields) {
  std::vector<const AskedField*> ordered(fields.size());
  for (const AskedField& field : fields) ordered[field.order] = &field;
  return ordered;
}

std::string FirstUpper(std::string_view name) {
  std::string text(name);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

void SortByKey(std::vector<AskedField>* fields) {
  for (size_t i = 0; i < fields->size(); ++i) (*fields)[i].order = i;
  std::stable_sort(fields->begin(), fields->end(), [](const AskedField& a, const AskedField& b) { return a.key < b.key; });
}

AskedField NewAsked(const Field& field) {
  AskedField asked;
  asked.key = field.key;
  asked.name = field.name;
  asked.field = &field;
  if (field.name == "__typename") asked.kind = Kind::kTypename;
  return asked;
}

AskedObject SelectionReader::Read(Chain<Field> fields) {
  return ReadObject(place_.collection, std::string(place_.collection), fields);
}

// Fields of fragments on other classes are left out; those without a fragment belong to all.
AskedObject SelectionReader::ReadObject(std::string_view collection, std::string type, Chain<Field> fields) {
  AskedObject object;
  object.collection = collection;
  object.type = std::move(type);
  std::set<std::string_view> keys;
  for (const Field& field : fields) {
    if (!field.on.empty() && field.on != collection && field.on != object.type) continue;
    if (!keys.insert(field.key).second) continue;  // the same within a fragment and without
    AskedField& asked = object.fields.emplace_back(ReadField(collection, object.type, field));
    if (asked.kind == Kind::kReference && !asked.references.empty()) {
      const AskedReference& last = asked.references.back();
      object.variants = std::max(object.variants, last.first_variant + last.object.variants);
    }
    for (const AskedField& inner : asked.fields)
      for (const AskedField& member : inner.fields)
        for (const AskedReference& hits : member.references) object.variants = std::max(object.variants, hits.object.variants);
  }
  if (object.variants > kMostVariants)
    place_.Tell("Document follows references to too many classes", {fields.first()->offset}, kNotAvailable);
  SortByKey(&object.fields);
  return object;
}

AskedField SelectionReader::ReadField(std::string_view collection, std::string_view type, const Field& field) {
  AskedField asked = NewAsked(field);
  CheckArguments(place_, {}, field, type);
  if (asked.kind == Kind::kTypename) {
    if (field.has_braces) TellUnwantedSelection(place_, field, "String!");
    return asked;
  }
  if (field.name == "_additional") {
    asked.kind = Kind::kAdditional;
    ReadAdditional(collection, type, field, &asked);
    return asked;
  }
  for (const Field& inner : field.fields)
    if (!inner.on.empty()) asked.kind = Kind::kReference;
  if (asked.kind == Kind::kReference) ReadReferences(collection, field, &asked);
  else asked.fields = ReadValue(Concat(collection, "_", field.name, "_object"), field.fields);
  return asked;
}

// Members of a nested value, in the order of their keys.
std::vector<AskedField> SelectionReader::ReadValue(const std::string& type, Chain<Field> fields) {
  std::vector<AskedField> members;
  for (const Field& field : fields) {
    CheckArguments(place_, {}, field, type);
    AskedField& asked = members.emplace_back(NewAsked(field));
    asked.fields = ReadValue(type, field.fields);
  }
  SortByKey(&members);
  return members;
}

void SelectionReader::ReadReferences(std::string_view collection, const Field& field, AskedField* asked) {
  std::vector<std::string_view> targets;
  for (const Field& inner : field.fields) {
    if (!inner.on.empty()) {
      if (std::find(targets.begin(), targets.end(), inner.on) == targets.end()) targets.push_back(inner.on);
    } else if (inner.name != "__typename") {
      TellUnknownField(place_, inner, Concat(collection, FirstUpper(field.name), "Obj"));
      return;
    }
  }
  size_t variant = 0;
  for (const std::string_view target : targets) {
    AskedReference reference{ReadObject(target, std::string(target), field.fields), variant};
    variant += reference.object.variants;
    asked->references.push_back(std::move(reference));
  }
}

void SelectionReader::ReadAdditional(std::string_view collection, std::string_view type, const Field& field, AskedField* asked) {
  asked->type = Concat(type, "Additional");
  if (!field.has_braces) TellMissingSelection(place_, field, asked->type);
  for (const Field& inner : field.fields) {
    const auto* known = std::find_if(std::begin(kAdditional), std::end(kAdditional),
                                     [&](const Additional& one) { return one.name == inner.name; });
    if (known == std::end(kAdditional)) {
      if (std::find(std::begin(kUntold), std::end(kUntold), inner.name) != std::end(kUntold))
        place_.Tell(NotAvailable(Concat("_additional { ", inner.name, " }")), {inner.offset}, kNotAvailable);
      else
        TellUnknownField(place_, inner, asked->type);
      continue;
    }
    CheckArguments(place_, known->arguments == nullptr ? std::span<const InputField>() : *known->arguments, inner, asked->type);
    AskedField& additional = asked->fields.emplace_back(NewAsked(inner));
    additional.kind = known->kind;
    if (!known->type.empty()) {
      if (inner.has_braces) TellUnwantedSelection(place_, inner, known->type);
    } else if (known->kind == Kind::kVectors) {
      additional.type = Concat(collection, "AdditionalVectors");
      if (!inner.has_braces) TellMissingSelection(place_, inner, additional.type);
      for (const Field& name : inner.fields)
        if (name.has_braces) TellUnwantedSelection(place_, name, "[Float]");
      additional.fields = ReadValue(additional.type, inner.fields);
    } else if (!inner.has_braces) {
      TellMissingSelection(place_, inner, NameOf(*known->object, known->list, collection));
    } else {
      ReadMembers(place_, *known->object, collection, inner, &additional);
      for (AskedField& member : additional.fields)
        if (known->kind == Kind::kGroup && member.name == "hits")
          member.references.push_back({ReadObject(collection, Concat(collection, "AdditionalGroupHits"), member.field->fields), 0});
    }
  }
  SortByKey(&asked->fields);
}

std::vector<const AskedField*> FindAdditional(const AskedObject& object, Kind kind) {
  std::vector<const AskedField*> found;
  for (const AskedField& field : object.fields)
    if (field.kind == Kind::kAdditional)
      for (const AskedField& additional : field.fields)
        if (additional.kind == kind) found.push_back(&additional);
  return found;
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
    case Kind::kGroup: {
      // The server tells the vectors of hits only where those of the rows are asked for.
      const bool vector = metadata->vector();
      for (const AskedField* member : InOrder(asked.fields))
        for (const AskedReference& hits : member->references) AskFor(hits.object, variant, properties, metadata);
      metadata->set_vector(vector);
      break;
    }
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
