// Objects told again as they were sent, in the form that the server gives to what it stores.
#pragma once

#include <weaviate/v1/batch.pb.h>

#include <cstdint>
#include <string_view>

#include "runtime/json_writer.h"
#include "weaviate/class_schema.h"

namespace vecgate::translators::weaviate {

struct EchoForm {
  std::string_view id;
  int64_t time = 0;                     // when it was written, in milliseconds
  // Tells of what kind the properties are: ids, dates, coordinates and references are told in their normal form.
  // Telephone numbers, which only the server understands, stay as they are. Null: all stay as they are.
  const ClassSchema* schema = nullptr;
  bool stored = true;
  bool valid = true;                    // else its properties are told just as they were sent
  std::string_view odd_properties;      // what was sent in place of them, as JSON; empty: an object
};

// Members of the object, in an object that is open.
void WriteObjectEcho(const ::weaviate::v1::BatchObject& object, const EchoForm& form, runtime::JsonWriter& writer);

// Now, as objects have it.
int64_t Milliseconds();

}  // namespace vecgate::translators::weaviate
