// Runtime functions that rules call by name: `runtime: "PointId"` calls ReadPointId and WritePointId.
// For what the rule language cannot say. They work on messages through templates over the message type, so the
// runtime does not depend on any upstream's schema; each is tested on its own.
//
//   template <class M> bool Read<Name>(JsonReader&, const JsonValue&, M*)
//   template <class M> void Write<Name>(const M&, JsonWriter&)
#pragma once

#include "runtime/named/datetime.h"      // Timestamp (message), DatetimeText (string field)
#include "runtime/named/json_path_text.h" // JsonPathText (string field)
#include "runtime/named/point_batch.h"   // PointBatch (columns of ids, vectors, payloads -> points)
#include "runtime/named/point_id.h"      // PointId, PointIdText (path variable)
#include "runtime/named/value.h"         // Value (any JSON)
#include "runtime/named/vector_output.h" // VectorOutput (vectors of servers that fill the old fields)
