#include "graphql/lexer.h"

#include <cstdio>
#include <cstring>
#include <utility>

namespace vecgate::graphql {
namespace {

bool IsDigit(int32_t code) { return code >= '0' && code <= '9'; }
bool StartsName(int32_t code) {
  return code == '_' || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
}
bool GoesOnName(char c) { return StartsName(c) || IsDigit(c); }

}  // namespace

std::string_view NameOf(Token::Kind kind) {
  static constexpr std::string_view kNames[] = {"EOF", "!", "$", "&", "(", ")", "...", ":", "=", "@", "[",
                                                "]", "{", "|", "}", "Name", "Int", "Float", "String", "BlockString"};
  return kNames[static_cast<size_t>(kind)];
}

std::string Describe(const Token& token) {
  std::string text(NameOf(token.kind));
  if (!token.text.empty()) text.append(" \"").append(token.text).append("\"");
  return text;
}

std::string Shown(int32_t code) {
  if (code < 0) return "<EOF>";
  if (code >= 0x20 && code < 0x7F) return {'"', static_cast<char>(code), '"'};
  char text[24];
  std::snprintf(text, sizeof text, "\"\\\\u%04X\"", static_cast<unsigned>(code));
  return text;
}

void AppendUtf8(uint32_t code, std::string* out) {
  const auto tail = [&](int shift) { out->push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F))); };
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (code >> 6)));
    tail(0);
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | (code >> 12)));
    tail(6);
    tail(0);
  } else {
    out->push_back(static_cast<char>(0xF0 | (code >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

bool Lexer::Fail(size_t offset, std::string error) {
  error_offset_ = offset;
  error_ = std::move(error);
  return false;
}

std::string_view Lexer::Keep(std::string_view text) {
  if (text.empty()) return {};
  char* kept = static_cast<char*>(arena_->allocate(text.size(), 1));
  std::memcpy(kept, text.data(), text.size());
  return {kept, text.size()};
}

// Bytes that are no UTF-8 are the replacement character, one each.
Lexer::Character Lexer::At(size_t offset) const {
  if (offset >= source_.size()) return {-1, 0};
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(source_[offset + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const uint32_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || source_.size() - offset < size) return {0xFFFD, 1};
  uint32_t code = first & (0xFFu >> (size + 1));
  for (uint32_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {0xFFFD, 1};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  if (overlong || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) return {0xFFFD, 1};
  return {static_cast<int32_t>(code), size};
}

// Blanks, line ends, commas, comments and byte order marks.
void Lexer::SkipIgnored() {
  while (at_ < source_.size()) {
    const char c = source_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',') {
      ++at_;
    } else if (c == '#') {
      while (at_ < source_.size() && (static_cast<unsigned char>(source_[at_]) >= 0x20 || source_[at_] == '\t')) ++at_;
    } else if (source_.substr(at_, 3) == "\xEF\xBB\xBF") {
      at_ += 3;
    } else {
      return;
    }
  }
}

bool Lexer::Next(Token* token) {
  SkipIgnored();
  *token = {Token::Kind::kEnd, static_cast<uint32_t>(at_), {}};
  const int32_t code = At(at_).code;
  if (code < 0) return true;
  if (StartsName(code)) {
    const size_t begin = at_;
    while (at_ < source_.size() && GoesOnName(source_[at_])) ++at_;
    token->kind = Token::Kind::kName;
    token->text = source_.substr(begin, at_ - begin);
    return true;
  }
  if (IsDigit(code) || code == '-') return Number(token);
  if (code == '"') return source_.substr(at_, 3) == "\"\"\"" ? BlockString(token) : String(token);
  if (Punctuator(token)) return true;
  if (code < 0x20) return Fail(at_, "Invalid character " + Shown(code));
  return Fail(at_, "Unexpected character " + Shown(code) + ".");
}

bool Lexer::Punctuator(Token* token) {
  using Kind = Token::Kind;
  if (source_.substr(at_, 3) == "...") {
    token->kind = Kind::kSpread;
    at_ += 3;
    return true;
  }
  static constexpr std::pair<char, Kind> kPunctuators[] = {
      {'!', Kind::kBang},        {'$', Kind::kDollar},       {'&', Kind::kAmp},       {'(', Kind::kParenOpen},
      {')', Kind::kParenClose},  {':', Kind::kColon},        {'=', Kind::kEquals},    {'@', Kind::kAt},
      {'[', Kind::kBracketOpen}, {']', Kind::kBracketClose}, {'{', Kind::kBraceOpen}, {'|', Kind::kPipe},
      {'}', Kind::kBraceClose}};
  for (const auto& [c, kind] : kPunctuators) {
    if (source_[at_] != c) continue;
    token->kind = kind;
    ++at_;
    return true;
  }
  return false;
}

bool Lexer::Digits(size_t* at) {
  if (!IsDigit(At(*at).code)) return Fail(*at, "Invalid number, expected digit but got: " + Shown(At(*at).code) + ".");
  while (IsDigit(At(*at).code)) ++*at;
  return true;
}

bool Lexer::Number(Token* token) {
  size_t at = at_;
  token->kind = Token::Kind::kInt;
  if (source_[at] == '-') ++at;
  if (At(at).code == '0') {
    ++at;
    if (IsDigit(At(at).code)) return Fail(at, "Invalid number, unexpected digit after 0: " + Shown(At(at).code) + ".");
  } else if (!Digits(&at)) {
    return false;
  }
  if (At(at).code == '.') {
    token->kind = Token::Kind::kFloat;
    if (!Digits(&++at)) return false;
  }
  if (At(at).code == 'e' || At(at).code == 'E') {
    token->kind = Token::Kind::kFloat;
    ++at;
    if (At(at).code == '+' || At(at).code == '-') ++at;
    if (!Digits(&at)) return false;
  }
  token->text = source_.substr(at_, at - at_);
  at_ = at;
  return true;
}

}  // namespace vecgate::graphql
