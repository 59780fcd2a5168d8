// What is known of a connection whatever is asked over it.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace vecgate::http {

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

// Plain data, made once per connection before its first request.
struct ConnectionFacts {
  std::string peer;          // "192.0.2.7:50312", "[2001:db8::7]:50312", "unix"
  std::string peer_address;  // without the port
  std::string listener;      // the listener's name in the configuration
  bool unix_socket = false;
  bool loopback = false;  // the client is on this machine by its address; true for unix sockets, too
  bool tls = false;
  std::string tls_version;  // "TLSv1.3"
  std::string tls_cipher;   // "TLS_AES_256_GCM_SHA384"
  std::string server_name;  // the name the client asked for; empty: none
  std::optional<ClientCertificate> client_certificate;
};

}  // namespace vecgate::http
