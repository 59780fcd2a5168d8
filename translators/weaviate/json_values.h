// Any JSON: to and from the message that stands for it, and printed again.
#pragma once

#include <google/protobuf/struct.pb.h>

#include "runtime/json_reader.h"
#include "runtime/json_value.h"
#include "runtime/json_writer.h"

namespace vecgate::translators::weaviate {

// Numbers are doubles. Of a key that is given twice the last value counts. The hot path of writes.
void ReadStruct(const runtime::JsonValue& object, google::protobuf::Struct* out);

// Members in the order of their names; top-level ones that are null only when `nulls`.
void WriteStruct(const google::protobuf::Struct& object, bool nulls, runtime::JsonWriter& writer);

void WriteJson(const runtime::JsonValue& value, runtime::JsonWriter& writer);

}  // namespace vecgate::translators::weaviate
