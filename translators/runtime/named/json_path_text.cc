#include "runtime/named/json_path_text.h"

#include <absl/strings/ascii.h>

#include <charconv>
#include <cstdint>
#include <system_error>

#include "runtime/concat.h"

namespace vecgate::runtime {
namespace {

// Of the letters outside ASCII none is turned away: which of those characters are letters is the server's to say.
bool IsKeyByte(unsigned char c) { return c >= 0x80 || absl::ascii_isalnum(c) || c == '_' || c == '-'; }

bool TakeKey(std::string_view* text) {
  if (text->starts_with('"')) {
    const size_t close = text->find('"', 1);
    if (close == std::string_view::npos) return false;
    text->remove_prefix(close + 1);
    return true;
  }
  size_t size = 0;
  while (size < text->size() && IsKeyByte(static_cast<unsigned char>((*text)[size]))) ++size;
  text->remove_prefix(size);
  return size > 0;
}

// "3]" or "]".
bool TakeIndex(std::string_view* text) {
  const size_t close = text->find(']');
  if (close == std::string_view::npos) return false;
  const char* const end = text->data() + close;
  uint64_t index;
  if (close > 0) {
    const auto [stop, error] = std::from_chars(text->data(), end, index);
    if (error != std::errc() || stop != end) return false;
  }
  text->remove_prefix(close + 1);
  return true;
}

}  // namespace

bool IsJsonPath(std::string_view text) {
  if (!TakeKey(&text)) return false;
  while (!text.empty()) {
    const char separator = text.front();
    text.remove_prefix(1);
    if (separator == '.' ? !TakeKey(&text) : separator != '[' || !TakeIndex(&text)) return false;
  }
  return true;
}

bool ReadJsonPathText(JsonReader& reader, const JsonValue& value, std::string* path) {
  if (value.kind() != Kind::kString) return reader.FailType(value, "a string");
  const std::string_view text = value.AsString();
  if (!IsJsonPath(text)) return reader.FailText(value, Concat("Invalid json path: '", text, "'"));
  path->assign(text);
  return true;
}

}  // namespace vecgate::runtime
