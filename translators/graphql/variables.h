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

// Whether a variable may stand where `type` ("[String!]") is taken. What it defaults to makes up for not being required.
bool MayStandFor(const VariableDefinition& definition, std::string_view type);
// What is said where it may not.
std::string WrongPosition(const VariableDefinition& definition, std::string_view type);

// What is wrong with a default, for built-in types; one line for each, each begun by its line end.
std::string DefaultFaults(const VariableDefinition& definition);

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

  // How the operation defines it; null: it does not.
  const VariableDefinition* Defined(std::string_view name) const { return definitions_.Find(name); }

  // JSON text of a variable; null: it has no value.
  const std::string_view* Find(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &found->second;
  }

 private:
  Chain<VariableDefinition> definitions_;
  std::unordered_map<std::string_view, std::string_view> values_;
  std::deque<std::string> defaults_;
};

}  // namespace vecgate::graphql
