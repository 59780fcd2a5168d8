// JSON values in the wire format of an API's own message for any JSON (Value, Struct, ListValue).
//
// Payloads go to the server as they came and nothing between looks into them, so no messages are made of them: their
// bytes stand in the request as fields that it does not know by name.
//
// A map of values is one such field: the bytes of its first entry, and behind them, within the same length, all further
// entries with tag and length of their own. One string for a whole payload is what makes this cheap; WriteRequest
// (request_bytes.h) sets the first length right when the request is serialized.
#pragma once

#include <google/protobuf/unknown_field_set.h>

#include <cstdint>
#include <utility>

#include "runtime/json_reader.h"

namespace vecgate::runtime {

// Numbers of the fields of such messages; all below 16, so that a tag takes one byte.
struct ValueFields {
  uint8_t null_value, bool_value, integer_value, double_value, string_value, struct_value, list_value;
  uint8_t struct_fields;  // the map
  uint8_t list_values;
};

template <class M>
constexpr ValueFields ValueFieldsOf() {
  using Struct = std::decay_t<decltype(std::declval<const M&>().struct_value())>;
  using List = std::decay_t<decltype(std::declval<const M&>().list_value())>;
  constexpr int kNumbers[] = {M::kNullValueFieldNumber,    M::kBoolValueFieldNumber,   M::kIntegerValueFieldNumber,
                              M::kDoubleValueFieldNumber,  M::kStringValueFieldNumber, M::kStructValueFieldNumber,
                              M::kListValueFieldNumber,    Struct::kFieldsFieldNumber, List::kValuesFieldNumber};
  static_assert([&] {
    for (const int number : kNumbers) {
      if (number >= 16) return false;
    }
    return true;
  }());
  return {kNumbers[0], kNumbers[1], kNumbers[2], kNumbers[3], kNumbers[4],
          kNumbers[5], kNumbers[6], kNumbers[7], kNumbers[8]};
}

// The value as the fields of a Value. Integers without '.' or exponent within i64 stay integers; any other number is a
// double; null is a value.
void AddValue(JsonReader& reader, const JsonValue& value, const ValueFields& fields,
              google::protobuf::UnknownFieldSet* to);

// The members of `object` as the entries of the map `number`, in the text's order: of equal keys the server keeps the
// last. Without members there is no field.
void AddValueMap(JsonReader& reader, const JsonValue& object, const ValueFields& fields, int number,
                 google::protobuf::UnknownFieldSet* to);

}  // namespace vecgate::runtime
