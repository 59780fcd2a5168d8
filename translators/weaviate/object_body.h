// Objects in requests: what the REST API calls an Object, as gRPC's BatchObject.
#pragma once

#include <weaviate/v1/batch.pb.h>

#include <cstdint>
#include <string>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"

namespace vecgate::translators::weaviate {

// What the message has no place for.
struct ObjectExtras {
  std::string id_as_given;      // when it is spelled otherwise than the message's; empty: it is not, or none was given
  bool has_id = false;
  bool has_properties = false;
};

// `value` is an object. An id that was not given is made up. `list`: what stands before the object's own path in the
// validation's texts ("body." in a batch, else nothing).
bool ReadObject(runtime::JsonReader& reader, const runtime::JsonValue& value, std::string_view list,
                ::weaviate::v1::BatchObject* object, ObjectExtras* extras);

// Members of an object that is told again as it was sent, in an object that is open. Times in milliseconds.
void WriteObjectEcho(const ::weaviate::v1::BatchObject& object, std::string_view id, int64_t time,
                     runtime::JsonWriter& writer);

// Now, as objects have it.
int64_t Milliseconds();

}  // namespace vecgate::translators::weaviate
