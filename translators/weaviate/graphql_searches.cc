#include "weaviate/graphql_searches.h"

#include <utility>

#include "runtime/concat.h"
#include "weaviate/beacon.h"
#include "weaviate/go_values.h"
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
using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;

constexpr std::string_view kStruct = kArguments;

bool NotAvailableHere(JsonReader& reader, std::string_view what) {
  return reader.Refuse(kNotAvailable, NotAvailable(what));
}

// What all searches by distance have. True in `*known` when the member was one of these.
template <class Near>
bool ReadNearMember(JsonReader& reader, std::string_view key, const JsonValue& member, Near* near, bool* known) {
  *known = true;
  double number = 0;
  if (key == "certainty" || key == "distance") {
    if (!ReadDouble(reader, member, kStruct, &number)) return false;
    if (key == "certainty") near->set_certainty(number);
    else near->set_distance(number);
    return true;
  }
  if (key == "targetVectors") return ReadTexts(reader, member, near->mutable_targets()->mutable_target_vectors());
  if (key == "targets") return ReadTargets(reader, member, near->mutable_targets());
  *known = false;
  return true;
}

template <class Near>
void Note(const Near& near, SearchesRead* read) {
  ++read->near;
  // A certainty of 0 is one that was not given.
  if (near.has_distance() || (near.has_certainty() && near.certainty() != 0)) read->bounded = true;
}

bool ReadNearVector(JsonReader& reader, const JsonValue& value, NearVector* near) {
  JsonValue per_target;
  bool has_per_target = false;
  if (!ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
        if (key == "vector") return ReadOneVector(reader, member, {}, near->mutable_vectors());
        if (key == "vectorPerTarget") {
          per_target = member;
          has_per_target = true;
          return true;
        }
        bool known;
        return ReadNearMember(reader, key, member, near, &known);
      }))
    return false;
  if (has_per_target && !ReadVectorPerTarget(reader, per_target, near)) return false;
  if (!has_per_target && near->vectors_size() == 0)
    return reader.Refuse(422, "vector or vectorPerTarget is required field");
  if (has_per_target && near->vectors_size() > 0)
    return reader.Refuse(422, "cannot provide vector and vectorPerTarget");
  if (near->has_certainty() && near->has_distance())
    return reader.Refuse(422, "cannot provide distance and certainty");
  return true;
}

// The last part of a beacon, which must be of the collection when it names one. Empty `collection`: of any.
bool ReadBeaconId(JsonReader& reader, const JsonValue& value, std::string_view collection, std::string* id) {
  std::string text;
  if (!ReadText(reader, value, kStruct, &text)) return false;
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
        if (key == "id") return ReadText(reader, member, kStruct, near->mutable_id());
        if (key == "beacon") return ReadBeaconId(reader, member, collection, &beacon_id);
        bool known;
        return ReadNearMember(reader, key, member, near, &known);
      }))
    return false;
  if (near->id().empty()) near->set_id(beacon_id);
  if (near->has_certainty() && near->has_distance())
    return reader.Refuse(422, "cannot provide distance and certainty");
  return true;
}

bool ReadMove(JsonReader& reader, const JsonValue& value, NearTextSearch::Move* move) {
  return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
    if (key == "force") {
      float force = 0;
      if (!ReadFloat(reader, member, kStruct, &force)) return false;
      move->set_force(force);
      return true;
    }
    if (key == "concepts") return ReadTexts(reader, member, move->mutable_concepts());
    if (key != "objects") return true;
    const auto read_object = [&](const JsonValue& object) {
      return ForMembers(reader, object, [&](std::string_view name, const JsonValue& place) {
        if (name == "id") return ReadText(reader, place, kStruct, move->add_uuids());
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
    if (key == "autocorrect") {
      bool on = false;
      if (!ReadBool(reader, member, kStruct, &on)) return false;
      return !on || NotAvailableHere(reader, "nearText with autocorrect");
    }
    bool known;
    return ReadNearMember(reader, key, member, near, &known);
  });
}

template <class Near>
bool ReadMedia(JsonReader& reader, const JsonValue& value, std::string_view name, std::string* media, Near* near) {
  return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
    if (key == name) return ReadText(reader, member, kStruct, media);
    bool known;
    return ReadNearMember(reader, key, member, near, &known);
  });
}

