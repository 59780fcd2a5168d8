// Plans to C++ text. No decisions are taken here.
#pragma once

#include <string>

#include "codegen/plan.h"

namespace vecgate::codegen {

// Indented lines of code.
class Code {
 public:
  // A line; a leading '}' closes a block, a trailing '{' opens one. An empty line stays empty.
  void Line(absl::string_view text = {});
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  int depth_ = 0;
};

std::string Quoted(absl::string_view text);
// A double literal of exactly that value.
std::string Real(double value);
// A string_view literal that may hold NUL bytes.
std::string QuotedBytes(absl::string_view bytes);
// "kEnum" constant of words.h for a value.
std::string WordsName(const WordsPlan& words);

// <file>.translate.h and .cc of one schema file.
std::string EmitHeader(const Plan& plan, const google::protobuf::FileDescriptor* file);
std::string EmitSource(const Plan& plan, const google::protobuf::FileDescriptor* file);
// words.h: spellings of enums and word tables.
std::string EmitWords(const Plan& plan);
// api.h and api.cc: routes, envelope, errors.
std::string EmitApiHeader(const Plan& plan);
std::string EmitApiSource(const Plan& plan);

// Parts of EmitSource.
void EmitReader(const Plan& plan, const ShapePlan& shape, Code* code);
void EmitWriter(const Plan& plan, const ShapePlan& shape, Code* code);
// Statements that print the value held by `message` (a C++ expression of the root).
void EmitWriteValue(const ValuePlan& value, const std::string& message, Code* code);

// What the name of the shape's runtime function must be qualified with: "runtime::" where the shape's own functions hide
// it. A function of Api.runtime_header is found without.
inline std::string RuntimeScope(const Plan& plan, const ShapePlan& shape) {
  return plan.api->runtime_header().empty() || shape.runtime == shape.name ? "runtime::" : "";
}

// C++ condition under which a message (an expression) counts as set by its shape; "true" when it always does.
std::string HoldsSomething(const ShapePlan& shape, const std::string& message);

// Lines "message.field: how it is mapped" of every message and field.
std::string Report(const Plan& plan);

}  // namespace vecgate::codegen
