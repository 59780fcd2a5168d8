// Names a fault in a JSON text the way serde_json does.
#pragma once

#include <cstddef>
#include <string_view>

#include "runtime/json_value.h"

namespace vecgate::runtime {

// What a parser waits for after the last token it accepted.
enum class Awaiting {
  kValue,         // the root, or the value behind a key (the colon is still to come: kColon)
  kColon,         // ':' and a value
  kFirstElement,  // an element or ']'
  kNextElement,   // ',' and an element, or ']'
  kFirstKey,      // a key or '}'
  kNextKey,       // ',' and a key, or '}'
  kEnd,           // nothing but blanks
};

// `from`: one past the last accepted token. `at_depth_limit`: no further container may be opened.
// Only called for a text that some parser refused right after `from`; a text without a fault there is blamed
// with "expected value".
SyntaxError DiagnoseSyntax(std::string_view body, size_t from, Awaiting awaiting, bool at_depth_limit);

}  // namespace vecgate::runtime
