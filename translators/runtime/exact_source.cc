#include "runtime/exact_source.h"

#include <rapidjson/reader.h>

#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "runtime/number_lexeme.h"
#include "runtime/syntax_fault.h"

namespace vecgate::runtime {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// A RapidJSON input stream over a text that need not end in NUL.
class BodyStream {
 public:
  using Ch = char;
  explicit BodyStream(std::string_view body) : begin_(body.data()), at_(begin_), end_(begin_ + body.size()) {}
  char Peek() const { return at_ == end_ ? '\0' : *at_; }
  char Take() { return at_ == end_ ? '\0' : *at_++; }
  size_t Tell() const { return static_cast<size_t>(at_ - begin_); }
  // The rest of RapidJSON's stream concept serves in-place parsing, which is not used.
  char* PutBegin() { return nullptr; }
  void Put(char) {}
  void Flush() {}
  size_t PutEnd(char*) { return 0; }

 private:
  const char* begin_;
  const char* at_;
  const char* end_;
};

// RapidJSON takes the escape of a low surrogate without a high one and encodes it on its own.
bool HoldsSurrogate(std::string_view text) {
  for (size_t i = text.find('\xED'); i != std::string_view::npos; i = text.find('\xED', i + 1)) {
    if (i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0xA0) return true;
  }
  return false;
}

// Receives RapidJSON's events. Each returns false to stop the parser.
class TreeBuilder {
 public:
  TreeBuilder(const ExactTree* tree, std::string_view body, size_t max_depth, const BodyStream& stream,
              std::pmr::memory_resource& memory)
      : tree_(tree), body_(body), max_depth_(max_depth), stream_(stream), memory_(memory) {}

  bool Null() { return Leaf(Kind::kNull); }
  bool Bool(bool value) {
    if (!Leaf(Kind::kBool)) return false;
    last_->boolean = value;
    return true;
  }
  bool RawNumber(const char*, rapidjson::SizeType, bool) {
    const size_t begin = TokenBegin();
    if (IsDigit(stream_.Peek())) return false;  // of "01" RapidJSON takes the zero
    Number number;
    if (!ParseNumber(body_.substr(begin, stream_.Tell() - begin), &number)) return false;
    if (!Leaf(number.kind)) return false;
    if (number.kind == Kind::kInteger) last_->integer = number.integer;
    if (number.kind == Kind::kUnsigned) last_->unsigned_value = number.unsigned_value;
    if (number.kind == Kind::kDouble) last_->real = number.real;
    return true;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    if (HoldsSurrogate({text, size}) || !Leaf(Kind::kString)) return false;
    last_->text = Keep({text, size});
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (HoldsSurrogate({text, size})) return false;
    Take();
    pending_.push_back({Keep({text, size}), accepted_, nullptr});
    key_open_ = true;
    return true;
  }
  bool StartObject() { return Open(Kind::kObject); }
  bool StartArray() { return Open(Kind::kArray); }
  bool EndObject(rapidjson::SizeType) { return Close(); }
  bool EndArray(rapidjson::SizeType) { return Close(); }

  // Events of numbers already converted do not occur.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }

  const ExactNode* root() const { return root_; }
  size_t accepted() const { return accepted_; }
  bool at_depth_limit() const { return open_.size() >= max_depth_; }
  Awaiting awaiting() const {
    if (open_.empty()) return root_ == nullptr ? Awaiting::kValue : Awaiting::kEnd;
    if (key_open_) return Awaiting::kColon;
    const bool first = open_.back().first_child == pending_.size();
    if (open_.back().node->kind == Kind::kArray) return first ? Awaiting::kFirstElement : Awaiting::kNextElement;
    return first ? Awaiting::kFirstKey : Awaiting::kNextKey;
  }

 private:
  struct OpenContainer {
    ExactNode* node;
    size_t first_child;  // in pending_
  };

