// The APIs there are, by the kind of upstream that the configuration names (upstream.kind).
#pragma once

#include <string_view>

#include "runtime/route.h"

namespace vecgate {

// `kind` is one the configuration admits. Static storage.
const runtime::ApiSpec& ApiOf(std::string_view kind);

}  // namespace vecgate
