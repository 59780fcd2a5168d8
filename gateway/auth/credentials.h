// What a request says about its caller, in the form the upstream reads.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/header.h"

namespace vecgate::auth {

// Headers the upstream is allowed to see: exact names, and name endings ("-api-key") and beginnings. Lower case.
struct ForwardRules {
  std::span<const std::string_view> names;
  std::span<const std::string_view> suffixes;
  std::span<const std::string_view> read_names;     // with reads only
  std::span<const std::string_view> trusted_names;  // from trusted proxies only, whatever else the rules say
  std::span<const std::string_view> prefixes = {};
};
// What is known of the request they are applied to.
struct ForwardScope {
  bool is_read = false;
  bool from_trusted_proxy = false;
};

// Metadata for an upstream call. A header whose name or value gRPC cannot carry is left out, as if it had not been
// sent: upstreams read credentials as visible ASCII and take anything else for absent.
base::Metadata ForwardedMetadata(base::Headers headers, const ForwardRules& rules, const ForwardScope& scope);

// Where the API lets a query parameter stand in for the header `authorization`: that header, made of `scheme` and the
// parameter, unless the header was sent or the parameter was not.
void AddParamCredential(std::string_view query, std::string_view param, std::string_view scheme,
                        base::Metadata* metadata);

// No header `authorization` that begins with `scheme` goes along.
bool IsAnonymous(const base::Metadata& metadata, std::string_view scheme);

// Takes out what decides who the caller is: api-key and authorization.
void RemoveCredentials(base::Metadata* metadata);

// SHA-256 of what decides who the caller is (api-key and authorization); of nothing when neither was sent.
using Fingerprint = std::array<uint8_t, 32>;
Fingerprint FingerprintOf(const base::Metadata& metadata);
// SHA-256 of one credential.
Fingerprint FingerprintOfText(std::string_view credential);

}  // namespace vecgate::auth