  // The text is valid up to here, so only blanks and separators stand between two tokens.
  size_t TokenBegin() const {
    size_t at = accepted_;
    while (IsBlank(body_[at]) || body_[at] == ',' || body_[at] == ':') ++at;
    return at;
  }

  void Take() { accepted_ = stream_.Tell(); }

  bool Leaf(Kind kind) {
    last_ = Add(kind, TokenBegin());
    Take();
    last_->end = accepted_;
    return true;
  }

  bool Open(Kind kind) {
    if (at_depth_limit()) return false;
    ExactNode* node = Add(kind, TokenBegin());
    Take();
    open_.push_back({node, pending_.size()});
    return true;
  }

  bool Close() {
    Take();
    const OpenContainer closed = open_.back();
    open_.pop_back();
    const std::span<const ExactMember> children(pending_.data() + closed.first_child,
                                                pending_.size() - closed.first_child);
    auto* kept = static_cast<ExactMember*>(memory_.allocate(children.size_bytes() + 1, alignof(ExactMember)));
    std::uninitialized_copy(children.begin(), children.end(), kept);
    closed.node->members = kept;
    closed.node->count = children.size();
    closed.node->end = accepted_;
    pending_.resize(closed.first_child);
    return true;
  }

  ExactNode* Add(Kind kind, size_t begin) {
    auto* node = new (memory_.allocate(sizeof(ExactNode), alignof(ExactNode))) ExactNode{};
    node->tree = tree_;
    node->kind = kind;
    node->begin = begin;
    if (open_.empty()) {
      root_ = node;
      return node;
    }
    node->parent = open_.back().node;
    if (key_open_) {
      pending_.back().value = node;
      key_open_ = false;
    } else {
      pending_.push_back({{}, 0, node});
    }
    return node;
  }

  std::string_view Keep(std::string_view text) {
    auto* kept = static_cast<char*>(memory_.allocate(text.size() + 1, 1));
    std::memcpy(kept, text.data(), text.size());
    return {kept, text.size()};
  }

  const ExactTree* const tree_;
  const std::string_view body_;
  const size_t max_depth_;
  const BodyStream& stream_;
  std::pmr::memory_resource& memory_;

  const ExactNode* root_ = nullptr;
  ExactNode* last_ = nullptr;
  size_t accepted_ = 0;    // one past the last token
  bool key_open_ = false;  // the last token was a key
  std::vector<OpenContainer> open_;
  // Children of all open containers, innermost last: a child container's own children lie behind it until it is
  // closed and they move to its final place.
  std::vector<ExactMember> pending_;
};

size_t SkipBlanks(std::string_view body, size_t at) {
  while (at < body.size() && IsBlank(body[at])) ++at;
  return at;
}

}  // namespace

bool ExactTree::Parse(std::string_view body, size_t max_depth, SyntaxError* error) {
  memory_.release();
  body_ = body;
  root_ = nullptr;

  BodyStream stream(body);
  TreeBuilder builder(this, body, max_depth, stream, memory_);
  rapidjson::Reader reader;
  constexpr unsigned kFlags =
      rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseStopWhenDoneFlag;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, builder);
  // The end is checked here, since RapidJSON takes a NUL byte for one.
  if (result.IsError() || SkipBlanks(body, builder.accepted()) != body.size()) {
    *error = DiagnoseSyntax(body, builder.accepted(), builder.awaiting(), builder.at_depth_limit());
    return false;
  }
  root_ = builder.root();
  return true;
}

size_t ResumeOffset(const ExactNode& node) {
  if (node.parent == nullptr) return node.end;
  const std::string_view body = node.tree->body();
  const bool in_list = node.parent->kind == Kind::kArray;
  // A complete text: something always follows a value that has a parent.
  const size_t next = SkipBlanks(body, node.end);
  if (body[next] == (in_list ? ']' : '}')) return next + 1;
  if (in_list && body[next] == ',') return SkipBlanks(body, next + 1);
  return next;
}

}  // namespace vecgate::runtime
