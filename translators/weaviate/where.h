// The where filter.
//
// Filters on the id go to `_id`, and times, which are milliseconds in texts, to RFC 3339: what gRPC takes.
#pragma once

#include <weaviate/v1/base.pb.h>

#include <cstdint>
#include <string_view>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"

namespace vecgate::translators::weaviate {

// In GraphQL values may stand as lists under the plain names (valueText: ["a"]), and what is to be a list as a lone value.
enum class WhereForm : uint8_t { kRest, kGraphQl };

// `structure`: the Go struct that has the filter, for texts. What the server refuses is refused in its words: an unknown operator as kNotInEnum (go_values.h), all else, such as a
// clause without a value, as 422 with "invalid where filter: ...", to be put behind what the door says first.
bool ReadWhere(runtime::JsonReader& reader, const runtime::JsonValue& value, WhereForm form, std::string_view structure,
               ::weaviate::v1::Filters* filters);

// Prints a filter that was read as the server's replies tell it again: with operands and path in every clause, null
// where there are none.
void WriteWhereEcho(const runtime::JsonValue& value, runtime::JsonWriter& writer);

}  // namespace vecgate::translators::weaviate
