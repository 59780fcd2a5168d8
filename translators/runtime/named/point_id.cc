#include "runtime/named/point_id.h"

#include <charconv>
#include <system_error>

#include "runtime/concat.h"
#include "runtime/named/debug_text.h"

namespace vecgate::runtime {

bool FailPointId(JsonReader& reader, const JsonValue& value) {
  if (!reader.exact()) return reader.FailText(value, {});
  return reader.FailText(value,
                         Concat("value ", RustText(value),
                                " is not a valid point ID, valid values are either an unsigned integer or a UUID"));
}

std::string UuidOfBytes(const JsonValue& list) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string uuid;
  size_t bytes = 0;
  for (ArrayCursor cursor(list); !cursor.Done(); cursor.Advance()) {
    const JsonValue value = cursor.value();
    if (value.kind() != Kind::kInteger || value.AsInteger() < 0 || value.AsInteger() > 255 || ++bytes > 16) return {};
    if (bytes == 5 || bytes == 7 || bytes == 9 || bytes == 11) uuid += '-';
    uuid += kHex[value.AsInteger() >> 4];
    uuid += kHex[value.AsInteger() & 15];
  }
  return bytes == 16 ? uuid : std::string();
}

bool ParsePointNumber(std::string_view text, uint64_t* number) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *number);
  return error == std::errc() && stop == end;
}

}  // namespace vecgate::runtime
