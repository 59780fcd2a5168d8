// A parsed JSON document and handles to the values in it.
//
// There are two sources of tokens under one handle:
//   fast   simdjson's DOM. No source positions; refuses what it cannot hold exactly.
//   exact  RapidJSON's SAX events kept as a tree with source offsets and number lexemes. Integers beyond u64
//          and `-0` are doubles, and every value knows where it stood in the text.
// Which source was used never changes what a value is, only whether it can tell its position.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace vecgate::runtime {

// Readable bytes that must follow every body handed to a JsonDocument (their content does not matter).
inline constexpr size_t kBodyPadding = simdjson::SIMDJSON_PADDING;

enum class Kind : uint8_t {
  kNull,
  kBool,
  kInteger,   // integer lexeme that fits i64
  kUnsigned,  // integer lexeme beyond i64 that fits u64
  kDouble,    // any other number: '.', an exponent, "-0", or an integer beyond u64
  kString,
  kArray,
  kObject,
};

// Bit of a kind in a set of kinds.
constexpr uint16_t Bit(Kind kind) { return static_cast<uint16_t>(1u << static_cast<unsigned>(kind)); }
inline constexpr uint16_t kNumberKinds = Bit(Kind::kInteger) | Bit(Kind::kUnsigned) | Bit(Kind::kDouble);

// A value of the exact source. Offsets are bytes from the start of the body.
struct ExactNode;

class JsonValue {
 public:
  JsonValue() = default;
  explicit JsonValue(simdjson::dom::element element) : element_(element) {}
  explicit JsonValue(const ExactNode* node) : node_(node) {}

  Kind kind() const;
  bool is_null() const { return kind() == Kind::kNull; }
  // Each requires the kind to fit.
  bool AsBool() const;
  int64_t AsInteger() const;            // kInteger
  uint64_t AsUnsigned() const;          // kUnsigned, or kInteger >= 0
  double AsDouble() const;              // any number
  std::string_view AsString() const;    // kString; valid as long as the document's content
  // Number of elements of an array or members of an object; a hint (may saturate at 0xFFFFFF).
  size_t size() const;
  // Last member of that name of an object. False when there is none.
  bool Find(std::string_view key, JsonValue* value) const;

  // Source offsets, exact source only (else 0): of the first byte, and one past the last.
  bool located() const { return node_ != nullptr; }
  size_t begin_offset() const;
  size_t end_offset() const;
  // Where serde_json stands when this value was read whole and only then found unacceptable: it has finished the
  // container, so blanks and a closing bracket behind the value are read as well (in a list also a comma).
  size_t resume_offset() const;
  // The value as it stands in the text. Exact source only, else empty.
  std::string_view lexeme() const;

 private:
  friend class ArrayCursor;
  friend class ObjectCursor;
  friend struct FastAccess;  // bulk readers of runtime/
  simdjson::dom::element element_;
  const ExactNode* node_ = nullptr;
};

// Walks the elements of an array in order:  for (ArrayCursor c(v); !c.Done(); c.Advance()) use(c.value());
class ArrayCursor {
 public:
  explicit ArrayCursor(const JsonValue& array);
  bool Done() const;
  void Advance();
  JsonValue value() const;

 private:
  simdjson::dom::array::iterator at_;
  simdjson::dom::array::iterator end_;
  const ExactNode* node_ = nullptr;
  size_t index_ = 0;
};

// Walks the members of an object in the text's order, repeated keys included.
class ObjectCursor {
 public:
  explicit ObjectCursor(const JsonValue& object);
  bool Done() const;
  void Advance();
  std::string_view key() const;
  JsonValue value() const;
  // Exact source only: one past the key's closing quote.
  size_t key_end_offset() const;
  // The same with the blanks before the colon: where errors about the key itself are located.
  size_t key_resume_offset() const;

 private:
  simdjson::dom::object::iterator at_;
  simdjson::dom::object::iterator end_;
  const ExactNode* node_ = nullptr;
  size_t index_ = 0;
};

// A fault of the text itself. Line counts from 1; column is the number of bytes of that line read so far.
struct SyntaxError {
  std::string text;  // "expected value"
  size_t offset = 0;
};

// Owns the parsed form of one body at a time; reuse it to reuse its memory. Not thread-safe.
class JsonDocument {
 public:
  explicit JsonDocument(size_t max_depth);
  ~JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;

  // Fast source. False: not valid, or not exactly representable (integers beyond u64, a `-0` lexeme, too deep);
  // ask the exact source. `body` must outlive the values and be followed by kBodyPadding readable bytes.
  bool ParseFast(std::string_view body);
  // Exact source. False: `error` says why.
  bool ParseExact(std::string_view body, SyntaxError* error);
  // Root of what was parsed last.
  JsonValue root() const;
  // Ends the use of what was parsed; the memory of a large body goes back.
  void Release();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Line (from 1) and column (bytes of that line before `offset`, as serde_json counts) of an offset.
struct LineColumn {
  size_t line;
  size_t column;
};
LineColumn Locate(std::string_view body, size_t offset);

}  // namespace vecgate::runtime
