#include "runtime/named/point_id.h"

#include <charconv>
#include <system_error>

#include "runtime/concat.h"
#include "runtime/named/debug_text.h"

namespace vecgate::runtime {

bool FailPointId(JsonReader& reader, const JsonValue& value) {
  if (!reader.exact()) return reader.FailText(value, {});
  return reader.FailText(value, Concat("value ", RustText(value),
                                       " is not a valid point ID, valid values are either an unsigned integer or a UUID"));
}

bool ParsePointNumber(std::string_view text, uint64_t* number) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *number);
  return error == std::errc() && stop == end;
}

}  // namespace vecgate::runtime
