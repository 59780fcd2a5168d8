// Parsed and expanded documents as one line, for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "graphql/document.h"
#include "graphql/expand.h"
#include "graphql/validate.h"
#include "graphql/value_text.h"
#include "graphql/variables.h"

namespace vecgate::graphql {

inline std::string Printed(Chain<Value> arguments) {
  std::string text;
  for (const Value& argument : arguments) text += (text.empty() ? "" : " ") + std::string(argument.name) + ":" + Graphql(argument);
  return text.empty() ? "" : "(" + text + ")";
}

inline std::string Printed(Chain<Directive> directives) {
  std::string text;
  for (const Directive& directive : directives) text += " @" + std::string(directive.name) + Printed(directive.arguments);
  return text;
}

inline std::string Printed(Chain<Selection> selections) {
  std::string text;
  for (const Selection& selection : selections) {
    if (!text.empty()) text += " ";
    if (selection.kind == Selection::Kind::kSpread) text += "..." + std::string(selection.name);
    if (selection.kind == Selection::Kind::kInline) text += "...on " + std::string(selection.name);
    if (selection.kind == Selection::Kind::kField) {
      if (selection.key != selection.name) text += std::string(selection.key) + ":";
      text += selection.name;
    }
    text += Printed(selection.arguments) + Printed(selection.directives);
    if (!selection.selections.empty()) text += "{" + Printed(selection.selections) + "}";
  }
  return text;
}

inline std::string Printed(Chain<Field> fields) {
  std::string text;
  for (const Field& field : fields) {
    if (!text.empty()) text += " ";
    if (!field.on.empty()) text += "<" + std::string(field.on) + ">";
    if (field.key != field.name) text += std::string(field.key) + ":";
    text += std::string(field.name) + Printed(field.arguments);
    if (!field.fields.empty()) text += "{" + Printed(field.fields) + "}";
  }
  return text;
}

// "message (line:column, ...)"
inline std::string Printed(const Fault& fault) {
  std::string text = fault.message + " (";
  for (const Location& at : fault.locations)
    text += (text.back() == '(' ? "" : ", ") + std::to_string(at.line) + ":" + std::to_string(at.column);
  return text + ")";
}

// What is wrong with the text; empty: nothing.
inline std::string SyntaxFaultOf(std::string_view text, const Options& options = {}) {
  Document document;
  const std::optional<Fault> fault = document.Parse(text, options);
  return fault ? fault->message : "";
}

inline std::vector<std::string> FaultsOf(std::string_view text) {
  Document document;
  if (const auto fault = document.Parse(text)) return {fault->message};
  std::vector<std::string> printed;
  for (const Fault& fault : Validate(document)) printed.push_back(Printed(fault));
  return printed;
}

// The only operation, expanded.
inline std::string Expanded(std::string_view text, std::vector<Variables::Given> given = {}, const Options& options = {}) {
  Document document;
  if (const auto fault = document.Parse(text, options)) return fault->message;
  for (const Fault& fault : Validate(document)) return Printed(fault);
  const Operation* operation = nullptr;
  if (const auto fault = ChooseOperation(document, "", &operation)) return Printed(*fault);
  Variables variables;
  if (const auto fault = variables.Bind(document, *operation, given)) return Printed(*fault);
  Expansion expansion;
  if (const auto fault = expansion.Expand(document, *operation, variables)) return Printed(*fault);
  return Printed(expansion.fields());
}

}  // namespace vecgate::graphql
