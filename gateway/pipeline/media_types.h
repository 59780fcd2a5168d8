// What a request says of the types of its body and of its answer.
#pragma once

#include <string_view>

#include "http/request_head.h"

namespace vecgate::pipeline {

// Type of the body without its parameters, as it was written; a body without a type is "application/octet-stream".
std::string_view BodyTypeOf(const http::RequestHead& head);

// The type is JSON's.
bool IsJson(std::string_view type);

// The client takes JSON (Accept); one that says nothing takes everything.
bool TakesJson(const http::RequestHead& head);

}  // namespace vecgate::pipeline
