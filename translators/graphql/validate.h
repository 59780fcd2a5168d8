// What can be told wrong about a document without knowing a schema.
#pragma once

#include <vector>

#include "graphql/document.h"

namespace vecgate::graphql {

// In the document's order, at most kMaxFaults. Empty: the document may be expanded (its fragments are known and make no
// cycle, its variables are defined, its names are unique).
inline constexpr size_t kMaxFaults = 20;
std::vector<Fault> Validate(const Document& document);

}  // namespace vecgate::graphql
