// Values as text.
#pragma once

#include <string>

#include "graphql/document.h"
#include "graphql/variables.h"

namespace vecgate::graphql {

// As JSON: enum values are strings, variables are what they stand for (null without a value).
void AppendJson(const Value& value, const Variables& variables, std::string* out);
std::string Json(const Value& value, const Variables& variables);
// About how long that text is, without making it. Variables may make it much longer than the document.
size_t JsonSize(const Value& value, const Variables& variables);

// As in a document, in the form error texts have: {path: ["a"], limit: $n}
void AppendGraphql(const Value& value, std::string* out);
std::string Graphql(const Value& value);

// A JSON string, quotes included.
void AppendQuoted(std::string_view text, std::string* out);

}  // namespace vecgate::graphql
