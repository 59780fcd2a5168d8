// What Go's encoding/json says of a JSON text, and where it stops: it takes the first value and does not look at what
// is behind. Asked only when our own parser did not take a body.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vecgate::translators::weaviate {

struct GoScan {
  size_t end = 0;     // one past the value; when there is one
  std::string error;  // "invalid character 'b' looking for beginning of value"; empty: there is one
};

// A text of blanks only is told as "EOF".
GoScan ScanFirstValue(std::string_view text);

}  // namespace vecgate::translators::weaviate
