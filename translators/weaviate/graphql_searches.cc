#include "weaviate/graphql_searches.h"

#include <algorithm>
#include <utility>

#include "runtime/concat.h"
#include "weaviate/beacon.h"
#include "weaviate/go_values.h"
#include "weaviate/graphql_arguments.h"
#include "weaviate/graphql_fault.h"
#include "weaviate/graphql_targets.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::AggregateRequest;
using ::weaviate::v1::Hybrid;
using ::weaviate::v1::NearTextSearch;
using ::weaviate::v1::NearVector;
using ::weaviate::v1::SearchOperatorOptions;
using ::weaviate::v1::SearchRequest;
using ::weaviate::v1::Targets;
using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;

bool NotAvailableHere(JsonReader& reader, std::string_view what) {
  return reader.Refuse(kNotAvailable, NotAvailable(what));
}

bool ReadNumberMember(JsonReader& reader, const JsonValue& object, std::string_view name, bool* has, double* number) {
  return ReadMember(reader, object, name, [&](const JsonValue& value) {
    *has = true;
    return ReadDouble(reader, value, kArguments, number);
  });
}

template <class Near>
bool ReadThresholds(JsonReader& reader, const JsonValue& value, Near* near) {
  bool has_certainty = false;
  bool has_distance = false;
  double certainty = 0;
  double distance = 0;
  if (!ReadNumberMember(reader, value, "certainty", &has_certainty, &certainty) ||
      !ReadNumberMember(reader, value, "distance", &has_distance, &distance))
    return false;
  if (has_certainty) near->set_certainty(certainty);
  if (has_distance) near->set_distance(distance);
  return true;
}

template <class Near>
bool RefuseTwoThresholds(JsonReader& reader, const Near& near) {
  return !(near.has_certainty() && near.has_distance()) ||
         reader.Refuse(422, "cannot provide distance and certainty");
}

template <class Search>
bool ReadSearchTargets(JsonReader& reader, const JsonValue& value, Search* search) {
  JsonValue targets;
  if (FindArgument(value, "targets", &targets)) return ReadTargets(reader, targets, search->mutable_targets());
  return ReadMember(reader, value, "targetVectors", [&](const JsonValue& names) {
    return ReadTexts(reader, names, search->mutable_targets()->mutable_target_vectors());
  });
}

template <class Near>
void Note(const Near& near, SearchesRead* read) {
  ++read->near;
  // A certainty of 0 is one that was not given.
  if (near.has_distance() || (near.has_certainty() && near.certainty() != 0)) read->bounded = true;
}

// `around`: the targets of the hybrid search that this one is part of, which are its own; null: it stands alone.
bool ReadNearVector(JsonReader& reader, const JsonValue& value, const Targets* around, NearVector* near) {
  if (value.kind() != Kind::kObject) return FailType(reader, value, {kArguments, "object"});
  JsonValue vector;
  JsonValue per_target;
  const bool has_vector = FindArgument(value, "vector", &vector);
  const bool has_per_target = FindArgument(value, "vectorPerTarget", &per_target);
  if (has_vector == has_per_target) return reader.Refuse(422, "vector or vectorPerTarget is required field");
  if (!ReadThresholds(reader, value, near) || !RefuseTwoThresholds(reader, *near)) return false;
  if (around == nullptr) {
    if (!ReadSearchTargets(reader, value, near)) return false;
  } else if (around->target_vectors_size() == 0) {
    JsonValue targets;
    if (has_per_target || FindArgument(value, "targets", &targets) || FindArgument(value, "targetVectors", &targets))
      return reader.Refuse(422, "targetVectors need to be set in the hybrid search to be handled correctly");
  }
  if (has_vector) return ReadOneVector(reader, vector, {}, near->mutable_vectors());
  Targets* own = around == nullptr ? near->mutable_targets() : nullptr;
  return ReadVectorPerTarget(reader, per_target, own, own == nullptr ? *around : *own, near);
}

// The last part of a beacon, which must be of the collection when it names one. Empty `collection`: of any.
bool ReadBeaconId(JsonReader& reader, const JsonValue& value, std::string_view collection, std::string* id) {
  std::string text;
  if (!ReadText(reader, value, kArguments, &text)) return false;
  Beacon beacon;
  if (const std::string fault = ParseTarget(text, &beacon); !fault.empty()) return reader.Refuse(422, fault);
  if (!collection.empty() && !beacon.collection.empty() && beacon.collection != collection)
    return NotAvailableHere(reader, "nearObject with a beacon of another class");
  *id = beacon.id;
  return true;
}

bool ReadNearObject(JsonReader& reader, const JsonValue& value, std::string_view collection,
                    ::weaviate::v1::NearObject* near) {
  std::string beacon_id;
  if (!ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
        if (key == "id") return ReadText(reader, member, kArguments, near->mutable_id());
        return key != "beacon" || ReadBeaconId(reader, member, collection, &beacon_id);
      }))
    return false;
  if (near->id().empty()) near->set_id(beacon_id);
  return ReadThresholds(reader, value, near) && RefuseTwoThresholds(reader, *near) && ReadSearchTargets(reader, value, near);
}

