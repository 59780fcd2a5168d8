#include "http/streams.h"

#include <boost/asio/write.hpp>
#include <string>

#include "base/log.h"
#include "http/exchange.h"
#include "http/reply_head.h"

namespace vecgate::http {
namespace {

namespace asio = boost::asio;
using base::Awaitable;
using base::kAsTuple;
using boost::system::error_code;

constexpr size_t kRecordBytes = 16 * 1024;

}  // namespace

Awaitable<Opening> TlsStream::Open(ConnectionFacts* facts) {
  const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kAsTuple);
  const SSL* const ssl = stream_.native_handle();
  const tls::HandshakeResult result = tls::ResultOf(ssl, error);
  contexts_.Count(error ? "none" : tls::VersionOf(ssl), result);
  facts->server_name = tls::ServerNameOf(ssl);
  if (!error) {
    facts->tls = true;
    facts->tls_version = tls::VersionOf(ssl);
    facts->tls_cipher = tls::CipherOf(ssl);
    facts->client_certificate = tls::ClientCertificateOf(ssl);
    co_return Opening::kOpen;
  }
  base::LogLine(base::LogLevel::kDebug, "handshake_failed")
      .Add("listener", facts->listener)
      .Add("peer", facts->peer)
      .Add("result", NameOf(result))
      .Add("error", error.message());
  if (result == tls::HandshakeResult::kGone || result == tls::HandshakeResult::kTimeout) co_return Opening::kGone;
  if (result == tls::HandshakeResult::kPlainHttp) {
    Response response;
    response.status = 400;
    response.content_type = "text/plain";
    response.body = "This port speaks HTTPS.\n";
    std::string reply;
    WriteHead(response, {response.body.size()}, Connection::kClose, &reply);
    reply += response.body;
    co_await asio::async_write(socket(), asio::buffer(reply), kAsTuple);
  }
  co_return Opening::kRefused;
}

Awaitable<void> TlsStream::End() { co_await stream_.async_shutdown(kAsTuple); }

asio::const_buffer TlsStream::NextRecord(const WritePieces& pieces) {
  size_t first = 0;
  while (first + 1 < pieces.size() && pieces[first].size() == 0) ++first;
  if (pieces[first].size() >= kRecordBytes || asio::buffer_size(pieces) == pieces[first].size()) return pieces[first];
  record_.resize(kRecordBytes);
  return asio::buffer(record_.data(), asio::buffer_copy(asio::buffer(record_), pieces));
}

}  // namespace vecgate::http
