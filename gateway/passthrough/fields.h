// Which header fields travel through.
#pragma once

#include <string>
#include <string_view>

#include "base/header.h"
#include "http/request_head.h"
#include "http_client/connection.h"

namespace vecgate::passthrough {

// The head of the request as the other side gets it: method, target, `metadata`, and those fields of the client's that
// say what is asked for. The body keeps its framing, the connection is for this request only.
std::string FormatHead(const http::RequestHead& head, const base::Metadata& metadata, std::string_view authority);

// The answer's fields for the client, each ending in CRLF: all but those that concern the connection (RFC 9110 7.6.1),
// and those a reply of ours has anyway (length, type, date).
// The request's x-request-id goes back, too.
std::string ReplyFields(const http_client::ResponseHead& head, const base::Metadata& metadata);

std::string_view ContentType(const http_client::ResponseHead& head);

}  // namespace vecgate::passthrough
