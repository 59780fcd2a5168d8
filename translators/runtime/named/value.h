// Value: any JSON value as a message. M has the oneof members null_value, double_value, integer_value (i64),
// string_value, bool_value, struct_value{map fields} and list_value{repeated values}.
//
// Integer lexemes stay integers while they fit i64, every other number is a double: 1 and 1.0 come back as they
// were written. A null is stored as one, since in an update it deletes the key.
//
// What is read stands in the message as bytes (value_bytes.h), what is printed is a message that was parsed.
#pragma once

#include <string>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"
#include "runtime/sorted_entries.h"
#include "runtime/value_bytes.h"

namespace vecgate::runtime {

template <class M>
bool ReadValue(JsonReader& reader, const JsonValue& value, M* message) {
  AddValue(reader, value, ValueFieldsOf<M>(), message->GetReflection()->MutableUnknownFields(message));
  return true;
}

// Reads an object into the map `number` of `owner`, whose values are of type M. `expecting`: for the type error.
template <class M, class Owner>
bool ReadValueMap(JsonReader& reader, const JsonValue& value, std::string_view expecting, int number, Owner* owner) {
  if (value.kind() != Kind::kObject) return reader.FailType(value, expecting);
  AddValueMap(reader, value, ValueFieldsOf<M>(), number, owner->GetReflection()->MutableUnknownFields(owner));
  return true;
}

// Takes back what ReadValueMap did.
template <class Owner>
void ClearValueMap(int number, Owner* owner) {
  owner->GetReflection()->MutableUnknownFields(owner)->DeleteByNumber(number);
}

template <class M>
void WriteValue(const M& message, JsonWriter& writer);

// Prints a map of values in the order of its keys' bytes.
template <class Fields>
void WriteValueMap(const Fields& fields, JsonWriter& writer) {
  writer.StartObject();
  for (const auto* member : SortedEntries(fields)) {
    writer.DataKey(member->first);
    WriteValue(member->second, writer);
  }
  writer.EndObject();
}

template <class M>
void WriteValue(const M& message, JsonWriter& writer) {
  switch (message.kind_case()) {
    case M::kNullValue:
    case M::KIND_NOT_SET:
      return writer.Null();
    case M::kBoolValue:
      return writer.Bool(message.bool_value());
    case M::kIntegerValue:
      return writer.Int64(message.integer_value());
    case M::kDoubleValue:
      return writer.Double(message.double_value());
    case M::kStringValue:
      return writer.String(message.string_value());
    case M::kStructValue:
      return WriteValueMap(message.struct_value().fields(), writer);
    case M::kListValue:
      writer.StartArray();
      for (const M& element : message.list_value().values()) WriteValue(element, writer);
      return writer.EndArray();
  }
}

}  // namespace vecgate::runtime
