// Value: any JSON value as a message. M has the oneof members null_value, double_value, integer_value (i64),
// string_value, bool_value, struct_value{map fields} and list_value{repeated values}.
//
// Integer lexemes stay integers while they fit i64, every other number is a double: 1 and 1.0 come back as they
// were written. A null is stored as one, since in an update it deletes the key.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"

namespace vecgate::runtime {

template <class M>
bool ReadValue(JsonReader& reader, const JsonValue& value, M* message) {
  switch (value.kind()) {
    case Kind::kNull:
      message->set_null_value(decltype(message->null_value()){});
      return true;
    case Kind::kBool:
      message->set_bool_value(value.AsBool());
      return true;
    case Kind::kInteger:
      message->set_integer_value(value.AsInteger());
      return true;
    case Kind::kUnsigned:
    case Kind::kDouble:
      message->set_double_value(value.AsDouble());
      return true;
    case Kind::kString: {
      const std::string_view text = value.AsString();
      message->set_string_value(text.data(), text.size());
      return true;
    }
    case Kind::kArray: {
      auto* values = message->mutable_list_value()->mutable_values();
      values->Reserve(static_cast<int>(value.size()));
      for (ArrayCursor element(value); !element.Done(); element.Advance()) {
        if (!ReadValue(reader, element.value(), values->Add())) return false;
      }
      return true;
    }
    case Kind::kObject: {
      auto& fields = *message->mutable_struct_value()->mutable_fields();
      for (ObjectCursor member(value); !member.Done(); member.Advance()) {
        M& field = fields[std::string(member.key())];
        field.Clear();  // the last of equal keys counts
        if (!ReadValue(reader, member.value(), &field)) return false;
      }
      return true;
    }
  }
  return true;
}

template <class M>
void WriteValue(const M& message, JsonWriter& writer);

// Prints a map of values in the order of its keys' bytes: the map itself has no order to keep.
template <class Fields>
void WriteValueMap(const Fields& fields, JsonWriter& writer) {
  std::vector<typename Fields::const_pointer> members;
  members.reserve(fields.size());
  for (const auto& member : fields) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  writer.StartObject();
  for (const auto* member : members) {
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
