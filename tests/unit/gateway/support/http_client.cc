#include "support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/text.h"

namespace vecgate::test {

bool HttpReply::Has(std::string_view field) const {
  for (const std::string_view line : base::Split(head, '\n')) {
    if (base::EqualsIgnoreCase(line.substr(0, line.size() - line.ends_with('\r')), field)) return true;
  }
  return false;
}

HttpClient::HttpClient(uint16_t port) : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{20, 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  if (connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) Close();
}

HttpClient::HttpClient(uint16_t port, const ClientTls& tls) : HttpClient(port) {
  tls_ = std::make_unique<TlsLayer>(descriptor_, tls);
}

HttpClient::HttpClient(const std::string& unix_path) : descriptor_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  unix_path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) Close();
}

HttpClient::~HttpClient() { Close(); }

void HttpClient::Close() {
  if (descriptor_ >= 0) close(std::exchange(descriptor_, -1));
}

void HttpClient::ShutdownSend() {
  if (tls_ != nullptr) tls_->End();
  shutdown(descriptor_, SHUT_WR);
}

long HttpClient::Receive(char* to, size_t size) {
  return tls_ != nullptr ? tls_->Receive(to, size) : recv(descriptor_, to, size, 0);
}

bool HttpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent =
        tls_ != nullptr ? tls_->Send(bytes) : send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool HttpClient::Fill() {
  char buffer[65536];
  const ssize_t received = Receive(buffer, sizeof(buffer));
  if (received <= 0) return false;
  input_.append(buffer, static_cast<size_t>(received));
  return true;
}

HttpReply HttpClient::Read(bool head_only) {
  HttpReply reply;
  size_t end = 0;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return reply;
  }
  reply.head = input_.substr(0, end);
  input_.erase(0, end + 4);
  reply.status = std::atoi(reply.head.c_str() + 9);
  size_t length = 0;
  for (const std::string_view line : base::Split(reply.head, '\n')) {
    if (base::StartsWithIgnoreCase(line, "content-length: ")) {
      length = static_cast<size_t>(std::atoll(std::string(line.substr(16)).c_str()));
    }
  }
  if (head_only) return reply;
  while (input_.size() < length) {
    if (!Fill()) {
      reply.status = 0;
      return reply;
    }
  }
  reply.body = input_.substr(0, length);
  input_.erase(0, length);
  return reply;
}

std::string HttpClient::ReadBytes(size_t size) {
  while (input_.size() < size && Fill()) {
  }
  std::string bytes = input_.substr(0, size);
  input_.erase(0, bytes.size());
  return bytes;
}

bool HttpClient::Ended() {
  if (!input_.empty()) return false;
  char byte;
  const ssize_t received = Receive(&byte, 1);
  return received == 0 || (received < 0 && errno == ECONNRESET);
}

bool HttpClient::WasReset() {
  char byte;
  return input_.empty() && Receive(&byte, 1) < 0 && errno == ECONNRESET;
}

int HttpClient::Duplicate() const { return dup(descriptor_); }

uint16_t HttpClient::LocalPort() const {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

std::string Get(std::string_view path, std::string_view fields) {
  return base::Concat("GET ", path, " HTTP/1.1\r\nHost: test\r\n", fields, "\r\n");
}

std::string Post(std::string_view path, std::string_view body, std::string_view fields) {
  return base::Concat("POST ", path, " HTTP/1.1\r\nHost: test\r\nContent-Length: ", body.size(), "\r\n", fields,
                      "\r\n", body);
}

}  // namespace vecgate::test
