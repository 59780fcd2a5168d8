// Arguments of a GraphQL field, read as JSON.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "graphql/expand.h"
#include "graphql/variables.h"
#include "runtime/translation.h"
#include "weaviate/graphql_fault.h"
#include "weaviate/graphql_input_types.h"
#include "weaviate/json_body.h"

namespace vecgate::translators::weaviate {

// All arguments as one object, in which a lone value stands in a list where lists are taken. They are among `known` and
// of its types. `read` is as ReadJsonBody has it. Of a fault only message and code are told.
std::optional<GraphQlFault> ReadArguments(
    const runtime::Api& api, std::span<const InputField> known, const graphql::Field& field,
    const graphql::Variables& variables,
    const std::function<bool(runtime::JsonReader&, const runtime::JsonValue&)>& read);

// What is said of arguments that take more bytes than there may be.
GraphQlFault TooLarge(const graphql::Document& document, const graphql::Field& field);

// An argument that is there and not null.
bool FindArgument(const runtime::JsonValue& arguments, std::string_view name, runtime::JsonValue* value);

// `has` tells whether it was given; a number beyond 32 bits is the largest.
bool ReadNumber(runtime::JsonReader& reader, const runtime::JsonValue& arguments, std::string_view name, bool* has,
                int32_t* number);

}  // namespace vecgate::translators::weaviate
