#include "runtime/error_text.h"

#include "runtime/concat.h"
#include "runtime/float_format.h"

namespace vecgate::runtime {
namespace {

std::string DescribeDouble(double value, Phrasing phrasing) {
  if (phrasing == Phrasing::kSerde) return JsonText(value);
  std::string text = PlainText(value);
  if (text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::string Join(std::span<const std::string_view> words, std::string_view separator) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

// serde's list of alternatives: `a` · `a` or `b` · one of `a`, `b`, `c`.
std::string Alternatives(std::span<const std::string_view> known) {
  if (known.size() == 1) return Concat("`", known[0], "`");
  if (known.size() == 2) return Concat("`", known[0], "` or `", known[1], "`");
  return Concat("one of `", Join(known, "`, `"), "`");
}

}  // namespace

std::string DebugText(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        quoted += {'\\', c};
        break;
      case '\n':
        quoted += "\\n";
        break;
      case '\r':
        quoted += "\\r";
        break;
      case '\t':
        quoted += "\\t";
        break;
      case '\0':
        quoted += "\\0";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
          constexpr std::string_view kHex = "0123456789abcdef";
          const auto byte = static_cast<unsigned char>(c);
          quoted += "\\u{";
          if (byte >= 0x10) quoted += kHex[byte >> 4];
          quoted += {kHex[byte & 0xF], '}'};
        } else {
          quoted += c;
        }
    }
  }
  return quoted += '"';
}

std::string DescribeValue(const JsonValue& value, Phrasing phrasing) {
  switch (value.kind()) {
    case Kind::kNull:
      return phrasing == Phrasing::kSerde ? "null" : "unit value";
    case Kind::kBool:
      return Concat("boolean `", value.AsBool() ? "true" : "false", "`");
    case Kind::kInteger:
      return Concat("integer `", std::to_string(value.AsInteger()), "`");
    case Kind::kUnsigned:
      return Concat("integer `", std::to_string(value.AsUnsigned()), "`");
    case Kind::kDouble:
      return Concat("floating point `", DescribeDouble(value.AsDouble(), phrasing), "`");
    case Kind::kString:
      return Concat("string ", DebugText(value.AsString()));
    case Kind::kArray:
      return "sequence";
    case Kind::kObject:
      break;
  }
  return "map";
}

std::string InvalidText(std::string_view subject, const JsonValue& value, std::string_view expected,
                        Phrasing phrasing) {
  const std::string found = DescribeValue(value, phrasing);
  if (phrasing == Phrasing::kRephrased) return Concat("Invalid ", subject, " ", found, ". Expected ", expected);
  return Concat("invalid ", subject, ": ", found, ", expected ", expected);
}

std::string InvalidLengthText(size_t length, std::string_view expected, Phrasing phrasing) {
  if (phrasing == Phrasing::kRephrased)
    return Concat("Invalid length ", std::to_string(length), ". Expected ", expected);
  return Concat("invalid length ", std::to_string(length), ", expected ", expected);
}

std::string UnknownText(std::string_view what, std::string_view name, std::span<const std::string_view> known,
                        Phrasing phrasing) {
  if (phrasing == Phrasing::kRephrased) {
    return Concat("Unknown ", what, " ", name, ". Expected one of ", Join(known, ", "));
  }
  if (known.empty()) return Concat("unknown ", what, " `", name, "`, there are no ", what, "s");
  return Concat("unknown ", what, " `", name, "`, expected ", Alternatives(known));
}

std::string MissingText(std::string_view key, Phrasing phrasing) {
  if (phrasing == Phrasing::kRephrased) return Concat("Missing field ", key);
  return Concat("missing field `", key, "`");
}

std::string DuplicateText(std::string_view key, Phrasing phrasing) {
  if (phrasing == Phrasing::kRephrased) return Concat("Duplicate field ", key);
  return Concat("duplicate field `", key, "`");
}

}  // namespace vecgate::runtime
