// Grammar of executable documents. Works with one token of lookahead, as the server does, so that of two faults the
// same one is told.
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "graphql/document.h"
#include "graphql/lexer.h"

namespace vecgate::graphql {
namespace {

// Nodes of a list while it is read.
template <class Node>
struct ListOf {
  const Node* first = nullptr;
  Node* last = nullptr;

  void Add(Node* node) {
    (last == nullptr ? first : last->next) = node;
    last = node;
  }
};

}  // namespace

class Parser {
 public:
  Parser(std::string_view source, Document* document)
      : document_(*document), source_(source), lexer_(source, &document->arena_) {}

  std::optional<Fault> Parse() {
    if (ReadDocument()) return std::nullopt;
    return std::move(fault_);
  }

 private:
  using Kind = Token::Kind;

  template <class Node>
  Node* Make(uint32_t offset) {
    Node* node = new (document_.arena_.allocate(sizeof(Node), alignof(Node))) Node;
    node->offset = offset;
    return node;
  }

  // --- tokens --------------------------------------------------------------------------------------------

  bool Fail(size_t offset, std::string_view description) {
    fault_ = SyntaxFault(source_, offset, description);
    return false;
  }
  bool Advance() { return lexer_.Next(&token_) || Fail(lexer_.error_offset(), lexer_.error()); }
  bool Is(Kind kind) const { return token_.kind == kind; }
  bool IsWord(std::string_view word) const { return Is(Kind::kName) && token_.text == word; }
  bool Unexpected() { return Fail(token_.offset, "Unexpected " + Describe(token_)); }
  bool Expect(Kind kind) {
    if (Is(kind)) return Advance();
    return Fail(token_.offset, "Expected " + std::string(NameOf(kind)) + ", found " + Describe(token_));
  }
  bool ExpectWord(std::string_view word) {
    if (IsWord(word)) return Advance();
    return Fail(token_.offset, "Expected \"" + std::string(word) + "\", found " + Describe(token_));
  }
  bool ReadName(std::string_view* name, uint32_t* offset = nullptr) {
    const Token token = token_;
    if (!Expect(Kind::kName)) return false;
    *name = token.text;
    if (offset != nullptr) *offset = token.offset;
    return true;
  }

  // One level deeper while it lives.
  struct Level {
    explicit Level(Parser* parser) : parser(*parser) { ++parser->depth_; }
    ~Level() { --parser.depth_; }
    Parser& parser;
  };
  bool TooDeep() { return depth_ > document_.options_.max_depth; }
  // A bound of ours, which has no lines of the source behind it.
  bool Refuse(size_t offset, std::string message) {
    fault_ = Fault{std::move(message), {document_.LocationOf(static_cast<uint32_t>(offset))}};
    return false;
  }
  bool FailDepth() { return Refuse(token_.offset, "Document is nested too deeply."); }

  // --- document ------------------------------------------------------------------------------------------

  bool ReadDocument() {
    if (source_.size() > document_.options_.max_bytes) return Refuse(0, "Document is too large.");
    if (!Advance()) return false;
    while (!Is(Kind::kEnd))
      if (!ReadDefinition()) return false;
    document_.operations_ = operations_.first;
    document_.fragments_ = fragments_.first;
    return true;
  }

  bool ReadDefinition() {
    if (IsWord("fragment")) return ReadFragmentDefinition();
    if (Is(Kind::kBraceOpen) || IsWord("query") || IsWord("mutation") || IsWord("subscription")) return ReadOperation();
    // A text describes a definition of a type system, whose keyword would follow.
    if (Is(Kind::kString) || Is(Kind::kBlockString))
      if (!Advance()) return false;
    return Unexpected();
  }

