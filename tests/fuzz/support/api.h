// Qdrant's API as the gateway serves it, and what must hold of everything it answers.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "runtime/translation.h"

namespace vecgate::fuzz {

const runtime::Api& TestedApi();

// "POST /collections/{collection_name}/points/query"
std::string NameOf(const runtime::RouteSpec& route);

// By a parser that is not ours, UTF-8 included.
bool IsJson(std::string_view text);

// A status that HTTP knows, and a body that is what its Content-Type says.
void RequireSound(const runtime::Reply& reply);

// Equal messages give equal bytes.
std::string BytesOf(const google::protobuf::Message& message);

// Some number in it is infinite or none at all, which JSON cannot say.
bool HasNonFinite(const google::protobuf::Message& message);

}  // namespace vecgate::fuzz
