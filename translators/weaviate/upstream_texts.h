// What the server says of failures over gRPC, and how the same is said by its REST API.
//
// gRPC puts nearly all failures into one code; the text tells which it is. Texts of tenants are the same in both behind
// what names the door.
#pragma once

#include <string>
#include <string_view>

#include "runtime/translation.h"

namespace vecgate::translators::weaviate {

// The collection is not in the schema.
bool IsUnknownCollection(const runtime::CallOutcome& outcome);
// The server did not get to it, or the call to the server: the same may succeed another time.
bool IsPassing(const runtime::CallOutcome& outcome);
// The caller lacks rights.
bool IsForbidden(std::string_view text);

// The part of the text that tells what is wrong with the tenant, such as "tenant not found: ..."; empty: it tells of
// something else.
std::string_view TenantFault(std::string_view text);
// Of these: the collection and the request disagree on whether there is a tenant.
bool IsTenancyMismatch(std::string_view tenant_fault);

// The part of the text from `words` on; empty: they are not in it.
std::string_view From(std::string_view text, std::string_view words);

// A fault of a property that was written. Numbers are told with the types of JSON.
std::string PropertyFault(std::string_view text);
// The object was found wrong before anything was made of it.
bool IsValidationFault(std::string_view text);
// The object cannot be written because of the schema's own rules, which the REST API has as a fault of the server.
bool IsSchemaFault(std::string_view text);

std::string Lower(std::string_view text);

}  // namespace vecgate::translators::weaviate
