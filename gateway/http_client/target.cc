#include "http_client/target.h"

#include <openssl/ssl.h>

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <utility>

#include "base/text.h"
#include "tls/certificate.h"

namespace vecgate::http_client {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using base::Awaitable;
using base::kAsTuple;
using boost::system::error_code;
using std::chrono::milliseconds;

using TcpSocket = asio::basic_stream_socket<tcp, base::Executor>;
using TlsStream = ssl::stream<TcpSocket>;
using Resolver = asio::ip::basic_resolver<tcp, base::Executor>;

constexpr size_t kPieceBytes = 64 * 1024;
constexpr uint32_t kMostHeadBytes = 256 * 1024;
constexpr Connection::Clock::time_point kNever = Connection::Clock::time_point::max();

TcpSocket& SocketOf(TcpSocket& stream) { return stream; }
TcpSocket& SocketOf(TlsStream& stream) { return stream.next_layer(); }

template <typename Stream>
class StreamConnection final : public Connection {
 public:
  template <typename... Arguments>
  StreamConnection(base::Executor executor, const Address& address, Arguments&&... arguments)
      : address_(address), resolver_(executor), stream_(executor, std::forward<Arguments>(arguments)...) {}

  Awaitable<absl::Status> Open(milliseconds limit) override {
    read_deadline_ = Clock::now() + limit;
    auto [error, found] = co_await resolver_.async_resolve(address_.host, base::Concat(address_.port), kAsTuple);
    if (!error && !ended_) {
      const auto [connect_error, endpoint] = co_await asio::async_connect(socket(), found, kAsTuple);
      error = connect_error;
    }
    if (!error && !ended_) {
      error_code ignored;
      socket().set_option(tcp::no_delay(true), ignored);
      if constexpr (std::is_same_v<Stream, TlsStream>) error = co_await Handshake();
    }
    read_deadline_ = kNever;
    co_return Outcome(error);
  }

  Awaitable<absl::Status> Write(std::string_view bytes, milliseconds progress) override {
    error_code error;
    while (!bytes.empty() && !error && !ended_) {
      write_deadline_ = Clock::now() + progress;
      const auto [write_error, n] =
          co_await stream_.async_write_some(asio::buffer(bytes.data(), bytes.size()), kAsTuple);
      error = write_error;
      bytes.remove_prefix(n);
    }
    write_deadline_ = kNever;
    co_return Outcome(error);
  }

  Awaitable<absl::Status> ReadHead(bool bodiless) override {
    error_code error;
    do {
      parser_.emplace();
      parser_->header_limit(kMostHeadBytes);
      parser_->body_limit(boost::none);
      parser_->skip(bodiless);
      const auto [read_error, n] = co_await beast_http::async_read_header(stream_, input_, *parser_, kAsTuple);
      error = read_error;
    } while (!error && parser_->get().result_int() < 200);
    read_deadline_ = kNever;
    if (error || ended_) co_return Outcome(error);
    head_.status = parser_->get().result_int();
    for (const auto& field : parser_->get()) {
      const auto name = field.name_string();
      const auto value = field.value();
      head_.headers.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
    }
    if (const auto length = parser_->content_length()) head_.length = *length;
    co_return absl::OkStatus();
  }

  void LimitAnswer(milliseconds limit) override { read_deadline_ = Clock::now() + limit; }
  const ResponseHead& head() const override { return head_; }

  Awaitable<absl::Status> ReadPiece(milliseconds progress, std::string_view* piece) override {
    *piece = {};
    error_code error;
    while (piece->empty() && !parser_->is_done() && !error && !ended_) {
      auto& body = parser_->get().body();
      body.data = piece_.data();
      body.size = piece_.size();
      read_deadline_ = Clock::now() + progress;
      const auto [read_error, n] = co_await beast_http::async_read_some(stream_, input_, *parser_, kAsTuple);
      // The room it was given is full: as it should be.
      if (read_error != beast_http::error::need_buffer) error = read_error;
      *piece = {piece_.data(), piece_.size() - body.size};
    }
    read_deadline_ = kNever;
    co_return Outcome(error);
  }

