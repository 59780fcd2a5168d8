// Bodies, read as the server reads them: the first JSON value of the text; bytes that are not UTF-8 and lone surrogates
// become U+FFFD; an empty body is one that is missing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/json_reader.h"
#include "runtime/translation.h"

namespace vecgate::translators::weaviate {

struct BodyFault {
  enum class Kind : uint8_t {
    kParsing,     // no JSON, or JSON of another type than the field's
    kValidation,  // `code` is the validation's own (go_values.h)
    kRefused,     // understood, and refused with the HTTP status `code`
  };
  Kind kind = Kind::kParsing;
  uint32_t code = 400;
  std::string text;
};

// Reads `body` with `read`, which is called once or twice and must begin by clearing what it fills: with the fast
// source, and on any fault once more with the exact one, whose word is final. kBodyPadding (json_value.h) readable bytes
// follow the body. Nullopt: it was read.
std::optional<BodyFault> ReadJsonBody(const runtime::Api& api, std::string_view body,
                                      const std::function<bool(runtime::JsonReader&, const runtime::JsonValue&)>& read);

}  // namespace vecgate::translators::weaviate
