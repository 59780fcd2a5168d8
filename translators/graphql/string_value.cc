// Strings: escapes and blocks. Errors inside a string are located by characters, not bytes, from its start, as the
// server does.
#include <string>
#include <vector>

#include "graphql/lexer.h"

namespace vecgate::graphql {
namespace {

// -1: not four hexadecimal digits.
int32_t CodeUnit(std::string_view digits) {
  if (digits.size() != 4) return -1;
  int32_t unit = 0;
  for (const char c : digits) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

size_t Indent(std::string_view line) {
  const size_t indent = line.find_first_not_of(" \t");
  return indent == std::string_view::npos ? line.size() : indent;
}

// The lines without what they are all indented by (the first one aside), without blank ones at either end.
std::string BlockValue(std::string_view raw) {
  std::vector<std::string_view> lines;
  for (size_t begin = 0;;) {
    const size_t end = raw.find_first_of("\r\n", begin);
    lines.push_back(raw.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) break;
    begin = end + (raw.substr(end, 2) == "\r\n" ? 2 : 1);
  }
  size_t common = std::string_view::npos;
  for (size_t i = 1; i < lines.size(); ++i)
    if (const size_t indent = Indent(lines[i]); indent < lines[i].size() && indent < common) common = indent;
  if (common != std::string_view::npos)
    for (size_t i = 1; i < lines.size(); ++i) lines[i].remove_prefix(std::min(common, lines[i].size()));
  size_t first = 0;
  size_t last = lines.size();
  while (first < last && Indent(lines[first]) == lines[first].size()) ++first;
  while (first < last && Indent(lines[last - 1]) == lines[last - 1].size()) --last;
  std::string value;
  for (size_t i = first; i < last; ++i) {
    if (i > first) value += '\n';
    value += lines[i];
  }
  return value;
}

}  // namespace

// `*at` stands behind the backslash and is moved behind the escape; `place` is where an error would be.
bool Lexer::Escape(size_t* at, size_t place, std::string* value) {
  static constexpr std::string_view kNames = "\"/\\bfnrt";
  static constexpr std::string_view kMeant = "\"/\\\b\f\n\r\t";
  const Character escaped = At(*at);
  const size_t simple = escaped.code > 0 && escaped.code < 0x80 ? kNames.find(static_cast<char>(escaped.code)) : kNames.npos;
  if (simple != kNames.npos) {
    value->push_back(kMeant[simple]);
    *at += 1;
    return true;
  }
  if (escaped.code != 'u') {
    std::string text = "Invalid character escape sequence: \\\\";
    AppendUtf8(escaped.code < 0 ? 0xFFFD : static_cast<uint32_t>(escaped.code), &text);
    return Fail(place, text + ".");
  }
  const std::string_view digits = source_.substr(*at + 1, 4);
  const int32_t unit = CodeUnit(digits);
  if (unit < 0) return Fail(place, "Invalid character escape sequence: \\u" + std::string(digits));
  *at += 5;
  // Two halves of a surrogate pair make one character; a half alone makes none.
  if (unit >= 0xD800 && unit < 0xDC00 && source_.substr(*at, 2) == "\\u") {
    const int32_t low = CodeUnit(source_.substr(*at + 2, 4));
    if (low >= 0xDC00 && low < 0xE000) {
      *at += 6;
      AppendUtf8(0x10000u + (static_cast<uint32_t>(unit - 0xD800) << 10) + static_cast<uint32_t>(low - 0xDC00), value);
      return true;
    }
  }
  AppendUtf8(unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : static_cast<uint32_t>(unit), value);
  return true;
}

bool Lexer::String(Token* token) {
  token->kind = Token::Kind::kString;
  size_t at = at_ + 1;
  size_t place = at;
  size_t plain = at;   // from here on nothing is in `value`
  std::string value;
  for (;;) {
    const Character next = At(at);
    if (next.code == '"') break;
    if (next.code < 0 || next.code == '\n' || next.code == '\r') return Fail(place, "Unterminated string.");
    if (next.code < 0x20 && next.code != '\t')
      return Fail(place, "Invalid character within String: " + Shown(next.code) + ".");
    at += next.size;
    ++place;
    if (next.code != '\\') continue;
    value.append(source_, plain, at - 1 - plain);
    const size_t before = at;
    if (!Escape(&at, place, &value)) return false;
    place += at - before;
    plain = at;
  }
  const std::string_view rest = source_.substr(plain, at - plain);
  token->text = plain == at_ + 1 ? rest : Keep(value.append(rest));
  at_ = at + 1;
  return true;
}

bool Lexer::BlockString(Token* token) {
  token->kind = Token::Kind::kBlockString;
  size_t at = at_ + 3;
  size_t place = at;
  std::string raw;
  for (;;) {
    const Character next = At(at);
    if (next.code < 0) return Fail(place, "Unterminated string.");
    if (source_.substr(at, 3) == "\"\"\"") break;
    if (next.code < 0x20 && next.code != '\t' && next.code != '\n' && next.code != '\r')
      return Fail(place, "Invalid character within String: " + Shown(next.code) + ".");
    if (source_.substr(at, 4) == "\\\"\"\"") {
      raw += "\"\"\"";
      at += 4;
      place += 4;
      continue;
    }
    raw.append(source_, at, next.size);
    at += next.size;
    ++place;
  }
  token->text = Keep(BlockValue(raw));
  at_ = at + 3;
  return true;
}

}  // namespace vecgate::graphql
