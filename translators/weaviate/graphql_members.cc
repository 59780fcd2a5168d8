#include "weaviate/graphql_members.h"

#include <algorithm>

namespace vecgate::translators::weaviate {
namespace {

using runtime::Concat;

constexpr MemberType kRerankMembers[] = {{"score", "Float"}};

constexpr MemberType kDebugMembers[] = {{"prompt", "String"}};
constexpr ObjectType kDebugType{"*DebugFields", kDebugMembers};
constexpr MemberType kGenerateMembers[] = {
    {"singleResult", "String"}, {"groupedResult", "String"}, {"error", "String"}, {"debug", "", &kDebugType}};

constexpr MemberType kHitsGroupedByMembers[] = {{"path", "[String]"}, {"value", "String"}};
constexpr ObjectType kHitsGroupedByType{"*AdditionalGroupGroupedBy", kHitsGroupedByMembers};
constexpr ObjectType kHitsType{"*AdditionalGroupHits", {}};
constexpr MemberType kGroupMembers[] = {
    {"id", "Int"},    {"groupedBy", "", &kHitsGroupedByType}, {"minDistance", "Float"}, {"maxDistance", "Float"},
    {"count", "Int"}, {"hits", "", &kHitsType, true, true}};

constexpr MemberType kMetaMembers[] = {{"count", "Int"}};
constexpr MemberType kGroupedByMembers[] = {{"path", "[String]"}, {"value", "String"}};

constexpr MemberType kTopOccurrencesMembers[] = {{"value", "String"}, {"occurs", "Int"}};
constexpr ObjectType kTopOccurrencesType{"Aggregate*TopOccurrencesObj", kTopOccurrencesMembers};
// Of properties of all kinds.
constexpr MemberType kStatisticsMembers[] = {
    {"count", "Int"},
    {"type", "String"},
    {"sum", "Float"},
    {"mean", "Float"},
    {"mode", "Float"},
    {"median", "Float"},
    {"maximum", "Float"},
    {"minimum", "Float"},
    {"topOccurrences", "", &kTopOccurrencesType, true, false, &kTopOccurrencesArguments},
    {"totalTrue", "Int"},
    {"totalFalse", "Int"},
    {"percentageTrue", "Float"},
    {"percentageFalse", "Float"},
    {"pointingTo", "[String]"}};

const MemberType* Find(const ObjectType& type, std::string_view name) {
  const auto found =
      std::find_if(type.members.begin(), type.members.end(), [&](const MemberType& one) { return one.name == name; });
  return found == type.members.end() ? nullptr : &*found;
}

}  // namespace

constexpr ObjectType kRerankType{"*AdditionalReranker", kRerankMembers};
constexpr ObjectType kGenerateType{"*AdditionalGenerate", kGenerateMembers, true};
constexpr ObjectType kGroupType{"*AdditionalGroup", kGroupMembers};
constexpr ObjectType kMetaType{"Aggregate*MetaObject", kMetaMembers};
constexpr ObjectType kGroupedByType{"Aggregate*GroupedByObj", kGroupedByMembers};
constexpr ObjectType kStatisticsType{"Aggregate*Obj", kStatisticsMembers};

std::string NameOf(const ObjectType& type, bool list, std::string_view scope) {
  const std::string name = Starred(type.name, scope);
  return list ? Concat("[", name, "]") : name;
}

void TellMissingSelection(const InputPlace& place, const graphql::Field& field, std::string_view type) {
  place.Tell(Concat("Field \"", field.name, "\" of type \"", type, "\" must have a sub selection."), {field.offset});
}

void TellUnwantedSelection(const InputPlace& place, const graphql::Field& field, std::string_view type) {
  place.Tell(Concat("Field \"", field.name, "\" of type \"", type, "\" must not have a sub selection."),
             {field.selection->selections_offset});
}

void TellUnknownField(const InputPlace& place, const graphql::Field& field, std::string_view type) {
  place.Tell(Concat("Cannot query field \"", field.name, "\" on type \"", type, "\"."), {field.offset});
}

void ReadMembers(const InputPlace& place, const ObjectType& type, std::string_view scope, const graphql::Field& field,
                 AskedField* asked) {
  asked->type = Starred(type.name, scope);
  for (const graphql::Field& inner : field.fields) {
    AskedField member = NewAsked(inner);
    const MemberType* known = Find(type, inner.name);
    if (known == nullptr && member.kind != AskedField::Kind::kTypename) {
      if (type.open && inner.has_braces)
        place.Tell(NotAvailable(Concat("_additional { ", field.name, " { ", inner.name, " } }")), {inner.offset},
                   kNotAvailable);
      else
        TellUnknownField(place, inner, asked->type);
      continue;
    }
    CheckArguments(place,
                   known == nullptr || known->arguments == nullptr ? std::span<const InputField>() : *known->arguments,
                   inner, asked->type);
    if (known == nullptr || known->object == nullptr) {
      if (inner.has_braces) TellUnwantedSelection(place, inner, known == nullptr ? "String!" : known->type);
    } else if (!inner.has_braces) {
      TellMissingSelection(place, inner, NameOf(*known->object, known->list, scope));
    } else if (!known->read_elsewhere) {
      ReadMembers(place, *known->object, scope, inner, &member);
    }
    asked->fields.push_back(std::move(member));
  }
  SortByKey(&asked->fields);
}

}  // namespace vecgate::translators::weaviate
