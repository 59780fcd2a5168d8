// Text from outside a JSON body, which need not be UTF-8: percent-decoded bytes, the text of a gRPC status.
#pragma once

#include <string>
#include <string_view>

namespace vecgate::runtime {

// The text with U+FFFD in place of every part that is not UTF-8: of a sequence that breaks off, what there is of it is
// one such part (Unicode 3.9, as other servers do it).
std::string Utf8Text(std::string_view bytes);

}  // namespace vecgate::runtime
