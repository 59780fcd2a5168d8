// An HTTP server on a thread of its own, port chosen by the system.
#pragma once

#include <memory>

#include "http/listening.h"
#include "http/server.h"
#include "support/io_thread.h"

namespace vecgate::test {

class TestServer {
 public:
  // The handler is made on the server's own io_context: `make(io)` returns a unique_ptr to it.
  template <typename Make>
  TestServer(http::ServerSettings settings, Make make) : settings_(std::move(settings)) {
    auto sockets = http::ListeningSockets::Open({"127.0.0.1", 0}, 1);
    port_ = sockets->port();
    handler_ = make(thread_.io());
    server_ = std::make_unique<http::Server>(thread_.io(), sockets->Take(0), sockets->family(), *handler_, settings_,
                                             connections_);
    thread_.Run([this] { server_->Start(); });
  }
  ~TestServer() {
    thread_.Run([this] {
      server_->Drain();
      server_->Abort();
    });
    thread_.Join();
  }

  uint16_t port() const { return port_; }
  IoThread& thread() { return thread_; }
  http::Server& server() { return *server_; }
  size_t connections() const { return connections_.now.load(); }

 private:
  http::ServerSettings settings_;
  http::ConnectionCount connections_;
  uint16_t port_ = 0;
  IoThread thread_;
  std::unique_ptr<http::Handler> handler_;
  std::unique_ptr<http::Server> server_;
};

// Settings with short clocks.
inline http::ServerSettings QuickSettings() {
  http::ServerSettings settings;
  settings.clock = std::chrono::milliseconds(5);
  return settings;
}

}  // namespace vecgate::test