bool ReadMove(JsonReader& reader, const JsonValue& value, NearTextSearch::Move* move) {
  return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
    if (key == "force") {
      float force = 0;
      if (!ReadFloat(reader, member, kArguments, &force)) return false;
      move->set_force(force);
      return true;
    }
    if (key == "concepts") return ReadTexts(reader, member, move->mutable_concepts());
    if (key != "objects") return true;
    const auto read_object = [&](const JsonValue& object) {
      return ForMembers(reader, object, [&](std::string_view name, const JsonValue& place) {
        if (name == "id") return ReadText(reader, place, kArguments, move->add_uuids());
        return name != "beacon" || ReadBeaconId(reader, place, {}, move->add_uuids());
      });
    };
    if (member.kind() != Kind::kArray) return read_object(member);
    for (runtime::ArrayCursor objects(member); !objects.Done(); objects.Advance())
      if (!read_object(objects.value())) return false;
    return true;
  });
}

bool ReadNearText(JsonReader& reader, const JsonValue& value, NearTextSearch* near) {
  return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
           if (key == "concepts") return ReadTexts(reader, member, near->mutable_query());
           if (key == "moveTo") return ReadMove(reader, member, near->mutable_move_to());
           if (key == "moveAwayFrom") return ReadMove(reader, member, near->mutable_move_away());
           bool on = false;
           if (key != "autocorrect") return true;
           if (!ReadBool(reader, member, kArguments, &on)) return false;
           return !on || NotAvailableHere(reader, "nearText with autocorrect");
         }) &&
         ReadThresholds(reader, value, near) && ReadSearchTargets(reader, value, near);
}

template <class Near>
bool ReadMedia(JsonReader& reader, const JsonValue& value, std::string_view name, std::string* media, Near* near) {
  return ForMembers(reader, value,
                    [&](std::string_view key, const JsonValue& member) {
                      return key != name || ReadText(reader, member, kArguments, media);
                    }) &&
         ReadThresholds(reader, value, near) && ReadSearchTargets(reader, value, near);
}

bool ReadSearchOperator(JsonReader& reader, const JsonValue& value, SearchOperatorOptions* options) {
  return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
    if (key == "minimumOrTokensMatch") {
      int64_t number = 0;
      if (!ReadInt(reader, member, kArguments, &number)) return false;
      options->set_minimum_or_tokens_match(static_cast<int32_t>(std::clamp<int64_t>(number, INT32_MIN, INT32_MAX)));
      return true;
    }
    std::string word;
    if (key != "operator") return true;
    if (!ReadText(reader, member, kArguments, &word)) return false;
    if (word == "And") options->set_operator_(SearchOperatorOptions::OPERATOR_AND);
    else if (word == "Or") options->set_operator_(SearchOperatorOptions::OPERATOR_OR);
    else if (word == "AndCross") options->set_operator_(SearchOperatorOptions::OPERATOR_AND_CROSS);
    else return reader.Refuse(422, Concat("unknown search operator ", word));
    return true;
  });
}

bool ReadBm25(JsonReader& reader, const JsonValue& value, ::weaviate::v1::BM25* bm25) {
  return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
    if (key == "query") return ReadText(reader, member, kArguments, bm25->mutable_query());
    if (key == "properties") return ReadTexts(reader, member, bm25->mutable_properties());
    return key != "searchOperator" || ReadSearchOperator(reader, member, bm25->mutable_search_operator());
  });
}

// Only the first counts.
bool ReadSubSearches(JsonReader& reader, const JsonValue& value, Hybrid* hybrid) {
  JsonValue first = value;
  if (value.kind() == Kind::kArray) {
    runtime::ArrayCursor elements(value);
    if (elements.Done()) return true;
    first = elements.value();
  }
  return ForMembers(reader, first, [&](std::string_view key, const JsonValue& member) {
    if (key == "nearText") return ReadNearText(reader, member, hybrid->mutable_near_text());
    return key != "nearVector" || ReadNearVector(reader, member, &hybrid->targets(), hybrid->mutable_near_vector());
  });
}

bool ReadFusion(JsonReader& reader, const JsonValue& value, Hybrid* hybrid) {
  std::string word;
  if (!ReadText(reader, value, kArguments, &word)) return false;
  if (word == "rankedFusion") hybrid->set_fusion_type(Hybrid::FUSION_TYPE_RANKED);
  else if (word == "relativeScoreFusion") hybrid->set_fusion_type(Hybrid::FUSION_TYPE_RELATIVE_SCORE);
  else return reader.Refuse(422, Concat("unknown fusion type ", word));
  return true;
}

