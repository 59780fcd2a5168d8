#include "auth/named_collections.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>

#include "base/text.h"

namespace vecgate::auth {
namespace {

namespace pb = google::protobuf;

// All message types that requests consist of.
void Collect(const pb::Descriptor* type, absl::flat_hash_set<const pb::Descriptor*>* types) {
  if (!types->insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i) {
    if (type->field(i)->message_type() != nullptr) Collect(type->field(i)->message_type(), types);
  }
}

}  // namespace

NamedCollections::NamedCollections(const runtime::ApiSpec& api) : words_(api.access) {
  absl::flat_hash_set<const Descriptor*> types;
  for (const runtime::RouteSpec& route : api.routes) {
    for (const runtime::CallSpec& call : route.calls) Collect(call.request()->GetDescriptor(), &types);
  }
  for (const runtime::CollectionFieldSpec& name : api.access.names) {
    const Descriptor* const type = name.message()->GetDescriptor();
    places_[type].names.push_back({type->FindFieldByName(std::string(name.field)), name.access});
  }
  // Types may hold themselves, so whoever leads to a name is found step by step until nothing is added.
  for (bool added = true; added;) {
    added = false;
    for (const Descriptor* const type : types) {
      if (places_.contains(type)) continue;
      for (int i = 0; i < type->field_count() && !added; ++i) {
        const Descriptor* const below = type->field(i)->message_type();
        if (below == nullptr || !places_.contains(below)) continue;
        places_[type];
        added = true;
      }
    }
  }
  for (auto& [type, place] : places_) {
    for (int i = 0; i < type->field_count(); ++i) {
      const Descriptor* const below = type->field(i)->message_type();
      if (below != nullptr && places_.contains(below)) place.below.push_back(type->field(i));
    }
  }
}

bool NamedCollections::AreAllThatConcern(const runtime::RouteSpec& route) const {
  const auto names = [this](const runtime::CallSpec& call) {
    return places_.contains(call.request()->GetDescriptor());
  };
  return !route.calls.empty() && std::all_of(route.calls.begin(), route.calls.end(), names);
}

// As deep as the request was read, which has a bound.
std::optional<std::string> NamedCollections::Refuse(const pb::Message& request, const Grant& grant) const {
  if (grant.full()) return std::nullopt;
  const auto place = places_.find(request.GetDescriptor());
  if (place == places_.end()) return std::nullopt;
  const pb::Reflection* const reflection = request.GetReflection();
  std::string scratch;
  for (const Name& name : place->second.names) {
    if (name.field->has_presence() && !reflection->HasField(request, name.field)) continue;
    const std::string& collection = reflection->GetStringReference(request, name.field, &scratch);
    Wanted wanted;
    wanted.access = name.access;
    wanted.collection = collection;
    if (auto refusal = grant.Refuse(wanted, words_); refusal.has_value()) return refusal;
  }
  for (const Field* const field : place->second.below) {
    if (field->is_repeated()) {
      for (int i = 0; i < reflection->FieldSize(request, field); ++i) {
        if (auto refusal = Refuse(reflection->GetRepeatedMessage(request, field, i), grant); refusal.has_value()) {
          return refusal;
        }
      }
    } else if (reflection->HasField(request, field)) {
      if (auto refusal = Refuse(reflection->GetMessage(request, field), grant); refusal.has_value()) return refusal;
    }
  }
  return std::nullopt;
}

std::string NamedCollections::First(const pb::Message& request) const {
  const auto place = places_.find(request.GetDescriptor());
  if (place == places_.end()) return {};
  const pb::Reflection* const reflection = request.GetReflection();
  for (const Name& name : place->second.names) {
    if (std::string collection = reflection->GetString(request, name.field); !collection.empty()) return collection;
  }
  for (const Field* const field : place->second.below) {
    if (field->is_repeated() ? reflection->FieldSize(request, field) == 0 : !reflection->HasField(request, field)) continue;
    const pb::Message& below =
        field->is_repeated() ? reflection->GetRepeatedMessage(request, field, 0) : reflection->GetMessage(request, field);
    if (std::string collection = First(below); !collection.empty()) return collection;
  }
  return {};
}

void KeepReadable(const runtime::ListedSpec& listed, const Grant& grant, pb::Message* reply) {
  if (!grant.limited()) return;
  const pb::Reflection* const reflection = reply->GetReflection();
  const pb::FieldDescriptor* const list = reply->GetDescriptor()->FindFieldByName(std::string(listed.field));
  const pb::FieldDescriptor* const name = list->message_type()->FindFieldByName(std::string(listed.collection));
  int kept = 0;
  const int size = reflection->FieldSize(*reply, list);
  for (int i = 0; i < size; ++i) {
    const pb::Message& element = reflection->GetRepeatedMessage(*reply, list, i);
    if (!grant.MayRead(element.GetReflection()->GetString(element, name))) continue;
    if (kept != i) reflection->SwapElements(reply, list, kept, i);
    ++kept;
  }
  for (int i = kept; i < size; ++i) reflection->RemoveLast(reply, list);
}

}  // namespace vecgate::auth
