// Values of properties as GraphQL answers have them: whole, or the members that were asked for.
#pragma once

#include <weaviate/v1/properties.pb.h>

#include <string_view>
#include <vector>

#include "graphql/document.h"
#include "runtime/json_writer.h"
#include "weaviate/graphql_fault.h"
#include "weaviate/graphql_selection.h"

namespace vecgate::translators::weaviate {

// `type`: the name of the object's type. Null for what is not there. Where the kind of the value tells that the document
// should have selected members, or none, that goes to `faults`.
void WriteAskedValue(const AskedField& asked, std::string_view type, const ::weaviate::v1::Properties* properties,
                     const graphql::Document& document, runtime::JsonWriter& writer, std::vector<GraphQlFault>* faults);

}  // namespace vecgate::translators::weaviate
