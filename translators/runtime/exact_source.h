// The exact source of tokens: a JSON text as a tree that knows where each value stood.
//
// It is read only when the fast source will not do, so it spends memory freely. Private to runtime/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>

#include "runtime/json_value.h"

namespace vecgate::runtime {

class ExactTree;
struct ExactNode;

// A member of an object or, with an empty key, an element of an array.
struct ExactMember {
  std::string_view key;
  size_t key_end;  // one past the key's closing quote
  const ExactNode* value;
};

struct ExactNode {
  const ExactTree* tree;
  const ExactNode* parent;  // null: the root
  size_t begin;             // of the first byte
  size_t end;               // one past the last byte
  Kind kind;
  union {
    bool boolean;             // kBool
    int64_t integer;          // kInteger
    uint64_t unsigned_value;  // kUnsigned
    double real;              // kDouble
    size_t count;             // kArray, kObject
  };
  std::string_view text;       // kString
  const ExactMember* members;  // kArray, kObject
};

// Owns the nodes of the text parsed last. Not movable: nodes point back to it.
class ExactTree {
 public:
  ExactTree() = default;
  ExactTree(const ExactTree&) = delete;
  ExactTree& operator=(const ExactTree&) = delete;

  // `body` must outlive the nodes. False: `error` says why.
  bool Parse(std::string_view body, size_t max_depth, SyntaxError* error);
  const ExactNode* root() const { return root_; }
  std::string_view body() const { return body_; }

 private:
  std::pmr::monotonic_buffer_resource memory_;
  std::string_view body_;
  const ExactNode* root_ = nullptr;
};

// Where serde_json stands when it is told, after having read `node`, that the value is not acceptable. It
// finishes the container first: blanks and a closing bracket behind the value are read, in a list a comma too.
size_t ResumeOffset(const ExactNode& node);

}  // namespace vecgate::runtime
