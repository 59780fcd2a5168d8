// Values of an operation's variables for one request.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "graphql/document.h"

namespace vecgate::graphql {

class Variables {
 public:
  struct Given {
    std::string_view name;
    std::string_view json;  // well-formed JSON without blanks around its tokens; outlives the variables
  };

  Variables() = default;
  Variables(const Variables&) = delete;

  // Takes the given values of those that the operation defines, then the defaults. A fault is a required one that is
  // missing, or a value that does not fit a built-in type (String, Int, Float, Boolean, ID, lists of them); other types
  // need a schema and are taken as they are.
  std::optional<Fault> Bind(const Document& document, const Operation& operation, std::span<const Given> given);

  // JSON text of a variable; null: it has no value.
  const std::string_view* Find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }

 private:
  std::unordered_map<std::string_view, std::string_view> values_;
  std::deque<std::string> defaults_;
};

}  // namespace vecgate::graphql
