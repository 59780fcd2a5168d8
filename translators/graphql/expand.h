// What an operation asks for, once fragments are put in place, directives obeyed and selections of one field merged.
#pragma once

#include <memory_resource>
#include <optional>
#include <string_view>

#include "graphql/document.h"
#include "graphql/variables.h"

namespace vecgate::graphql {

struct Field {
  std::string_view key;   // in the answer
  std::string_view name;
  std::string_view on;    // type of the innermost fragment with one around it, within its parent's braces; empty: none
  uint32_t offset = 0;
  Chain<Value> arguments;
  Chain<Field> fields;
  const Field* next = nullptr;
  bool has_braces = false;  // also where directives left nothing within them
  // The field as it stands in the document; the first, when several were merged.
  const Selection* selection = nullptr;
};

class Expansion {
 public:
  Expansion() = default;
  Expansion(const Expansion&) = delete;

  // `document` has passed Validate; it outlives the expansion. Once per expansion. A fault is a selection that
  // contradicts another one, or a document that grows beyond its limits.
  std::optional<Fault> Expand(const Document& document, const Operation& operation, const Variables& variables);

  Chain<Field> fields() const { return fields_; }

 private:
  friend class Expander;
  std::pmr::monotonic_buffer_resource arena_;
  Chain<Field> fields_;
};

}  // namespace vecgate::graphql
