#include "weaviate/json_body.h"

#include <algorithm>

#include "runtime/concat.h"
#include "runtime/document_use.h"
#include "runtime/utf8.h"
#include "weaviate/go_scanner.h"
#include "weaviate/go_values.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::JsonDocument;
using runtime::JsonReader;
using Read = std::function<bool(JsonReader&, const runtime::JsonValue&)>;

int HexDigit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

// The character of an escape "\uXXXX" at the front of `text`; -1: there is none.
int EscapedUnit(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return -1;
  int unit = 0;
  for (size_t i = 2; i < 6; ++i) unit = unit * 16 + HexDigit(text[i]);
  return unit;
}

bool IsHighSurrogate(int unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool IsLowSurrogate(int unit) { return unit >= 0xDC00 && unit < 0xE000; }

// A JSON text that the scanner took, with U+FFFD for what is no character.
std::string Mended(std::string_view json) {
  const std::string utf8 = runtime::Utf8Text(json);
  std::string mended;
  std::string_view rest = utf8;
  while (!rest.empty()) {
    const size_t escape = rest.find('\\');
    mended += rest.substr(0, escape);
    if (escape == std::string_view::npos) break;
    rest.remove_prefix(escape);
    const int unit = EscapedUnit(rest);
    size_t size = unit < 0 ? 2 : 6;
    if (IsHighSurrogate(unit) && IsLowSurrogate(EscapedUnit(rest.substr(6)))) {
      size = 12;
    } else if (IsHighSurrogate(unit) || IsLowSurrogate(unit)) {
      mended += "\\ufffd";
      rest.remove_prefix(size);
      continue;
    }
    mended += rest.substr(0, size);
    rest.remove_prefix(size);
  }
  return mended;
}

// What Go takes and we do not: numbers beyond a double, and texts nested more deeply.
std::string BeyondUs(std::string_view json, const runtime::SyntaxError& error) {
  if (error.text != "number out of range") return "exceeded max depth";
  // The place is the number's end.
  constexpr std::string_view kNumber = "0123456789+-.eE";
  const std::string_view before = json.substr(0, json.find_first_not_of(kNumber, std::min(error.offset, json.size())));
  const size_t begin = before.find_last_not_of(kNumber) + 1;
  return runtime::Concat("json: cannot unmarshal number ", before.substr(begin), " into Go value of type float64");
}

BodyFault FaultOf(const JsonReader& reader) {
  if (reader.refused() == 0) return {BodyFault::Kind::kParsing, 400, reader.error_text()};
  if (reader.refused() >= kFirstValidationCode)
    return {BodyFault::Kind::kValidation, reader.refused(), reader.error_text()};
  return {BodyFault::Kind::kRefused, reader.refused(), reader.error_text()};
}

std::optional<BodyFault> ReadExactly(const runtime::Api& api, std::string_view body, JsonDocument& document,
                                     const Read& read) {
  const GoScan scan = ScanFirstValue(body);
  if (scan.error == "EOF") return BodyFault{BodyFault::Kind::kValidation, kRequired, "body in body is required"};
  if (!scan.error.empty()) return BodyFault{BodyFault::Kind::kParsing, 400, scan.error};
  runtime::SyntaxError error;
  std::string mended;
  if (!document.ParseExact(body.substr(0, scan.end), &error)) {
    mended = Mended(body.substr(0, scan.end));
    if (!document.ParseExact(mended, &error)) return BodyFault{BodyFault::Kind::kParsing, 400, BeyondUs(mended, error)};
  }
  JsonReader reader(true, api.spec().texts);
  if (read(reader, document.root())) return std::nullopt;
  return FaultOf(reader);
}

}  // namespace

std::optional<BodyFault> ReadJsonBody(const runtime::Api& api, std::string_view body, const Read& read) {
  const runtime::DocumentUse use(api.max_depth());
  JsonDocument& document = use.document();
  if (document.ParseFast(body)) {
    JsonReader reader(false, api.spec().texts);
    if (read(reader, document.root())) return std::nullopt;
  }
  return ReadExactly(api, body, document, read);
}

}  // namespace vecgate::translators::weaviate