  bool ReadOperation() {
    Operation* operation = Make<Operation>(token_.offset);
    operation->name_offset = token_.offset;
    if (Is(Kind::kName)) {
      operation->type = token_.text == "query"      ? Operation::Type::kQuery
                        : token_.text == "mutation" ? Operation::Type::kMutation
                                                    : Operation::Type::kSubscription;
      if (!Advance()) return false;
      if (Is(Kind::kName) && !ReadName(&operation->name, &operation->name_offset)) return false;
      if (Is(Kind::kParenOpen) && !ReadVariableDefinitions(&operation->variables)) return false;
      if (!ReadDirectives(&operation->directives)) return false;
    }
    if (!ReadSelections(&operation->selections)) return false;
    operations_.Add(operation);
    return true;
  }

  bool ReadFragmentDefinition() {
    Fragment* fragment = Make<Fragment>(token_.offset);
    if (!Advance()) return false;
    if (IsWord("on")) return Unexpected();
    if (!ReadName(&fragment->name, &fragment->name_offset) || !ExpectWord("on") || !ReadName(&fragment->type) ||
        !ReadDirectives(&fragment->directives) || !ReadSelections(&fragment->selections))
      return false;
    fragments_.Add(fragment);
    document_.fragments_by_name_.try_emplace(fragment->name, fragment);
    return true;
  }

  bool ReadVariableDefinitions(Chain<VariableDefinition>* definitions) {
    const uint32_t begin = token_.offset;
    if (!Advance()) return false;
    if (Is(Kind::kParenClose)) return FailEmpty(begin, "()");
    ListOf<VariableDefinition> list;
    while (!Is(Kind::kParenClose)) {
      VariableDefinition* definition = Make<VariableDefinition>(token_.offset);
      std::string type;
      if (!Expect(Kind::kDollar) || !ReadName(&definition->name) || !Expect(Kind::kColon) ||
          !ReadType(&type, &definition->type_offset))
        return false;
      char* kept = static_cast<char*>(document_.arena_.allocate(type.size(), 1));
      std::memcpy(kept, type.data(), type.size());
      definition->type = {kept, type.size()};
      if (Is(Kind::kEquals)) {
        Value* value = Make<Value>(0);
        if (!Advance() || !ReadValue(value, /*constant=*/true)) return false;
        definition->default_value = value;
      }
      list.Add(definition);
    }
    *definitions = Chain<VariableDefinition>(list.first);
    return Advance();
  }

  bool ReadType(std::string* type, uint32_t* name_offset) {
    Level level(this);
    if (TooDeep()) return FailDepth();
    if (Is(Kind::kBracketOpen)) {
      *type += "[";
      if (!Advance() || !ReadType(type, name_offset) || !Expect(Kind::kBracketClose)) return false;
      *type += "]";
    } else {
      std::string_view name;
      if (!ReadName(&name, name_offset)) return false;
      *type += name;
    }
    if (!Is(Kind::kBang)) return true;
    *type += "!";
    return Advance();
  }

  bool FailEmpty(uint32_t begin, std::string_view brackets) {
    // What follows the brackets is read first.
    return Advance() && Fail(begin, "Unexpected empty IN " + std::string(brackets));
  }

  // --- selections ----------------------------------------------------------------------------------------

  bool ReadSelections(Chain<Selection>* selections) {
    Level level(this);
    if (TooDeep()) return FailDepth();
    const uint32_t begin = token_.offset;
    if (!Expect(Kind::kBraceOpen)) return false;
    if (Is(Kind::kBraceClose)) return FailEmpty(begin, "{}");
    ListOf<Selection> list;
    while (!Is(Kind::kBraceClose)) {
      Selection* selection = Make<Selection>(token_.offset);
      if (!(Is(Kind::kSpread) ? ReadSpread(selection) : ReadField(selection))) return false;
      list.Add(selection);
    }
    *selections = Chain<Selection>(list.first);
    return Advance();
  }

  bool ReadField(Selection* field) {
    if (!ReadName(&field->name, &field->name_offset)) return false;
    field->key = field->name;
    if (Is(Kind::kColon) && !(Advance() && ReadName(&field->name, &field->name_offset))) return false;
    if (Is(Kind::kParenOpen) && !ReadArguments(&field->arguments)) return false;
    if (!ReadDirectives(&field->directives)) return false;
    field->selections_offset = token_.offset;
    return !Is(Kind::kBraceOpen) || ReadSelections(&field->selections);
  }

