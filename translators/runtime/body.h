// Reading a JSON body: the fast source first; on any fault once more with the exact source, whose word is final.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/json_reader.h"
#include "runtime/route.h"

namespace vecgate::runtime {

class Api;

struct BodyFault {
  uint32_t status = 400;
  std::string text;  // in the API's words, place included
};

// Reads `body` with `read`, which is called once or twice and must begin by clearing what it fills.
// `read` returns false after a failure. Nullopt: it was read and is valid. A refusal (JsonReader::Refuse) comes as
// a format error whose text is the refusal's own.
std::optional<BodyFault> ReadBody(const Api& api, const RouteSpec& route, std::string_view body,
                                  const std::function<bool(JsonReader&, const JsonValue&)>& read);

// Reads JSON that is no body of a request. False when it is not JSON of the right form, or not valid.
bool ReadJson(const ApiSpec& api, std::string_view json, ReadFunction read, google::protobuf::Message* message);

// Fills {name} placeholders.
std::string FillTemplate(std::string_view text,
                         std::initializer_list<std::pair<std::string_view, std::string_view>> values);

}  // namespace vecgate::runtime
