#include "runtime/named/struct.h"

#include <string>

#include "runtime/named/value.h"

namespace vecgate::runtime {
namespace pb = google::protobuf;

namespace {

// Both are of the kind they must be.
bool ReadMembers(JsonReader& reader, const JsonValue& value, pb::Struct* message) {
  auto& fields = *message->mutable_fields();
  for (ObjectCursor member(value); !member.Done(); member.Advance()) {
    pb::Value& field = fields[std::string(member.key())];
    field.Clear();
    if (!ReadValue(reader, member.value(), &field)) return false;
  }
  return true;
}

bool ReadElements(JsonReader& reader, const JsonValue& value, pb::ListValue* message) {
  message->mutable_values()->Reserve(static_cast<int>(value.size()));
  for (ArrayCursor element(value); !element.Done(); element.Advance()) {
    if (!ReadValue(reader, element.value(), message->add_values())) return false;
  }
  return true;
}

}  // namespace

bool ReadStruct(JsonReader& reader, const JsonValue& value, pb::Struct* message) {
  return value.kind() == Kind::kObject ? ReadMembers(reader, value, message) : reader.FailType(value, "a map");
}

bool ReadListValue(JsonReader& reader, const JsonValue& value, pb::ListValue* message) {
  return value.kind() == Kind::kArray ? ReadElements(reader, value, message) : reader.FailType(value, "a sequence");
}

bool ReadValue(JsonReader& reader, const JsonValue& value, pb::Value* message) {
  switch (value.kind()) {
    case Kind::kNull: message->set_null_value(pb::NULL_VALUE); return true;
    case Kind::kBool: message->set_bool_value(value.AsBool()); return true;
    case Kind::kInteger:
    case Kind::kUnsigned:
    case Kind::kDouble: message->set_number_value(value.AsDouble()); return true;
    case Kind::kString: {
      const std::string_view text = value.AsString();
      message->set_string_value(text.data(), text.size());
      return true;
    }
    case Kind::kArray: return ReadElements(reader, value, message->mutable_list_value());
    case Kind::kObject: return ReadMembers(reader, value, message->mutable_struct_value());
  }
  return true;
}

void WriteStruct(const pb::Struct& message, JsonWriter& writer) {
  WriteValueMap(message.fields(), writer);
}

void WriteListValue(const pb::ListValue& message, JsonWriter& writer) {
  writer.StartArray();
  for (const pb::Value& element : message.values()) WriteValue(element, writer);
  writer.EndArray();
}

void WriteValue(const pb::Value& message, JsonWriter& writer) {
  switch (message.kind_case()) {
    case pb::Value::kNullValue:
    case pb::Value::KIND_NOT_SET: return writer.Null();
    case pb::Value::kBoolValue: return writer.Bool(message.bool_value());
    case pb::Value::kNumberValue: return writer.Double(message.number_value());
    case pb::Value::kStringValue: return writer.String(message.string_value());
    case pb::Value::kStructValue: return WriteStruct(message.struct_value(), writer);
    case pb::Value::kListValue: return WriteListValue(message.list_value(), writer);
  }
}

}  // namespace vecgate::runtime