bool ReadSearchOperator(JsonReader& reader, const JsonValue& value, SearchOperatorOptions* options) {
  return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
    if (key == "minimumOrTokensMatch") {
      int64_t number = 0;
      if (!ReadInt(reader, member, kStruct, &number)) return false;
      options->set_minimum_or_tokens_match(static_cast<int32_t>(number));
      return true;
    }
    std::string word;
    if (key != "operator") return true;
    if (!ReadText(reader, member, kStruct, &word)) return false;
    if (word == "And") options->set_operator_(SearchOperatorOptions::OPERATOR_AND);
    else if (word == "Or") options->set_operator_(SearchOperatorOptions::OPERATOR_OR);
    else if (word == "AndCross") options->set_operator_(SearchOperatorOptions::OPERATOR_AND_CROSS);
    else return reader.Refuse(422, Concat("unknown search operator ", word));
    return true;
  });
}

bool ReadBm25(JsonReader& reader, const JsonValue& value, ::weaviate::v1::BM25* bm25) {
  return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
    if (key == "query") return ReadText(reader, member, kStruct, bm25->mutable_query());
    if (key == "properties") return ReadTexts(reader, member, bm25->mutable_properties());
    return key != "searchOperator" || ReadSearchOperator(reader, member, bm25->mutable_search_operator());
  });
}

bool ReadSubSearches(JsonReader& reader, const JsonValue& value, Hybrid* hybrid) {
  JsonValue first = value;
  if (value.kind() == Kind::kArray) {
    runtime::ArrayCursor elements(value);
    if (elements.Done()) return true;
    first = elements.value();
  }
  return ForMembers(reader, first, [&](std::string_view key, const JsonValue& member) {
    if (key == "nearText") return ReadNearText(reader, member, hybrid->mutable_near_text());
    return key != "nearVector" || ReadNearVector(reader, member, hybrid->mutable_near_vector());
  });
}

bool ReadHybrid(JsonReader& reader, const JsonValue& value, Hybrid* hybrid) {
  // Without it the server weighs keywords only, not as it does by default.
  hybrid->set_use_alpha_param(true);
  return ForMembers(reader, value, [&](std::string_view key, const JsonValue& member) {
    if (key == "query") return ReadText(reader, member, kStruct, hybrid->mutable_query());
    if (key == "properties") return ReadTexts(reader, member, hybrid->mutable_properties());
    if (key == "vector") return ReadOneVector(reader, member, {}, hybrid->mutable_vectors());
    if (key == "targetVectors") return ReadTexts(reader, member, hybrid->mutable_targets()->mutable_target_vectors());
    if (key == "targets") return ReadTargets(reader, member, hybrid->mutable_targets());
    if (key == "bm25SearchOperator") return ReadSearchOperator(reader, member, hybrid->mutable_bm25_search_operator());
    if (key == "searches") return ReadSubSearches(reader, member, hybrid);
    if (key == "operands") return NotAvailableHere(reader, "hybrid with operands");
    if (key == "alpha" || key == "maxVectorDistance") {
      double number = 0;
      if (!ReadDouble(reader, member, kStruct, &number)) return false;
      if (key == "maxVectorDistance") hybrid->set_vector_distance(static_cast<float>(number));
      else if (!(number >= 0 && number <= 1)) return reader.Refuse(422, "alpha should be between 0.0 and 1.0");
      else hybrid->set_alpha_param(static_cast<float>(number));
      return true;
    }
    std::string word;
    if (key != "fusionType") return true;
    if (!ReadText(reader, member, kStruct, &word)) return false;
    if (word == "rankedFusion") hybrid->set_fusion_type(Hybrid::FUSION_TYPE_RANKED);
    else if (word == "relativeScoreFusion") hybrid->set_fusion_type(Hybrid::FUSION_TYPE_RELATIVE_SCORE);
    else return reader.Refuse(422, Concat("unknown fusion type ", word));
    return true;
  });
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
    if (!ReadNearVector(reader, value, request->mutable_near_vector())) return false;
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
