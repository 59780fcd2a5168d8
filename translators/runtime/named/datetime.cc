#include "runtime/named/datetime.h"

#include "runtime/concat.h"

namespace vecgate::runtime {

bool ReadDatetime(JsonReader& reader, const JsonValue& value, int64_t* seconds, int32_t* nanos) {
  if (value.kind() != Kind::kString) return reader.FailType(value, "a string");
  const std::string_view text = value.AsString();
  if (ParseDatetime(text, seconds, nanos)) return true;
  return reader.FailText(value, Concat("'", text,
                                       "' does not match accepted datetime format (RFC3339). "
                                       "Example: 2014-01-01T00:00:00Z"));
}

bool ReadDatetimeText(JsonReader& reader, const JsonValue& value, std::string* text) {
  int64_t seconds;
  int32_t nanos;
  if (!ReadDatetime(reader, value, &seconds, &nanos)) return false;
  text->assign(value.AsString());
  return true;
}

}  // namespace vecgate::runtime
