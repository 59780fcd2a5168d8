// Property values as the server's replies print them.
#pragma once

#include <weaviate/v1/properties.pb.h>
#include <weaviate/v1/search_get.pb.h>

#include <cstdint>
#include <span>

#include "runtime/json_writer.h"

namespace vecgate::translators::weaviate {

// The forms differ in what is not there:
//   kObject   an object of the REST API: null properties left out, null members of nested objects printed, members of
//             phone numbers left out when empty
//   kSearch   a hit of the REST search: as kObject, null members of nested objects left out, too
//   kGraphQl  all printed: nulls as null, the empty members of phone numbers as well
enum class ValueForm : uint8_t { kObject, kSearch, kGraphQl };

// Null for a value that is not set.
void WriteValue(const ::weaviate::v1::Value& value, ValueForm form, runtime::JsonWriter& writer);
inline bool IsNull(const ::weaviate::v1::Value& value) {
  return value.kind_case() == ::weaviate::v1::Value::KIND_NOT_SET ||
         value.kind_case() == ::weaviate::v1::Value::kNullValue;
}

// An object; members in the order of their names.
void WriteProperties(const ::weaviate::v1::Properties& properties, ValueForm form, runtime::JsonWriter& writer);

// What one object refers to with one property, as the REST API tells it: a list of {"beacon", "href"}. The parts come
// from requests for one target collection each.
void WriteReferences(std::span<const ::weaviate::v1::RefPropertiesResult* const> parts, runtime::JsonWriter& writer);

// Distance as the certainty that the REST API and GraphQL tell of it.
inline double CertaintyOf(float distance) { return 1 - static_cast<double>(distance) / 2; }

}  // namespace vecgate::translators::weaviate
