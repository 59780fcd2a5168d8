#include "weaviate/go_scanner.h"

#include <vector>

#include "runtime/concat.h"

namespace vecgate::translators::weaviate {
namespace {

constexpr size_t kDeepest = 10'000;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

// As Go quotes a byte.
std::string Quoted(char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '\'': return "'\\''";
    case '"': return "'\"'";
    case '\\': return "'\\\\'";
    case '\a': return "'\\a'";
    case '\b': return "'\\b'";
    case '\f': return "'\\f'";
    case '\n': return "'\\n'";
    case '\r': return "'\\r'";
    case '\t': return "'\\t'";
    case '\v': return "'\\v'";
    default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte < 0x20 || byte == 0x7F) return std::string("'\\x") + kHex[byte >> 4] + kHex[byte & 0xF] + "'";
  if (byte < 0x80) return std::string("'") + c + "'";
  // A byte stands for the character of that number.
  if (byte < 0xA0 || byte == 0xAD) return std::string("'\\u00") + kHex[byte >> 4] + kHex[byte & 0xF] + "'";
  return std::string("'") + static_cast<char>(0xC0 | byte >> 6) + static_cast<char>(0x80 | (byte & 0x3F)) + "'";
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  GoScan Run() {
    SkipBlanks();
    if (AtEnd()) return {0, "EOF"};
    if (!Scan()) return {0, error_};
    return {at_, {}};
  }

 private:
  bool AtEnd() const { return at_ == text_.size(); }
  char Here() const { return text_[at_]; }
  void SkipBlanks() {
    while (!AtEnd() && IsBlank(Here())) ++at_;
  }

  bool Fail(std::string_view context) {
    error_ = AtEnd() ? std::string("unexpected EOF")
                     : runtime::Concat("invalid character ", Quoted(Here()), " ", context);
    return false;
  }

  bool Open(char bracket) {
    if (open_.size() >= kDeepest) {
      error_ = "exceeded max depth";
      return false;
    }
    open_.push_back(bracket);
    ++at_;
    return true;
  }

  // One value, whatever is in it: `open_` has the brackets that wait for their ends.
  bool Scan() {
    for (;;) {
      if (!Begin()) return false;
      // A value is complete, or a container was just opened and something has to come in it.
      while (!waiting_) {
        if (open_.empty()) return true;
        if (!Next()) return false;
      }
      waiting_ = false;
    }
  }

  // Reads a scalar, or opens a container and what must be before its first value.
  bool Begin() {
    SkipBlanks();
    if (AtEnd()) return Fail({});
    switch (Here()) {
      case '{':
        if (!Open('{')) return false;
        SkipBlanks();
        if (!AtEnd() && Here() == '}') return Close();
        return Key();
      case '[':
        if (!Open('[')) return false;
        SkipBlanks();
        if (!AtEnd() && Here() == ']') return Close();
        waiting_ = true;
        return true;
      case '"': return String();
      case 't': return Literal("true");
      case 'f': return Literal("false");
      case 'n': return Literal("null");
      default: return Here() == '-' || IsDigit(Here()) ? Number() : Fail("looking for beginning of value");
    }
  }

  // Behind a value inside a container.
  bool Next() {
    SkipBlanks();
    const bool object = open_.back() == '{';
    if (AtEnd()) return Fail({});
    if (Here() == (object ? '}' : ']')) return Close();
    if (Here() != ',') return Fail(object ? "after object key:value pair" : "after array element");
    ++at_;
    SkipBlanks();
    if (object) return Key();
    waiting_ = true;
    return true;
  }

  bool Close() {
    open_.pop_back();
    ++at_;
    return true;
  }

  bool Key() {
    if (AtEnd() || Here() != '"') return Fail("looking for beginning of object key string");
    if (!String()) return false;
    SkipBlanks();
    if (AtEnd() || Here() != ':') return Fail("after object key");
    ++at_;
    waiting_ = true;
    return true;
  }

  bool String() {
    for (++at_; !AtEnd(); ++at_) {
      const char c = Here();
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return Fail("in string literal");
      if (c == '\\' && !Escape()) return false;
    }
    return Fail({});
  }

  // Stops at the last character of the escape.
  bool Escape() {
    ++at_;
    if (AtEnd()) return Fail({});
    if (Here() != 'u') return std::string_view("bfnrt\\/\"").find(Here()) != std::string_view::npos || Fail("in string escape code");
    for (int i = 0; i < 4; ++i) {
      ++at_;
      if (AtEnd() || !IsHexDigit(Here())) return Fail("in \\u hexadecimal character escape");
    }
    return true;
  }

  bool Literal(std::string_view word) {
    for (size_t i = 1; i < word.size(); ++i) {
      ++at_;
      if (AtEnd() || Here() != word[i])
        return Fail(runtime::Concat("in literal ", word, " (expecting '", word.substr(i, 1), "')"));
    }
    ++at_;
    return true;
  }

  void Digits() {
    while (!AtEnd() && IsDigit(Here())) ++at_;
  }

  bool Number() {
    if (Here() == '-') ++at_;
    if (AtEnd() || !IsDigit(Here())) return Fail("in numeric literal");
    if (Here() == '0') ++at_;
    else Digits();
    if (!AtEnd() && Here() == '.') {
      ++at_;
      if (AtEnd() || !IsDigit(Here())) return Fail("after decimal point in numeric literal");
      Digits();
    }
    if (!AtEnd() && (Here() | 0x20) == 'e') {
      ++at_;
      if (!AtEnd() && (Here() == '+' || Here() == '-')) ++at_;
      if (AtEnd() || !IsDigit(Here())) return Fail("in exponent of numeric literal");
      Digits();
    }
    return true;
  }

  const std::string_view text_;
  size_t at_ = 0;
  std::vector<char> open_;
  bool waiting_ = false;  // for a value
  std::string error_;
};

}  // namespace

GoScan ScanFirstValue(std::string_view text) { return Scanner(text).Run(); }

}  // namespace vecgate::translators::weaviate
