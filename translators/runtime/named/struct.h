// Struct, ListValue, Value: JSON as protobuf's own messages keep it. All numbers are doubles; null is a value.
#pragma once

#include <google/protobuf/struct.pb.h>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"

namespace vecgate::runtime {

// Of equal keys the last one counts.
bool ReadStruct(JsonReader& reader, const JsonValue& value, google::protobuf::Struct* message);
bool ReadListValue(JsonReader& reader, const JsonValue& value, google::protobuf::ListValue* message);
bool ReadValue(JsonReader& reader, const JsonValue& value, google::protobuf::Value* message);

// Members in the order of their keys' bytes.
void WriteStruct(const google::protobuf::Struct& message, JsonWriter& writer);
void WriteListValue(const google::protobuf::ListValue& message, JsonWriter& writer);
void WriteValue(const google::protobuf::Value& message, JsonWriter& writer);

}  // namespace vecgate::runtime
