// PointId: an unsigned integer or a UUID. M is a message with the oneof members `num` (u64) and `uuid` (text).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/json_reader.h"
#include "runtime/json_writer.h"
#include "runtime/named/uuid.h"

namespace vecgate::runtime {

bool FailPointId(JsonReader& reader, const JsonValue& value);
// The UUID whose bytes a list of sixteen integers 0..255 gives; empty when it is no such list.
std::string UuidOfBytes(const JsonValue& list);
// Decimal digits, a leading '+' and zeros included. False for anything else and beyond u64.
bool ParsePointNumber(std::string_view text, uint64_t* number);

// In a body: an integer, or a UUID in any spelling, passed on as it was written. A text of digits is no id here.
template <class M>
bool ReadPointId(JsonReader& reader, const JsonValue& value, M* id) {
  switch (value.kind()) {
    case Kind::kUnsigned:
      id->set_num(value.AsUnsigned());
      return true;
    case Kind::kInteger:
      if (value.AsInteger() < 0) return FailPointId(reader, value);
      id->set_num(value.AsUnsigned());
      return true;
    case Kind::kString:
      if (!IsUuid(value.AsString())) return FailPointId(reader, value);
      id->set_uuid(std::string(value.AsString()));
      return true;
    case Kind::kArray: {
      // The database's UUID reader takes the sixteen bytes as numbers, too.
      const std::string uuid = UuidOfBytes(value);
      if (uuid.empty()) return FailPointId(reader, value);
      id->set_uuid(uuid);
      return true;
    }
    default:
      return FailPointId(reader, value);
  }
}

// In a URL, where a number is text as well. The rules of the route word the failure.
template <class M>
bool ReadPointIdText(JsonReader& reader, const JsonValue& value, M* id) {
  if (value.kind() != Kind::kString) return reader.FailType(value, "a string");
  const std::string_view text = value.AsString();
  uint64_t number;
  if (ParsePointNumber(text, &number)) {
    id->set_num(number);
    return true;
  }
  if (!IsUuid(text)) return reader.FailText(value, "not a point id");
  id->set_uuid(CanonicalUuid(text));
  return true;
}

template <class M>
void WritePointId(const M& id, JsonWriter& writer) {
  switch (id.point_id_options_case()) {
    case M::kNum:
      return writer.Uint64(id.num());
    case M::kUuid:
      return writer.String(id.uuid());
    case M::POINT_ID_OPTIONS_NOT_SET:
      return writer.Null();
  }
}

// The id in texts: a number, or the UUID in its canonical spelling.
template <class M>
std::string PointIdDisplay(const M& id) {
  return id.point_id_options_case() == M::kUuid ? CanonicalUuid(id.uuid()) : std::to_string(id.num());
}

}  // namespace vecgate::runtime
