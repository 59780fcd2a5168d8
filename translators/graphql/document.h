// A GraphQL document that holds operations and fragments, as a tree.
//
// All nodes live in the document's arena; their texts are views of the source or of the arena. A list of nodes is a
// chain: the first node and `next`. Every node knows the offset of its first byte in the source (Locate in fault.h).
#pragma once

#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/fault.h"

namespace vecgate::graphql {

// Nodes that follow each other, for range-based for.
template <class Node>
class Chain {
 public:
  class Iterator {
   public:
    explicit Iterator(const Node* node) : node_(node) {}
    const Node& operator*() const { return *node_; }
    Iterator& operator++() {
      node_ = node_->next;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Node* node_;
  };

  explicit Chain(const Node* first = nullptr) : first_(first) {}
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(nullptr); }
  const Node* first() const { return first_; }
  bool empty() const { return first_ == nullptr; }
  template <class Test>
  bool All(const Test& test) const {
    for (const Node& node : *this)
      if (!test(node)) return false;
    return true;
  }
  // The node of that name; null: there is none.
  const Node* Find(std::string_view name) const {
    for (const Node& node : *this)
      if (node.name == name) return &node;
    return nullptr;
  }

 private:
  const Node* first_;
};

// A value; of an argument or of a member of an object it also has the name.
struct Value {
  enum class Kind : uint8_t { kVariable, kInt, kFloat, kString, kBool, kNull, kEnum, kList, kObject };
  Kind kind = Kind::kNull;
  uint32_t offset = 0;
  uint32_t name_offset = 0;
  std::string_view name;
  std::string_view text;  // name of a variable or enum value; lexeme of a number; string without quotes and escapes
  Chain<Value> children;  // elements or members
  const Value* next = nullptr;
};

struct Directive {
  uint32_t offset = 0;
  std::string_view name;
  Chain<Value> arguments;
  const Directive* next = nullptr;
};

struct Selection {
  enum class Kind : uint8_t { kField, kSpread, kInline };
  Kind kind = Kind::kField;
  uint32_t offset = 0;
  uint32_t name_offset = 0;
  uint32_t selections_offset = 0;  // of the brace
  std::string_view name;           // of the field, of the fragment, or the type of an inline fragment (may be empty)
  std::string_view key;            // of a field in the answer: alias or name
  Chain<Value> arguments;
  Chain<Directive> directives;
  Chain<Selection> selections;
  const Selection* next = nullptr;
};

struct VariableDefinition {
  uint32_t offset = 0;  // of the dollar
  uint32_t type_offset = 0;  // of the name in the type
  std::string_view name;
  std::string_view type;  // without blanks: "[String!]"
  const Value* default_value = nullptr;
  const VariableDefinition* next = nullptr;
};

struct Operation {
  enum class Type : uint8_t { kQuery, kMutation, kSubscription };
  Type type = Type::kQuery;
  uint32_t offset = 0;
  uint32_t name_offset = 0;
  std::string_view name;  // empty: anonymous
  Chain<VariableDefinition> variables;
  Chain<Directive> directives;
  Chain<Selection> selections;
  const Operation* next = nullptr;
};

struct Fragment {
  uint32_t offset = 0;
  uint32_t name_offset = 0;
  std::string_view name;
  std::string_view type;
  Chain<Directive> directives;
  Chain<Selection> selections;
  const Fragment* next = nullptr;
};

struct Options {
  size_t max_bytes = size_t{16} << 20;
  uint32_t max_depth = 200;      // of selections and values in each other, fragments expanded
  uint32_t max_fields = 10'000;  // selections that are left or looked at when fragments are expanded
  bool null_literals = true;     // of the 2018 specification; graphql-go does not read them
};

class Document {
 public:
  Document() = default;
  Document(const Document&) = delete;

  // Reads `source`, UTF-8, which outlives the document. Once per document. Nullopt: it was read.
  std::optional<Fault> Parse(std::string_view source, const Options& options = {});

  std::string_view source() const { return source_; }
  const Options& options() const { return options_; }
  Chain<Operation> operations() const { return Chain<Operation>(operations_); }
  Chain<Fragment> fragments() const { return Chain<Fragment>(fragments_); }
  // The first of that name; null: there is none.
  const Fragment* FindFragment(std::string_view name) const;
  // Of something in the source. The first call looks at all of it, the next ones at little.
  Location LocationOf(uint32_t offset) const;

 private:
  friend class Parser;
  std::pmr::monotonic_buffer_resource arena_;
  std::string_view source_;
  mutable std::vector<uint32_t> lines_;  // offsets of their first bytes, once they are needed
  Options options_;
  const Operation* operations_ = nullptr;
  const Fragment* fragments_ = nullptr;
  std::unordered_map<std::string_view, const Fragment*> fragments_by_name_;
};

// The operation that a request means. Nullopt: `*operation` is it.
std::optional<Fault> ChooseOperation(const Document& document, std::string_view name, const Operation** operation);

}  // namespace vecgate::graphql