  void StopWriting() override {
    error_code ignored;
    socket().cancel(ignored);
  }

  void Abort() override {
    ended_ = true;
    resolver_.cancel();
    error_code ignored;
    socket().close(ignored);
  }

  void Tick(Clock::time_point now) override {
    if (ended_ || (now < read_deadline_ && now < write_deadline_)) return;
    expired_ = true;
    Abort();
  }

 private:
  TcpSocket& socket() { return SocketOf(stream_); }

  Awaitable<error_code> Handshake() {
    // Names only: an address is no server name (RFC 6066).
    error_code is_name;
    asio::ip::make_address(address_.host, is_name);
    if (is_name) SSL_set_tlsext_host_name(stream_.native_handle(), address_.host.c_str());
    stream_.set_verify_callback(ssl::host_name_verification(address_.host));
    const auto [error] = co_await stream_.async_handshake(ssl::stream_base::client, kAsTuple);
    co_return error;
  }

  absl::Status Outcome(error_code error) const {
    if (expired_) return absl::DeadlineExceededError("no answer in time");
    if (error) return absl::UnavailableError(error.message());
    if (ended_) return absl::UnavailableError("the connection was given up");
    return absl::OkStatus();
  }

  const Address& address_;
  Resolver resolver_;
  Stream stream_;
  boost::beast::flat_buffer input_;
  std::optional<beast_http::response_parser<beast_http::buffer_body>> parser_;
  ResponseHead head_;
  std::array<char, kPieceBytes> piece_;
  Clock::time_point read_deadline_ = kNever;
  Clock::time_point write_deadline_ = kNever;
  bool ended_ = false;
  bool expired_ = false;
};

class TargetOf final : public Target {
 public:
  explicit TargetOf(Address address)
      : address_(std::move(address)),
        authority_(address_.host.find(':') == std::string::npos
                       ? base::Concat(address_.host, ":", address_.port)
                       : base::Concat("[", address_.host, "]:", address_.port)) {}

  bool tls() const { return address_.tls; }
  absl::Status LoadFiles() {
    tls_.emplace(ssl::context::tls_client);
    tls_->set_verify_mode(ssl::verify_peer);
    error_code error;
    if (address_.ca.empty()) {
      tls_->set_default_verify_paths(error);
    } else {
      tls_->load_verify_file(address_.ca, error);
    }
    if (error) {
      return absl::InvalidArgumentError(base::Concat("cannot read authorities ", address_.ca, ": ", error.message()));
    }
    SSL_CTX_set_min_proto_version(tls_->native_handle(), TLS1_2_VERSION);
    if (address_.certificate.empty()) return absl::OkStatus();
    const absl::StatusOr<tls::Certificate> own = tls::LoadCertificate(address_.certificate, address_.key);
    if (!own.ok()) return own.status();
    if (SSL_CTX_use_cert_and_key(tls_->native_handle(), own->leaf.get(), own->key.get(), own->chain.get(), 1) != 1) {
      return absl::InvalidArgumentError(base::Concat(address_.certificate, ": ", tls::LastError()));
    }
    return absl::OkStatus();
  }

  std::unique_ptr<Connection> NewConnection(base::Executor executor) const override {
    if (tls_.has_value()) return std::make_unique<StreamConnection<TlsStream>>(executor, address_, *tls_);
    return std::make_unique<StreamConnection<TcpSocket>>(executor, address_);
  }
  const std::string& authority() const override { return authority_; }

 private:
  const Address address_;
  const std::string authority_;
  // Making connections changes nothing in it that shows, but the library takes it by a reference to non-const.
  mutable std::optional<ssl::context> tls_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Target>> Target::Make(Address address) {
  auto target = std::make_unique<TargetOf>(std::move(address));
  if (target->tls()) {
    if (absl::Status status = target->LoadFiles(); !status.ok()) return status;
  }
  return std::unique_ptr<const Target>(std::move(target));
}

}  // namespace vecgate::http_client
