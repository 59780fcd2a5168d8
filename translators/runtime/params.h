// Path variables and query parameters: text from the URL, checked and kept until the request message takes them.
#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/field_path.h"
#include "runtime/route.h"

namespace vecgate::runtime {

// A ParamSpec with its field resolved.
struct CompiledParam {
  const ParamSpec* spec;
  FieldPath field;  // empty: not sent
};

struct ParamValue {
  const CompiledParam* param = nullptr;
  std::string text;                                   // as given
  uint64_t number = 0;                                // kUnsigned, kBool, kEnum
  const google::protobuf::Message* message = nullptr; // kShape, kRuntime: on the arena
};

struct ParamFault {
  uint32_t status;
  std::string text;
  bool late = false;  // found where the operation begins: whatever else is wrong with the parameters comes first
};

// Pairs of a query string in its order, percent-decoded ('+' is a space).
std::vector<std::pair<std::string, std::string>> ParseQuery(std::string_view query);

// Reads the path variables, in the order of the template.
std::optional<ParamFault> ReadVariables(const ApiSpec& api, std::span<const CompiledParam> params,
                                        std::span<const std::string> texts, google::protobuf::Arena* arena,
                                        std::vector<ParamValue>* values);
// Reads the query parameters that the route knows; others are ignored. Defaults come last.
std::optional<ParamFault> ReadQuery(const ApiSpec& api, std::span<const CompiledParam> params, std::string_view query,
                                    google::protobuf::Arena* arena, std::vector<ParamValue>* values);

// Puts the value into the request.
void ApplyParam(const ParamValue& value, google::protobuf::Message* request);

}  // namespace vecgate::runtime
