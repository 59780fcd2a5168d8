#include "runtime/json_writer.h"

#include <array>
#include <cstring>

namespace vecgate::runtime {
namespace {

constexpr size_t kLongestNumber = 32;

// What stands for a byte in a JSON string: 0 the byte itself, 'u' \u00xx, else the letter behind the backslash.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> escapes{};
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

char EscapeOf(char c) { return kEscapes[static_cast<unsigned char>(c)]; }

// Of eight bytes at once: does any need an escape? Each test leaves the top bit of a byte's lane set.
bool NeedsEscape(uint64_t bytes) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kTops = 0x8080808080808080;
  const uint64_t control = bytes - kOnes * 0x20;
  const uint64_t quote = (bytes ^ kOnes * '"') - kOnes;
  const uint64_t backslash = (bytes ^ kOnes * '\\') - kOnes;
  return ((control | quote | backslash) & ~bytes & kTops) != 0;
}

// Number of leading bytes that need no escape.
size_t CleanRun(std::string_view text) {
  size_t at = 0;
  for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
    uint64_t bytes;
    std::memcpy(&bytes, text.data() + at, sizeof(bytes));
    if (NeedsEscape(bytes)) break;
  }
  while (at < text.size() && EscapeOf(text[at]) == 0) ++at;
  return at;
}

void AppendEscape(char c, OutputBuffer& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const char escape = EscapeOf(c);
  out.Put('\\');
  out.Put(escape);
  if (escape != 'u') return;
  out.Append("00");
  out.Put(kHex[static_cast<unsigned char>(c) >> 4]);
  out.Put(kHex[static_cast<unsigned char>(c) & 0xF]);
}

}  // namespace

void AppendQuoted(std::string_view text, OutputBuffer& out) {
  out.Put('"');
  for (;;) {
    const size_t run = CleanRun(text);
    out.Append(text.substr(0, run));
    if (run == text.size()) break;
    AppendEscape(text[run], out);
    text.remove_prefix(run + 1);
  }
  out.Put('"');
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
  AppendQuoted(value, out_);
}

void JsonWriter::Float(float value) {
  writer_.RawValue("", 0, rapidjson::kNumberType);
  char* at = out_.Reserve(kLongestNumber);
  out_.Commit(static_cast<size_t>(FormatFloat(value, at) - at));
}

void JsonWriter::Double(double value) {
  writer_.RawValue("", 0, rapidjson::kNumberType);
  char* at = out_.Reserve(kLongestNumber);
  out_.Commit(static_cast<size_t>(FormatDouble(value, at) - at));
}

void JsonWriter::Floats(const google::protobuf::RepeatedField<float>& values) {
  writer_.RawValue("", 0, rapidjson::kArrayType);
  // Room is taken for a stretch of numbers at a time, each with its comma.
  constexpr size_t kStretch = 64;
  out_.Put('[');
  std::span<const float> rest(values.data(), static_cast<size_t>(values.size()));
  while (!rest.empty()) {
    const std::span<const float> stretch = rest.first(std::min(rest.size(), kStretch));
    rest = rest.subspan(stretch.size());
    char* const begin = out_.Reserve(kStretch * (kLongestNumber + 1));
    const char* const end = FormatFloats(stretch, begin);
    const size_t last_comma = rest.empty() ? 1 : 0;
    out_.Commit(static_cast<size_t>(end - begin) - last_comma);
  }
  out_.Put(']');
}

void JsonWriter::Raw(std::string_view json) {
  writer_.RawValue("", 0, rapidjson::kNullType);
  out_.Append(json);
}

}  // namespace vecgate::runtime
