// What is known of a connection whatever is asked over it.
#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>

#include "tls/handshake.h"

namespace vecgate::http {

using ClientCertificate = tls::ClientCertificate;

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

// What the address of a peer tells; nothing but the listener when it is of no known kind.
ConnectionFacts FactsOf(const sockaddr& peer, size_t size, std::string_view listener);

}  // namespace vecgate::http