  bool ReadSpread(Selection* spread) {
    if (!Advance()) return false;
    if (Is(Kind::kName) && token_.text != "on") {
      spread->kind = Selection::Kind::kSpread;
      return ReadName(&spread->name, &spread->name_offset) && ReadDirectives(&spread->directives);
    }
    spread->kind = Selection::Kind::kInline;
    if (IsWord("on") && !(Advance() && ReadName(&spread->name, &spread->name_offset))) return false;
    if (!ReadDirectives(&spread->directives)) return false;
    spread->selections_offset = token_.offset;
    return ReadSelections(&spread->selections);
  }

  bool ReadDirectives(Chain<Directive>* directives) {
    ListOf<Directive> list;
    while (Is(Kind::kAt)) {
      Directive* directive = Make<Directive>(token_.offset);
      if (!Advance() || !ReadName(&directive->name)) return false;
      if (Is(Kind::kParenOpen) && !ReadArguments(&directive->arguments)) return false;
      list.Add(directive);
    }
    *directives = Chain<Directive>(list.first);
    return true;
  }

  // --- values --------------------------------------------------------------------------------------------

  bool ReadArguments(Chain<Value>* arguments) {
    const uint32_t begin = token_.offset;
    if (!Advance()) return false;
    if (Is(Kind::kParenClose)) return FailEmpty(begin, "()");
    return ReadMembers(Kind::kParenClose, /*constant=*/false, arguments);
  }

  // Named values up to the closing token.
  bool ReadMembers(Kind close, bool constant, Chain<Value>* members) {
    ListOf<Value> list;
    while (!Is(close)) {
      Value* member = Make<Value>(0);
      if (!ReadName(&member->name, &member->name_offset) || !Expect(Kind::kColon) || !ReadValue(member, constant))
        return false;
      list.Add(member);
    }
    *members = Chain<Value>(list.first);
    return Advance();
  }

  bool ReadValue(Value* value, bool constant) {
    Level level(this);
    if (TooDeep()) return FailDepth();
    value->offset = token_.offset;
    value->text = token_.text;
    switch (token_.kind) {
      case Kind::kBracketOpen: return Advance() && ReadElements(value, constant);
      case Kind::kBraceOpen:
        value->kind = Value::Kind::kObject;
        return Advance() && ReadMembers(Kind::kBraceClose, constant, &value->children);
      case Kind::kInt: value->kind = Value::Kind::kInt; return Advance();
      case Kind::kFloat: value->kind = Value::Kind::kFloat; return Advance();
      case Kind::kString:
      case Kind::kBlockString: value->kind = Value::Kind::kString; return Advance();
      case Kind::kName:
        if (token_.text == "null" && !document_.options_.null_literals) return Unexpected();
        value->kind = token_.text == "null"                              ? Value::Kind::kNull
                      : token_.text == "true" || token_.text == "false" ? Value::Kind::kBool
                                                                         : Value::Kind::kEnum;
        return Advance();
      case Kind::kDollar:
        if (constant) return Unexpected();
        value->kind = Value::Kind::kVariable;
        return Advance() && ReadName(&value->text);
      default: return Unexpected();
    }
  }

  bool ReadElements(Value* value, bool constant) {
    value->kind = Value::Kind::kList;
    ListOf<Value> list;
    while (!Is(Kind::kBracketClose)) {
      Value* element = Make<Value>(0);
      if (!ReadValue(element, constant)) return false;
      list.Add(element);
    }
    value->children = Chain<Value>(list.first);
    return Advance();
  }

  Document& document_;
  const std::string_view source_;
  Lexer lexer_;
  Token token_;
  uint32_t depth_ = 0;
  ListOf<Operation> operations_;
  ListOf<Fragment> fragments_;
  std::optional<Fault> fault_;
};

std::optional<Fault> Document::Parse(std::string_view source, const Options& options) {
  source_ = source;
  options_ = options;
  return Parser(source, this).Parse();
}

}  // namespace vecgate::graphql
