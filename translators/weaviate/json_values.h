// Any JSON printed again.
#pragma once

#include "runtime/json_value.h"
#include "runtime/json_writer.h"

namespace vecgate::translators::weaviate {

void WriteJson(const runtime::JsonValue& value, runtime::JsonWriter& writer);

}  // namespace vecgate::translators::weaviate