// In the order in which the server looks at its parts.
bool ReadHybrid(JsonReader& reader, const JsonValue& value, Hybrid* hybrid) {
  if (value.kind() != Kind::kObject) return FailType(reader, value, {kArguments, "object"});
  JsonValue operands;
  if (FindArgument(value, "operands", &operands)) return NotAvailableHere(reader, "hybrid with operands");
  // Without it the server weighs keywords only, not as it does by default.
  hybrid->set_use_alpha_param(true);
  bool has_alpha = false;
  bool has_distance = false;
  double alpha = 0;
  double distance = 0;
  if (!ReadSearchTargets(reader, value, hybrid) ||
      !ReadMember(reader, value, "searches", [&](const JsonValue& member) { return ReadSubSearches(reader, member, hybrid); }) ||
      !ReadNumberMember(reader, value, "alpha", &has_alpha, &alpha))
    return false;
  if (has_alpha && !(alpha >= 0 && alpha <= 1)) return reader.Refuse(422, "alpha should be between 0.0 and 1.0");
  if (has_alpha) hybrid->set_alpha_param(static_cast<float>(alpha));
  if (!ReadNumberMember(reader, value, "maxVectorDistance", &has_distance, &distance)) return false;
  if (has_distance) hybrid->set_vector_distance(static_cast<float>(distance));
  if (!ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
        if (key == "query") return ReadText(reader, member, kArguments, hybrid->mutable_query());
        if (key == "fusionType") return ReadFusion(reader, member, hybrid);
        if (key == "vector") return ReadOneVector(reader, member, {}, hybrid->mutable_vectors());
        if (key == "properties") return ReadTexts(reader, member, hybrid->mutable_properties());
        return key != "bm25SearchOperator" || ReadSearchOperator(reader, member, hybrid->mutable_bm25_search_operator());
      }))
    return false;
  if (hybrid->has_near_text() && hybrid->has_near_vector())
    return reader.Refuse(422, "hybrid search cannot have both nearText and nearVector parameters");
  if (hybrid->vectors_size() > 0 && hybrid->has_near_text())
    return reader.Refuse(422, "cannot have both vector and nearTextParams");
  if (hybrid->vectors_size() > 0 && hybrid->has_near_vector())
    return reader.Refuse(422, "cannot have both vector and nearVectorParams");
  return true;
}

Hybrid* HybridOf(SearchRequest* request) { return request->mutable_hybrid_search(); }
Hybrid* HybridOf(AggregateRequest* request) { return request->mutable_hybrid(); }

template <class Request>
bool ReadAll(JsonReader& reader, const JsonValue& arguments, std::string_view collection, Request* request,
             SearchesRead* read) {
  JsonValue value;
  const auto given = [&](std::string_view name) {
    if (!arguments.Find(name, &value) || value.is_null()) return false;
    read->before = Concat("failed to extract ", name, " params: ");
    return true;
  };
  if (given("nearVector")) {
    if (!ReadNearVector(reader, value, nullptr, request->mutable_near_vector())) return false;
    Note(request->near_vector(), read);
  }
  if (given("nearObject")) {
    if (!ReadNearObject(reader, value, collection, request->mutable_near_object())) return false;
    Note(request->near_object(), read);
  }
  if (given("nearText")) {
    if (!ReadNearText(reader, value, request->mutable_near_text())) return false;
    Note(request->near_text(), read);
  }
  const auto media = [&](std::string_view member, auto* near, std::string* text) {
    if (!ReadMedia(reader, value, member, text, near)) return false;
    Note(*near, read);
    return true;
  };
#define VECGATE_MEDIA(argument, message, member)                                                   \
  if (given(argument)) {                                                                           \
    auto* near = request->mutable_##message();                                                     \
    if (!media(#member, near, near->mutable_##member())) return false;                   \
  }
  VECGATE_MEDIA("nearImage", near_image, image)
  VECGATE_MEDIA("nearAudio", near_audio, audio)
  VECGATE_MEDIA("nearVideo", near_video, video)
  VECGATE_MEDIA("nearDepth", near_depth, depth)
  VECGATE_MEDIA("nearThermal", near_thermal, thermal)
  VECGATE_MEDIA("nearIMU", near_imu, imu)
#undef VECGATE_MEDIA
  if (given("hybrid")) {
    if (!ReadHybrid(reader, value, HybridOf(request))) return false;
    read->hybrid = true;
  }
  read->before.clear();
  if (given("ask")) return NotAvailableHere(reader, "ask");
  return true;
}

}  // namespace

bool ReadSearches(JsonReader& reader, const JsonValue& arguments, std::string_view collection, SearchRequest* request,
                  SearchesRead* read) {
  if (!ReadAll(reader, arguments, collection, request, read)) return false;
  JsonValue value;
  if (!arguments.Find("bm25", &value) || value.is_null()) return true;
  read->keywords = true;
  return ReadBm25(reader, value, request->mutable_bm25_search());
}

bool ReadSearches(JsonReader& reader, const JsonValue& arguments, std::string_view collection, AggregateRequest* request,
                  SearchesRead* read) {
  return ReadAll(reader, arguments, collection, request, read);
}

}  // namespace vecgate::translators::weaviate
