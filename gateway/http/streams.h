// The kinds of connections a session runs on: TCP and unix sockets as they are, and the same under TLS.
#pragma once

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "base/awaitable.h"
#include "http/connection_facts.h"
#include "tls/listener_contexts.h"

namespace vecgate::http {

using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, base::Executor>;
using WritePieces = std::array<boost::asio::const_buffer, 3>;

enum class Opening : uint8_t {
  kOpen,
  kRefused,  // the client was told why; it may still be sending
  kGone,
};

// What a session needs of a stream. Reading and writing may wait at the same time, a read and a write at most. Closing
// the socket ends whatever waits.
class PlainStream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {}

  Socket& socket() { return socket_; }
  // Agrees with the client on what to speak; before anything else.
  base::Awaitable<Opening> Open(ConnectionFacts*) { co_return Opening::kOpen; }
  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return socket_.async_read_some(buffers, std::forward<Token>(token));
  }
  template <typename Token>
  auto async_write_some(const WritePieces& pieces, Token&& token) {
    return socket_.async_write_some(pieces, std::forward<Token>(token));
  }
  // Says that nothing more comes, if the protocol has words for it, and waits for the same from the other side. The
  // socket stays open.
  base::Awaitable<void> End() { co_return; }

 private:
  Socket socket_;
};

class TlsStream {
 public:
  // `contexts` outlives the stream.
  TlsStream(Socket socket, const tls::ListenerContexts& contexts)
      : contexts_(contexts), context_(contexts.current()), stream_(std::move(socket), context_->context()) {}

  Socket& socket() { return stream_.next_layer(); }
  base::Awaitable<Opening> Open(ConnectionFacts* facts);
  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return stream_.async_read_some(buffers, std::forward<Token>(token));
  }
  template <typename Token>
  auto async_write_some(const WritePieces& pieces, Token&& token) {
    return stream_.async_write_some(NextRecord(pieces), std::forward<Token>(token));
  }
  base::Awaitable<void> End();

 private:
  // The layer writes one buffer at a time, a record each. So a head and the begin of its body are put together.
  boost::asio::const_buffer NextRecord(const WritePieces& pieces);

  const tls::ListenerContexts& contexts_;
  const std::shared_ptr<const tls::ServerContext> context_;
  boost::asio::ssl::stream<Socket> stream_;
  std::vector<char> record_;
};

}  // namespace vecgate::http
