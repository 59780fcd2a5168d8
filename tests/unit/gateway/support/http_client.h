// A blocking HTTP client that sends exactly the bytes it is told and reads replies one by one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "support/tls_client.h"

namespace vecgate::test {

struct HttpReply {
  int status = 0;     // 0: the connection ended before a whole reply
  std::string head;
  std::string body;
  bool Has(std::string_view field) const;          // "connection: close", any case
};

class HttpClient {
 public:
  explicit HttpClient(uint16_t port);
  HttpClient(uint16_t port, const ClientTls& tls);
  explicit HttpClient(const std::string& unix_path);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // False when the connection refuses more bytes.
  bool Send(std::string_view bytes);
  HttpReply Read(bool head_only = false);
  HttpReply Ask(std::string_view bytes) {
    Send(bytes);
    return Read();
  }
  // The next `size` bytes; fewer when the connection ends before.
  std::string ReadBytes(size_t size);
  // Waits for the other side to end the connection; false when bytes come or nothing happens.
  bool Ended();
  // The same for a connection that does not end in order.
  bool WasReset();
  // Null without TLS.
  TlsLayer* tls() const { return tls_.get(); }
  // The connection once more, to be owned by the caller.
  int Duplicate() const;
  uint16_t LocalPort() const;
  void ShutdownSend();
  // Ends the connection now.
  void Close();

 private:
  long Receive(char* to, size_t size);
  bool Fill();
  int descriptor_;
  std::unique_ptr<TlsLayer> tls_;
  std::string input_;
};

// A request with the fields every request needs.
std::string Get(std::string_view path, std::string_view fields = "");
std::string Post(std::string_view path, std::string_view body, std::string_view fields = "");

}  // namespace vecgate::test
