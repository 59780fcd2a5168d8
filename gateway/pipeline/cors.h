// Cross-origin requests, answered as permissively as the databases do: any origin, method and header, no cookies.
#pragma once

#include <string>
#include <string_view>

#include "base/header.h"

namespace vecgate::pipeline {

// A browser asking whether it may send the real request.
bool IsPreflight(std::string_view method, base::Headers headers);

// Header fields of a reply, each ending in CRLF. With `preflight`, those that answer the browser's question too. What
// else the reply varies by (may be empty) comes first in `vary`.
std::string CorsFields(base::Headers headers, bool preflight, std::string_view vary);

}  // namespace vecgate::pipeline
