// The HTTP server of one I/O thread: accepts connections, keeps their sessions, drains them.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>

#include "base/awaitable.h"
#include "config/config.h"
#include "http/exchange.h"
#include "http/session.h"

namespace vecgate::http {

// Shared by the servers of all threads.
struct ConnectionCount {
  std::atomic<size_t> now{0};
};

// Of one listener; shared by the servers of all threads.
struct ServerSettings {
  std::string name = "rest";
  const tls::ListenerContexts* tls = nullptr;    // null: without TLS
  PlainCredentials* plain_credentials = nullptr;  // null: nobody listens in between
  config::Limits limits;
  config::Timeouts timeouts;
  // How often deadlines are looked at; they are met that late.
  std::chrono::milliseconds clock{250};
};

// Who listens when a server is drained.
enum class Successor : uint8_t {
  kNone,   // nobody: who waits to be accepted is served, idle connections end
  kThere,  // another process, on the same sockets: who waits is left to it, idle connections get one more answer
};

// Everything but the constructor, the destructor and idle() runs on the thread of `io`.
class Server {
 public:
  // `descriptor`: a listening socket of that family, owned from now on. `handler`, what `settings` point to, and `count`
  // outlive the server.
  Server(boost::asio::io_context& io, int descriptor, int family, Handler& handler, const ServerSettings& settings,
         ConnectionCount& count);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void Start();
  // Limits and timeouts that count from now on, also for open connections.
  void Adopt(const config::Limits& limits, const config::Timeouts& timeouts);
  // Stops listening and ends each connection after its request. With a successor it may be drained again without.
  void Drain(Successor successor = Successor::kNone);
  // Ends all connections now.
  void Abort();

  // True when no accept loop, clock or session runs any more. From any thread.
  bool idle() const { return running_.load(std::memory_order_acquire) == 0; }

 private:
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol, base::Executor>;
  using Timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                        base::Executor>;

  base::Awaitable<void> Accept();
  base::Awaitable<void> Watch();
  void Admit(Socket socket);
  void Finished(Session* session);
  // Runs `work` as a coroutine counted by `running_`.
  void Run(base::Awaitable<void> work);

  boost::asio::io_context& io_;
  const int family_;
  Acceptor acceptor_;
  Timer clock_;
  Timer pause_;
  Handler& handler_;
  ServerSettings settings_;
  ConnectionCount& count_;
  bool accepting_ = true;
  bool draining_ = false;
  bool ending_ = false;  // draining, and nobody goes on
  const SessionSettings session_settings_;
  absl::flat_hash_map<Session*, std::unique_ptr<Session>> sessions_;
  std::atomic<size_t> running_{0};
};

}  // namespace vecgate::http
