// Objects in requests: what the REST API calls an Object, as gRPC's BatchObject.
#pragma once

#include <weaviate/v1/batch.pb.h>

#include <string>

#include "runtime/json_reader.h"

namespace vecgate::translators::weaviate {

// What the message has no place for.
struct ObjectExtras {
  std::string id_as_given;      // when it is spelled otherwise than the message's; empty: it is not, or none was given
  bool has_id = false;
  std::string properties_fault;  // the properties are no object; empty: they are, or there are none
  std::string odd_properties;    // then: what they are, as JSON
};

// `value` is an object. An id that was not given is made up. `list`: what stands before the object's own path in the
// validation's texts ("body." in a batch, else nothing).
bool ReadObject(runtime::JsonReader& reader, const runtime::JsonValue& value, std::string_view list,
                ::weaviate::v1::BatchObject* object, ObjectExtras* extras);

}  // namespace vecgate::translators::weaviate
