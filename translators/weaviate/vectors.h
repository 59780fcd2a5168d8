// Vectors: lists of numbers in JSON, packed little-endian floats in messages. A multi vector, a list of such lists,
// has the dimension of its rows as two bytes before them.
#pragma once

#include <weaviate/v1/base.pb.h>

#include <string>
#include <string_view>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"

namespace vecgate::translators::weaviate {

// A list of numbers; appends to `bytes`. `structure`: the Go struct that has the field, for texts. The hot path of writes.
bool ReadVector(runtime::JsonReader& reader, const runtime::JsonValue& value, std::string_view structure,
                std::string* bytes);
// A list of numbers or of such lists: sets type and bytes.
bool ReadVectors(runtime::JsonReader& reader, const runtime::JsonValue& value, std::string_view structure,
                 ::weaviate::v1::Vectors* vectors);

// Prints packed floats. The hot path of reads.
void WriteVector(std::string_view bytes, runtime::JsonWriter& writer);
void WriteVectors(const ::weaviate::v1::Vectors& vectors, runtime::JsonWriter& writer);

}  // namespace vecgate::translators::weaviate
