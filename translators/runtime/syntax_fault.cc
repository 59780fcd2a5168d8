#include "runtime/syntax_fault.h"

#include <cstdint>
#include <limits>
#include <optional>

#include "runtime/number_lexeme.h"

namespace vecgate::runtime {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

using Fault = std::optional<SyntaxError>;

// Reads on from the last accepted token in the steps of serde_json, whose columns count the bytes it had taken
// when it noticed. A fault seen by peeking counts the peeked byte as well.
class Diagnosis {
 public:
  Diagnosis(std::string_view body, size_t from, bool at_depth_limit)
      : body_(body), at_(from), at_depth_limit_(at_depth_limit) {}

  Fault Step(Awaiting awaiting) {
    SkipBlanks();
    switch (awaiting) {
      case Awaiting::kValue:
        return Value();
      case Awaiting::kColon:
        return Colon();
      case Awaiting::kFirstElement:
        if (AtEnd()) return Peeked("EOF while parsing a list");
        return Value();
      case Awaiting::kNextElement:
        return NextElement();
      case Awaiting::kFirstKey:
        if (AtEnd()) return Peeked("EOF while parsing an object");
        return Key();
      case Awaiting::kNextKey:
        return NextKey();
      case Awaiting::kEnd:
        if (!AtEnd()) return Peeked("trailing characters");
        return std::nullopt;
    }
    return std::nullopt;
  }

  SyntaxError Peeked(const char* text) const { return {text, at_ < body_.size() ? at_ + 1 : at_}; }

 private:
  bool AtEnd() const { return at_ == body_.size(); }
  char Peek() const { return body_[at_]; }
  void SkipBlanks() {
    while (!AtEnd() && IsBlank(Peek())) ++at_;
  }
  SyntaxError Taken(const char* text) const { return {text, at_}; }

  Fault Colon() {
    if (AtEnd()) return Peeked("EOF while parsing an object");
    if (Peek() != ':') return Peeked("expected `:`");
    ++at_;
    SkipBlanks();
    return Value();
  }

  Fault NextElement() {
    if (AtEnd()) return Peeked("EOF while parsing a list");
    if (Peek() != ',') return Peeked("expected `,` or `]`");
    ++at_;
    SkipBlanks();
    if (!AtEnd() && Peek() == ']') return Peeked("trailing comma");
    return Value();
  }

  Fault NextKey() {
    if (AtEnd()) return Peeked("EOF while parsing an object");
    if (Peek() != ',') return Peeked("expected `,` or `}`");
    ++at_;
    SkipBlanks();
    if (AtEnd()) return Peeked("EOF while parsing a value");
    if (Peek() == '}') return Peeked("trailing comma");
    return Key();
  }

  Fault Key() {
    if (Peek() != '"') return Peeked("key must be a string");
    return String();
  }

  Fault Value() {
    if (AtEnd()) return Peeked("EOF while parsing a value");
    switch (Peek()) {
      case 'n':
        return Word("null");
      case 't':
        return Word("true");
      case 'f':
        return Word("false");
      case '"':
        return String();
      case '[':
      case '{':
        if (at_depth_limit_) return Peeked("recursion limit exceeded");
        return std::nullopt;
      default:
        if (Peek() == '-' || IsDigit(Peek())) return Number();
        return Peeked("expected value");
    }
  }

  Fault Word(std::string_view word) {
    for (const char expected : word) {
      if (AtEnd()) return Taken("EOF while parsing a value");
      if (body_[at_++] != expected) return Taken("expected ident");
    }
    return std::nullopt;
  }

  Fault String() {
    size_t run = ++at_;  // start of bytes not checked yet
    bool valid = true;
    for (;;) {
      if (AtEnd()) return Taken("EOF while parsing a string");
      const char c = body_[at_++];
      if (static_cast<unsigned char>(c) < 0x20) {
        return Taken("control character (\\u0000-\\u001F) found while parsing a string");
      }
      if (c != '"' && c != '\\') continue;
      valid = valid && IsUtf8(body_.substr(run, at_ - 1 - run));
      // Checked as a whole at the closing quote.
      if (c == '"') return valid ? Fault() : Taken("invalid unicode code point");
      if (Fault fault = Escape()) return fault;
      run = at_;
    }
  }

