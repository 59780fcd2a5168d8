// Timestamp: a google.protobuf.Timestamp (or any message with `seconds` and `nanos`) as a text in JSON.
// DatetimeText: a string field that holds such a text as the client wrote it.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"
#include "runtime/named/datetime_parse.h"

namespace vecgate::runtime {

bool ReadDatetime(JsonReader& reader, const JsonValue& value, int64_t* seconds, int32_t* nanos);

template <class M>
bool ReadTimestamp(JsonReader& reader, const JsonValue& value, M* timestamp) {
  int64_t seconds;
  int32_t nanos;
  if (!ReadDatetime(reader, value, &seconds, &nanos)) return false;
  timestamp->set_seconds(seconds);
  timestamp->set_nanos(nanos);
  return true;
}

template <class M>
void WriteTimestamp(const M& timestamp, JsonWriter& writer) {
  writer.String(DatetimeDisplay(timestamp.seconds(), timestamp.nanos()));
}

bool ReadDatetimeText(JsonReader& reader, const JsonValue& value, std::string* text);
inline void WriteDatetimeText(const std::string& text, JsonWriter& writer) { writer.String(text); }

}  // namespace vecgate::runtime
