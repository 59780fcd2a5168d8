// GraphQL documents: any bytes are read or refused; what was read stands where it says, prints as JSON, and expands
// within its bounds.
//
// Input: the document.
#include <string>

#include "graphql/document.h"
#include "graphql/expand.h"
#include "graphql/validate.h"
#include "graphql/value_text.h"
#include "graphql/variables.h"
#include "runtime/json_value.h"
#include "runtime/utf8.h"
#include "support/input.h"

namespace vecgate::fuzz {
namespace {

using namespace graphql;

constexpr Options kOptions{.max_bytes = 1 << 20, .max_depth = 40, .max_fields = 500, .null_literals = true};

void CheckValue(const Document& document, const Value& value, const Variables& variables) {
  Require(value.offset < document.source().size(), "a value stands in the source");
  Require(document.source().substr(value.name_offset, value.name.size()) == value.name, "a name stands where it says");
  for (const Value& child : value.children) CheckValue(document, child, variables);
}

size_t CheckFields(const Document& document, Chain<Field> fields, const Variables& variables) {
  static runtime::JsonDocument json(1000);
  size_t count = 0;
  for (const Field& field : fields) {
    ++count;
    Require(document.source().substr(field.offset, field.key.size()) == field.key, "a field begins with its key");
    Require(document.source().substr(field.selection->name_offset, field.name.size()) == field.name, "and has its name");
    for (const Value& argument : field.arguments) {
      CheckValue(document, argument, variables);
      const std::string text = Json(argument, variables);
      runtime::SyntaxError error;
      Require(json.ParseExact(text, &error) || error.text == "number out of range", "an argument is JSON");
    }
    count += CheckFields(document, field.fields, variables);
  }
  return count;
}

void Try(std::string_view source) {
  Document document;
  if (const auto fault = document.Parse(source, kOptions)) {
    Require(fault->message.starts_with("Syntax Error GraphQL request (") || fault->message.starts_with("Document is "),
            "a fault of syntax says so");
    Require(fault->locations.size() == 1 && fault->locations[0].line >= 1, "and where it is");
    return;
  }
  if (!Validate(document).empty()) return;
  for (const Operation& operation : document.operations()) {
    const Variables::Given given[] = {{"n", "[1,\"]\",{\"x\":[null]}]"}, {"t", "true"}};
    Variables variables;
    if (variables.Bind(document, operation, given)) continue;
    Expansion expansion;
    if (expansion.Expand(document, operation, variables)) continue;
    Require(CheckFields(document, expansion.fields(), variables) <= kOptions.max_fields, "fields are bounded");
  }
}

}  // namespace
}  // namespace vecgate::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // As bodies are, once they were read.
  vecgate::fuzz::Try(vecgate::runtime::Utf8Text({reinterpret_cast<const char*>(data), size}));
  return 0;
}