  Fault Escape() {
    if (AtEnd()) return Taken("EOF while parsing a string");
    const char c = body_[at_++];
    if (c == 'u') return UnicodeEscape();
    if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return Taken("invalid escape");
    return std::nullopt;
  }

  Fault UnicodeEscape() {
    uint32_t unit;
    if (Fault fault = HexUnit(&unit)) return fault;
    if (unit >= 0xDC00 && unit <= 0xDFFF) return Taken("lone leading surrogate in hex escape");
    if (unit < 0xD800 || unit > 0xDBFF) return std::nullopt;
    for (const char expected : {'\\', 'u'}) {
      if (AtEnd()) return Taken("EOF while parsing a string");
      if (body_[at_++] != expected) return Taken("unexpected end of hex escape");
    }
    if (Fault fault = HexUnit(&unit)) return fault;
    if (unit < 0xDC00 || unit > 0xDFFF) return Taken("lone leading surrogate in hex escape");
    return std::nullopt;
  }

  Fault HexUnit(uint32_t* unit) {
    *unit = 0;
    if (body_.size() - at_ < 4) {
      at_ = body_.size();
      return Taken("EOF while parsing a string");
    }
    bool valid = true;
    for (int i = 0; i < 4; ++i) {
      const int digit = HexDigit(body_[at_++]);
      valid = valid && digit >= 0;
      *unit = *unit * 16 + static_cast<uint32_t>(digit < 0 ? 0 : digit);
    }
    if (!valid) return Taken("invalid escape");
    return std::nullopt;
  }

  Fault Number() {
    const size_t begin = at_;
    if (Peek() == '-') ++at_;
    if (AtEnd()) return Taken("EOF while parsing a value");
    const char first = body_[at_++];
    if (!IsDigit(first)) return Taken("invalid number");
    if (first == '0') {
      if (!AtEnd() && IsDigit(Peek())) return Peeked("invalid number");
    } else {
      SkipDigits();
    }
    if (!AtEnd() && Peek() == '.') {
      ++at_;
      if (AtEnd()) return Peeked("EOF while parsing a value");
      if (!IsDigit(Peek())) return Peeked("invalid number");
      SkipDigits();
    }
    if (!AtEnd() && (Peek() | 0x20) == 'e') {
      if (Fault fault = Exponent(body_.substr(begin, at_ - begin))) return fault;
    }
    runtime::Number number;
    if (!ParseNumber(body_.substr(begin, at_ - begin), &number)) return Taken("number out of range");
    return std::nullopt;
  }

  // serde_json gives up at the digit that takes the exponent beyond an i32, not at the end of the number.
  Fault Exponent(std::string_view significand) {
    ++at_;
    bool negative = false;
    if (!AtEnd() && (Peek() == '+' || Peek() == '-')) negative = body_[at_++] == '-';
    if (AtEnd()) return Taken("EOF while parsing a value");
    if (!IsDigit(body_[at_++])) return Taken("invalid number");
    const bool zero = significand.find_first_of("123456789") == std::string_view::npos;
    int64_t exponent = body_[at_ - 1] - '0';
    while (!AtEnd() && IsDigit(Peek())) {
      exponent = exponent * 10 + (body_[at_++] - '0');
      if (exponent <= std::numeric_limits<int32_t>::max()) continue;
      if (!zero && !negative) return Taken("number out of range");
      SkipDigits();
    }
    return std::nullopt;
  }

  void SkipDigits() {
    while (!AtEnd() && IsDigit(Peek())) ++at_;
  }

  static bool IsUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

  const std::string_view body_;
  size_t at_;
  const bool at_depth_limit_;
};

}  // namespace

SyntaxError DiagnoseSyntax(std::string_view body, size_t from, Awaiting awaiting, bool at_depth_limit) {
  Diagnosis diagnosis(body, from, at_depth_limit);
  if (Fault fault = diagnosis.Step(awaiting)) return *fault;
  return diagnosis.Peeked("expected value");
}

}  // namespace vecgate::runtime
