// Heads of requests: finding their end in a stream of bytes, and reading them.
//
// Boost.Beast's parser knows the grammar. On top of it are refused: line feeds without carriage return, folded fields,
// a Transfer-Encoding that is not exactly "chunked" or comes with HTTP/1.0, no, several or impossible Host fields
// (RFC 9112).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/request_head.h"

namespace vecgate::http {

struct HeadScan {
  enum class Result : uint8_t { kIncomplete, kComplete, kMalformed };
  Result result = Result::kIncomplete;
  size_t size = 0;  // kComplete: bytes of the head, its empty line included
};

// Looks for the end of the head that `bytes` begin with. `scanned`: bytes a former call with the same start saw.
HeadScan ScanHead(std::string_view bytes, size_t scanned);

// Reads a complete head. Returns 0, or the status that refuses it (400, 501, 505). `out` gets views into `bytes`.
uint32_t ParseHead(std::string_view bytes, RequestHead* out);

}  // namespace vecgate::http
