// Parts that searches have in common: target vectors, the vectors themselves, lists of texts.
#pragma once

#include <weaviate/v1/base_search.pb.h>

#include <string>
#include <string_view>

#include "runtime/json_reader.h"
#include "weaviate/go_values.h"

namespace vecgate::translators::weaviate {

// The Go struct that texts of faults name.
inline constexpr std::string_view kArguments = "arguments";

// `read` is called with each member that is not null.
template <class Read>
bool ForMembers(runtime::JsonReader& reader, const runtime::JsonValue& value, const Read& read) {
  if (value.kind() != runtime::Kind::kObject) return FailType(reader, value, {kArguments, "object"});
  runtime::JsonReader::Frame frame;
  reader.Push(&frame);
  bool ok = true;
  for (runtime::ObjectCursor members(value); ok && !members.Done(); members.Advance()) {
    frame.key = members.key();
    if (!members.value().is_null()) ok = read(members.key(), members.value());
  }
  reader.Pop();
  return ok;
}

// Texts of a list, or a lone text.
bool ReadTexts(runtime::JsonReader& reader, const runtime::JsonValue& value,
               google::protobuf::RepeatedPtrField<std::string>* out);

// {targetVectors, combinationMethod, weights}
bool ReadTargets(runtime::JsonReader& reader, const runtime::JsonValue& value, ::weaviate::v1::Targets* targets);

// Numbers, or lists of them.
bool ReadOneVector(runtime::JsonReader& reader, const runtime::JsonValue& value, std::string_view name,
                   google::protobuf::RepeatedPtrField<::weaviate::v1::Vectors>* out);

// {name: vector or several}, in the order of the targets, or of the text when there are none yet.
bool ReadVectorPerTarget(runtime::JsonReader& reader, const runtime::JsonValue& value, ::weaviate::v1::NearVector* near);

}  // namespace vecgate::translators::weaviate
