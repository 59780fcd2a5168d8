#include "http/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <exception>
#include <utility>

#include "base/log.h"
#include "http/reply_head.h"

namespace vecgate::http {
namespace {

namespace asio = boost::asio;
using base::Awaitable;
using base::kAsTuple;
using boost::system::error_code;

// Out of descriptors: wait for some to be given back instead of asking again at once.
constexpr std::chrono::milliseconds kAcceptPause{50};

}  // namespace

Server::Server(asio::io_context& io, int descriptor, int family, Handler& handler, const ServerSettings& settings,
               ConnectionCount& count)
    : io_(io),
      family_(family),
      acceptor_(io, asio::generic::stream_protocol(family, family == AF_UNIX ? 0 : IPPROTO_TCP), descriptor),
      clock_(io),
      pause_(io),
      handler_(handler),
      settings_(settings),
      count_(count),
      session_settings_{settings_.name, settings_.limits, settings_.timeouts,          draining_,
                        ending_,        settings_.tls,    settings_.plain_credentials} {}

Server::~Server() = default;

void Server::Run(Awaitable<void> work) {
  running_.fetch_add(1, std::memory_order_relaxed);
  asio::co_spawn(io_.get_executor(), std::move(work), [this](std::exception_ptr failure) {
    running_.fetch_sub(1, std::memory_order_release);
    if (failure) std::rethrow_exception(failure);  // a loop of the server died: nothing can go on
  });
}

void Server::Start() {
  Run(Accept());
  Run(Watch());
}

Awaitable<void> Server::Accept() {
  while (acceptor_.is_open()) {
    auto [error, socket] = co_await acceptor_.async_accept(kAsTuple);
    if (!error) {
      Admit(std::move(socket));
    } else if (error == asio::error::operation_aborted || !acceptor_.is_open()) {
      break;
    } else if (error != asio::error::connection_aborted) {
      base::LogLine(base::LogLevel::kWarning, "accept_failed").Add("error", error.message());
      pause_.expires_after(kAcceptPause);
      co_await pause_.async_wait(kAsTuple);
    }
  }
  accepting_ = false;
  if (sessions_.empty()) clock_.cancel();
}

void Server::Admit(Socket socket) {
  error_code ignored;
  if (count_.now.fetch_add(1, std::memory_order_relaxed) >= settings_.limits.connections) {
    count_.now.fetch_sub(1, std::memory_order_relaxed);
    handler_.Refused(503);
    if (settings_.tls != nullptr) return;  // a handshake first would cost more than the answer is worth
    Response response;
    response.status = 503;
    response.fields = "retry-after: 1\r\n";
    std::string head;
    WriteHead(response, {0}, Connection::kClose, &head);
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(head), ignored);
    return;
  }
  if (family_ != AF_UNIX) socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  std::unique_ptr<Session> owned = MakeSession(std::move(socket), handler_, session_settings_);
  Session* const session = owned.get();
  sessions_.emplace(session, std::move(owned));
  running_.fetch_add(1, std::memory_order_relaxed);
  asio::co_spawn(io_.get_executor(), session->Run(), [this, session](std::exception_ptr failure) {
    if (failure) base::LogLine(base::LogLevel::kError, "session_lost");
    Finished(session);
  });
}

void Server::Finished(Session* session) {
  sessions_.erase(session);
  count_.now.fetch_sub(1, std::memory_order_relaxed);
  running_.fetch_sub(1, std::memory_order_release);
  if (!accepting_ && sessions_.empty()) clock_.cancel();
}

Awaitable<void> Server::Watch() {
  while (accepting_ || !sessions_.empty()) {
    clock_.expires_after(settings_.clock);
    co_await clock_.async_wait(kAsTuple);
    const auto now = Session::Clock::now();
    for (const auto& [session, owner] : sessions_) session->Tick(now);
  }
}

void Server::Adopt(const config::Limits& limits, const config::Timeouts& timeouts) {
  settings_.limits = limits;
  settings_.timeouts = timeouts;
}

void Server::Drain(Successor successor) {
  draining_ = true;
  if (acceptor_.is_open()) {
    error_code error;
    // Whoever completed the handshake counts as accepted.
    if (successor == Successor::kNone) acceptor_.non_blocking(true, error);
    while (successor == Successor::kNone && !error) {
      Socket socket(io_.get_executor());
      acceptor_.accept(socket, error);
      if (!error) Admit(std::move(socket));
    }
    acceptor_.close(error);
    pause_.cancel();
  }
  if (successor == Successor::kThere) return;
  ending_ = true;
  for (const auto& [session, owner] : sessions_) session->BeginDrain();
}

void Server::Abort() {
  for (const auto& [session, owner] : sessions_) session->Abort();
}

}  // namespace vecgate::http
