// The client's side of TLS over a connected socket, blocking.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "tls/openssl.h"

namespace vecgate::test {

using SessionPtr = std::unique_ptr<SSL_SESSION, tls::Freed<SSL_SESSION_free>>;

// What a client offers and expects.
struct ClientTls {
  std::string authorities = {};  // PEM; empty: any certificate is taken
  std::string server_name = {};
  int least = TLS1_2_VERSION;
  int most = TLS1_3_VERSION;
  std::string ciphers = {};      // of TLS 1.2; empty: the library's, all of them
  std::string certificate = {};  // PEM, with `key`
  std::string key = {};
  std::string protocols = {};     // ALPN in wire form: "\x08http/1.1"
  SSL_SESSION* session = nullptr;  // to come back with
};

class TlsLayer {
 public:
  // Makes the handshake; ok() tells what came of it.
  TlsLayer(int descriptor, const ClientTls& settings);
  ~TlsLayer();

  bool ok() const { return ok_; }
  const std::string& error() const { return error_; }  // "tlsv13 alert certificate required"
  SSL* ssl() const { return ssl_.get(); }
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  std::string version() const { return SSL_get_version(ssl_.get()); }
  std::string cipher() const { return SSL_get_cipher_name(ssl_.get()); }
  std::string subject() const;  // of the server's certificate: its common name
  // To come back with. With TLS 1.3 only once something was read.
  SessionPtr session() const;

  // As send and recv.
  long Send(std::string_view bytes);
  long Receive(char* to, size_t size);
  // Says that nothing more comes.
  void End();

 private:
  std::unique_ptr<SSL_CTX, tls::Freed<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, tls::Freed<SSL_free>> ssl_;
  bool ok_ = false;
  std::string error_;
};

}  // namespace vecgate::test
