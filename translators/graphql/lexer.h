// Tokens of a GraphQL document.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>

namespace vecgate::graphql {

struct Token {
  enum class Kind : uint8_t {
    kEnd,
    kBang,
    kDollar,
    kAmp,
    kParenOpen,
    kParenClose,
    kSpread,
    kColon,
    kEquals,
    kAt,
    kBracketOpen,
    kBracketClose,
    kBraceOpen,
    kPipe,
    kBraceClose,
    kName,
    kInt,
    kFloat,
    kString,
    kBlockString,
  };
  Kind kind = Kind::kEnd;
  uint32_t offset = 0;
  std::string_view text;  // of names, numbers and strings
};

// "Name", "{", "EOF"
std::string_view NameOf(Token::Kind kind);
// With the text, if it has one: Name "Get"
std::string Describe(const Token& token);

class Lexer {
 public:
  // Texts of strings with escapes are put into `arena`.
  Lexer(std::string_view source, std::pmr::memory_resource* arena) : source_(source), arena_(arena) {}

  // False: error() and error_offset() say what is wrong.
  bool Next(Token* token);

  const std::string& error() const { return error_; }
  size_t error_offset() const { return error_offset_; }

 private:
  struct Character {
    int32_t code;  // -1: the end of the source
    uint32_t size;
  };
  Character At(size_t offset) const;
  void SkipIgnored();
  bool Punctuator(Token* token);
  bool Number(Token* token);
  bool Digits(size_t* at);
  bool String(Token* token);       // string_value.cc
  bool BlockString(Token* token);  // string_value.cc
  bool Escape(size_t* at, size_t place, std::string* value);  // string_value.cc
  bool Fail(size_t offset, std::string error);
  std::string_view Keep(std::string_view text);

  const std::string_view source_;
  std::pmr::memory_resource* arena_;
  size_t at_ = 0;
  std::string error_;
  size_t error_offset_ = 0;
};

// A character in an error text: "x", "\\u0007", <EOF>
std::string Shown(int32_t code);
void AppendUtf8(uint32_t code, std::string* out);

}  // namespace vecgate::graphql
