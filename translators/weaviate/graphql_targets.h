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

// `read` is called with the member of that name, if it is there and not null.
template <class Read>
bool ReadMember(runtime::JsonReader& reader, const runtime::JsonValue& object, std::string_view name, const Read& read) {
  runtime::JsonValue member;
  if (!object.Find(name, &member) || member.is_null()) return true;
  runtime::JsonReader::Frame frame;
  frame.key = name;
  reader.Push(&frame);
  const bool ok = read(member);
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

// {name: vector or several}, in the order of the targets `given`. Where there are none, `unnamed`, which is the same or
// null, is given the names in the order of the text.
bool ReadVectorPerTarget(runtime::JsonReader& reader, const runtime::JsonValue& value, ::weaviate::v1::Targets* unnamed,
                         const ::weaviate::v1::Targets& given, ::weaviate::v1::NearVector* near);

}  // namespace vecgate::translators::weaviate
