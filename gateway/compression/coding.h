// Content codings by name, and which of them a client wants.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/header.h"

namespace vecgate::compression {

enum class Coding : uint8_t { kIdentity, kBrotli, kGzip, kDeflate, kZstd };

// As in Content-Encoding.
std::string_view NameOf(Coding coding);

// What to say to a client that accepts nothing of what there is.
inline constexpr std::string_view kCodingNames = "br, gzip, deflate, zstd";

// How a request's body is coded. Unknown codings, and several on top of each other, are taken for identity.
Coding RequestCoding(base::Headers headers);

// The coding for the reply by Accept-Encoding (RFC 9110 12.5.3): the acceptable one of the highest weight, the first
// listed among equals, identity when none of ours is listed. Nothing: the client excludes identity too.
std::optional<Coding> ReplyCoding(base::Headers headers);

}  // namespace vecgate::compression
