#include "weaviate/graphql_targets.h"

#include "runtime/concat.h"
#include "weaviate/graphql_arguments.h"
#include "weaviate/vectors.h"

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::NearVector;
using ::weaviate::v1::Targets;
using runtime::Concat;
using runtime::JsonReader;
using runtime::JsonValue;
using runtime::Kind;

// More than any collection has vectors.
constexpr int kMostTargets = 256;

bool IsTooMany(const Targets& targets) { return targets.target_vectors_size() > kMostTargets; }

bool ReadCombination(JsonReader& reader, const JsonValue& value, Targets* targets) {
  std::string word;
  if (!ReadText(reader, value, kArguments, &word)) return false;
  if (word == "sum") targets->set_combination(::weaviate::v1::COMBINATION_METHOD_TYPE_SUM);
  else if (word == "minimum") targets->set_combination(::weaviate::v1::COMBINATION_METHOD_TYPE_MIN);
  else if (word == "average") targets->set_combination(::weaviate::v1::COMBINATION_METHOD_TYPE_AVERAGE);
  else if (word == "relativeScore") targets->set_combination(::weaviate::v1::COMBINATION_METHOD_TYPE_RELATIVE_SCORE);
  else if (word == "manualWeights") targets->set_combination(::weaviate::v1::COMBINATION_METHOD_TYPE_MANUAL);
  else return reader.Refuse(422, Concat("unknown combination method ", word));
  return true;
}

// The place of the first of several targets of the same name.
bool IsFirst(const Targets& targets, int i) {
  for (int k = 0; k < i; ++k)
    if (targets.target_vectors(k) == targets.target_vectors(i)) return false;
  return true;
}

// In the order of the targets; a target that is there several times has a list.
bool ReadWeights(JsonReader& reader, const JsonValue& weights, bool has, Targets* targets) {
  if (has && weights.kind() != Kind::kObject) return FailType(reader, weights, {kArguments, "object"});
  for (int i = 0; i < targets->target_vectors_size(); ++i) {
    const std::string& name = targets->target_vectors(i);
    JsonValue weight;
    if (!has || !weights.Find(name, &weight))
      return reader.Refuse(422, Concat("weight for target ", name, " is not provided"));
    int before = 0;
    for (int k = 0; k < i; ++k) before += targets->target_vectors(k) == name ? 1 : 0;
    if (weight.kind() == Kind::kArray) {
      runtime::ArrayCursor elements(weight);
      for (; before > 0 && !elements.Done(); --before) elements.Advance();
      if (elements.Done()) return reader.Refuse(422, Concat("weight for target ", name, " is not provided"));
      weight = elements.value();
    }
    auto* added = targets->add_weights_for_targets();
    added->set_target(name);
    float number = 0;
    if (!ReadFloat(reader, weight, kArguments, &number)) return false;
    added->set_weight(number);
  }
  return true;
}

bool IsVector(const JsonValue& value) {
  if (value.kind() != Kind::kArray) return false;
  runtime::ArrayCursor elements(value);
  if (elements.Done()) return true;
  const Kind first = elements.value().kind();
  return first == Kind::kArray || (runtime::Bit(first) & runtime::kNumberKinds) != 0;
}

// A vector, or several of one target.
bool ReadTargetVectors(JsonReader& reader, std::string_view name, const JsonValue& value, NearVector* near) {
  auto* target = near->add_vector_for_targets();
  target->set_name(std::string(name));
  runtime::ArrayCursor elements(value);
  if (!elements.Done() && elements.value().kind() == Kind::kArray) {
    for (; !elements.Done(); elements.Advance())
      if (!ReadOneVector(reader, elements.value(), name, target->mutable_vectors())) return false;
    return true;
  }
  return ReadOneVector(reader, value, name, target->mutable_vectors());
}

}  // namespace

bool ReadTexts(JsonReader& reader, const JsonValue& value, google::protobuf::RepeatedPtrField<std::string>* out) {
  if (value.kind() != Kind::kArray) return ReadText(reader, value, kArguments, out->Add());
  for (runtime::ArrayCursor elements(value); !elements.Done(); elements.Advance())
    if (!ReadText(reader, elements.value(), kArguments, out->Add())) return false;
  return true;
}

bool ReadTargets(JsonReader& reader, const JsonValue& value, Targets* targets) {
  if (value.kind() != Kind::kObject) return FailType(reader, value, {kArguments, "object"});
  JsonValue names;
  JsonValue weights;
  if (!FindArgument(value, "targetVectors", &names)) return reader.Refuse(422, "targetVectors is required field");
  if (!ReadTexts(reader, names, targets->mutable_target_vectors())) return false;
  if (IsTooMany(*targets)) return reader.Refuse(422, "too many target vectors");
  if (!ReadMember(reader, value, "combinationMethod",
                  [&](const JsonValue& word) { return ReadCombination(reader, word, targets); }))
    return false;
  // The others make the weights themselves.
  if (targets->combination() != ::weaviate::v1::COMBINATION_METHOD_TYPE_MANUAL &&
      targets->combination() != ::weaviate::v1::COMBINATION_METHOD_TYPE_RELATIVE_SCORE)
    return true;
  const bool has = FindArgument(value, "weights", &weights);
  return ReadWeights(reader, weights, has, targets);
}

bool ReadOneVector(JsonReader& reader, const JsonValue& value, std::string_view name,
                   google::protobuf::RepeatedPtrField<::weaviate::v1::Vectors>* out) {
  if (!IsVector(value)) return reader.Refuse(422, "vector must be a list of numbers");
  auto* vector = out->Add();
  vector->set_name(std::string(name));
  return ReadVectors(reader, value, kArguments, vector);
}

bool ReadVectorPerTarget(JsonReader& reader, const JsonValue& value, Targets* unnamed, const Targets& given, NearVector* near) {
  if (value.kind() != Kind::kObject) return reader.Refuse(422, "vectorPerTarget should be a map");
  const bool made_here = unnamed != nullptr && given.target_vectors_size() == 0;
  if (made_here)
    for (runtime::ObjectCursor members(value); !members.Done(); members.Advance())
      unnamed->add_target_vectors(std::string(members.key()));
  if (IsTooMany(given)) return reader.Refuse(422, "too many target vectors");
  for (int i = 0; i < given.target_vectors_size(); ++i) {
    if (!IsFirst(given, i)) continue;
    const std::string& name = given.target_vectors(i);
    JsonValue vector;
    if (!value.Find(name, &vector) || (vector.kind() == Kind::kArray && vector.size() == 0))
      return reader.Refuse(422, Concat("vectorPerTarget for target ", name, " is not provided"));
    if (vector.kind() != Kind::kArray) return reader.Refuse(422, "vector must be a list of numbers");
    if (!ReadTargetVectors(reader, name, vector, near)) return false;
    // Several vectors of a target answer to as many mentions of it, one behind the other; where the targets are named.
    const int vectors = near->vector_for_targets(near->vector_for_targets_size() - 1).vectors_size();
    for (int j = 1; j < vectors && !made_here; ++j)
      if (i + j >= given.target_vectors_size() || given.target_vectors(i + j) != name)
        return reader.Refuse(422, Concat("target ", name, " is not in the correct order"));
  }
  return true;
}

}  // namespace vecgate::translators::weaviate
