// What came of a handshake, and what it told about the client.
#pragma once

#include <openssl/types.h>

#include <array>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vecgate::tls {

enum class HandshakeResult : uint8_t {
  kFull,
  kResumed,
  kTimeout,             // the client took too long
  kGone,                // the client went away
  kPlainHttp,           // the client speaks HTTP without TLS
  kVersion,             // no common version of the protocol
  kAlgorithm,           // no common cipher, group or kind of signature
  kApplicationProtocol,  // the client does not speak HTTP/1.1
  kNoCertificate,       // a client certificate is required
  kBadCertificate,      // the client's certificate is not accepted
  kRefusedByClient,     // the client sent an alert: it does not accept our certificate, mostly
  kMalformed,           // no TLS, or broken
};
inline constexpr std::array<std::string_view, 12> kHandshakeResults = {
    "full",
    "resumed",
    "timeout",
    "client_gone",
    "plain_http",
    "no_common_version",
    "no_common_algorithm",
    "no_common_application_protocol",
    "no_client_certificate",
    "bad_client_certificate",
    "refused_by_client",
    "malformed"};
inline std::string_view NameOf(HandshakeResult result) { return kHandshakeResults[static_cast<size_t>(result)]; }

// Of a client certificate that was verified against the listener's authorities.
struct ClientCertificate {
  std::string subject;  // RFC 2253: "CN=reader,O=Example"
  std::string issuer;
  // Subject alternative names with their kind: "DNS:app.example.org", "URI:spiffe://example/app", "email:a@b.org",
  // "IP:10.0.0.7".
  std::vector<std::string> names;
  std::string serial;       // hexadecimal
  std::string fingerprint;  // SHA-256 of the certificate, hexadecimal
};

// `error`: how the handshake of `ssl` ended.
HandshakeResult ResultOf(const SSL* ssl, const boost::system::error_code& error);

// After a handshake.
std::string_view VersionOf(const SSL* ssl);     // "TLSv1.3"
std::string_view CipherOf(const SSL* ssl);      // "TLS_AES_256_GCM_SHA384"
std::string_view ServerNameOf(const SSL* ssl);  // that the client asked for; empty: none
std::optional<ClientCertificate> ClientCertificateOf(const SSL* ssl);

}  // namespace vecgate::tls
