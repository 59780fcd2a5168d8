// A blocking HTTP client that sends exactly the bytes it is told and reads replies one by one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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
  // The connection once more, to be owned by the caller.
  int Duplicate() const;
  uint16_t LocalPort() const;
  void ShutdownSend();
  // Ends the connection now.
  void Close();

 private:
  bool Fill();
  int descriptor_;
  std::string input_;
};

// A request with the fields every request needs.
std::string Get(std::string_view path, std::string_view fields = "");
std::string Post(std::string_view path, std::string_view body, std::string_view fields = "");

}  // namespace vecgate::test
