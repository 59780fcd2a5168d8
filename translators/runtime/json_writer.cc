#include "runtime/json_writer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace vecgate::runtime {
namespace {

constexpr size_t kLongestNumber = 32;

// What stands for a byte in a JSON string: 0 the byte itself, 'u' \u00xx, 's' see below, else the letter behind the
// backslash.
using Escapes = std::array<char, 256>;

constexpr Escapes kSerdeEscapes = [] {
  Escapes escapes{};
  for (int c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}();

// The first byte of the separators U+2028 and U+2029, in UTF-8 E2 80 A8 and E2 80 A9; other characters begin with it too.
constexpr char kSeparatorStart = '\xE2';

constexpr Escapes kGoEscapes = [] {
  Escapes escapes = kSerdeEscapes;
  for (const char c : {'<', '>', '&'}) escapes[static_cast<unsigned char>(c)] = 'u';
  escapes[static_cast<unsigned char>(kSeparatorStart)] = 's';
  return escapes;
}();

char EscapeOf(char c, const Escapes& escapes) { return escapes[static_cast<unsigned char>(c)]; }

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kTops = 0x8080808080808080;

// Leaves the top bit of a byte's lane set where the byte is `c`, and perhaps in lanes above such a one.
constexpr uint64_t Matches(uint64_t bytes, char c) {
  return (bytes ^ kOnes * static_cast<unsigned char>(c)) - kOnes;
}

// Of eight bytes at once: may any need an escape?
template <JsonStyle kStyle>
bool MayNeedEscape(uint64_t bytes) {
  uint64_t found = (bytes - kOnes * 0x20) | Matches(bytes, '"') | Matches(bytes, '\\');
  if constexpr (kStyle == JsonStyle::kGo) {
    found |= Matches(bytes, '<') | Matches(bytes, '>') | Matches(bytes, '&');
    // Whatever begins with the byte in question is looked at more closely.
    const uint64_t separator = bytes ^ kOnes * static_cast<unsigned char>(kSeparatorStart);
    if (((separator - kOnes) & ~separator & kTops) != 0) return true;
  }
  return (found & ~bytes & kTops) != 0;
}

bool IsSeparator(std::string_view text) {
  return text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9");
}

// Number of leading bytes that need no escape.
template <JsonStyle kStyle>
size_t CleanRun(std::string_view text) {
  constexpr const Escapes& kEscapes = kStyle == JsonStyle::kGo ? kGoEscapes : kSerdeEscapes;
  size_t at = 0;
  for (;;) {
    for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
      uint64_t bytes;
      std::memcpy(&bytes, text.data() + at, sizeof(bytes));
      if (MayNeedEscape<kStyle>(bytes)) break;
    }
    while (at < text.size() && EscapeOf(text[at], kEscapes) == 0) ++at;
    if (at == text.size() || EscapeOf(text[at], kEscapes) != 's' || IsSeparator(text.substr(at))) return at;
    ++at;
  }
}

// Returns how many bytes it stands for.
size_t AppendEscape(std::string_view text, const Escapes& escapes, OutputBuffer& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const char c = text.front();
  const char escape = EscapeOf(c, escapes);
  if (escape == 's') {
    out.Append(text[2] == '\xA8' ? "\\u2028" : "\\u2029");
    return 3;
  }
  out.Put('\\');
  out.Put(escape);
  if (escape != 'u') return 1;
  out.Append("00");
  out.Put(kHex[static_cast<unsigned char>(c) >> 4]);
  out.Put(kHex[static_cast<unsigned char>(c) & 0xF]);
  return 1;
}

template <JsonStyle kStyle>
void Quote(std::string_view text, OutputBuffer& out) {
  out.Put('"');
  for (;;) {
    const size_t run = CleanRun<kStyle>(text);
    out.Append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) break;
    text.remove_prefix(AppendEscape(text, kStyle == JsonStyle::kGo ? kGoEscapes : kSerdeEscapes, out));
  }
  out.Put('"');
}

}  // namespace

void AppendQuoted(std::string_view text, OutputBuffer& out, JsonStyle style) {
  style == JsonStyle::kGo ? Quote<JsonStyle::kGo>(text, out) : Quote<JsonStyle::kSerde>(text, out);
}

// RawValue without text makes RapidJSON write what stands before a value; the value itself is appended here.

void JsonWriter::Key(std::string_view key) {
  writer_.RawValue("", 0, rapidjson::kStringType);
  char* at = out_.Reserve(key.size() + 2);
  *at++ = '"';
  std::memcpy(at, key.data(), key.size());
  at[key.size()] = '"';
  out_.Commit(key.size() + 2);
}

void JsonWriter::String(std::string_view value) {
  writer_.RawValue("", 0, rapidjson::kStringType);
  AppendQuoted(value, out_, style_);
}

void JsonWriter::Float(float value) {
  writer_.RawValue("", 0, rapidjson::kNumberType);
  char* at = out_.Reserve(kLongestNumber);
  out_.Commit(static_cast<size_t>(FormatFloat(value, at, style_) - at));
}

void JsonWriter::Double(double value) {
  writer_.RawValue("", 0, rapidjson::kNumberType);
  char* at = out_.Reserve(kLongestNumber);
  out_.Commit(static_cast<size_t>(FormatDouble(value, at, style_) - at));
}

// Room is taken for a stretch of numbers at a time, each with its comma.
constexpr size_t kStretch = 64;

void JsonWriter::Floats(const google::protobuf::RepeatedField<float>& values) {
  writer_.RawValue("", 0, rapidjson::kArrayType);
  out_.Put('[');
  std::span<const float> rest(values.data(), static_cast<size_t>(values.size()));
  while (!rest.empty()) {
    const std::span<const float> stretch = rest.first(std::min(rest.size(), kStretch));
    rest = rest.subspan(stretch.size());
    PutStretch(stretch, rest.empty());
  }
  out_.Put(']');
}

void JsonWriter::PackedFloats(std::string_view bytes) {
  static_assert(std::endian::native == std::endian::little);
  writer_.RawValue("", 0, rapidjson::kArrayType);
  out_.Put('[');
  // The bytes stand where they like; floats do not.
  float stretch[kStretch];
  size_t rest = bytes.size() / sizeof(float);
  const char* at = bytes.data();
  while (rest > 0) {
    const size_t count = std::min(rest, kStretch);
    std::memcpy(stretch, at, count * sizeof(float));
    at += count * sizeof(float);
    rest -= count;
    PutStretch({stretch, count}, rest == 0);
  }
  out_.Put(']');
}

void JsonWriter::PutStretch(std::span<const float> stretch, bool last) {
  char* const begin = out_.Reserve(kStretch * (kLongestNumber + 1));
  const char* const end = FormatFloats(stretch, begin, style_);
  out_.Commit(static_cast<size_t>(end - begin) - (last ? 1 : 0));
}

void JsonWriter::Raw(std::string_view json) {
  writer_.RawValue("", 0, rapidjson::kNullType);
  out_.Append(json);
}

}  // namespace vecgate::runtime
