#include "http/session.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <charconv>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/body_buffer.h"
#include "base/log.h"
#include "http/chunk_decoder.h"
#include "http/head_parser.h"
#include "http/reply_head.h"

namespace vecgate::http {
namespace {

namespace asio = boost::asio;
using base::Awaitable;
using base::kAsTuple;
using boost::system::error_code;

// Of a read that waits for the next request: its memory is what an idle connection costs. A body of known length is read
// straight to its place, whatever of it did not come with its head.
constexpr size_t kReadBytes = 4 * 1024;
constexpr size_t kLargeReadBytes = 64 * 1024;
// A body nobody asked for is read away up to this size to keep the connection; beyond it the connection ends.
constexpr uint64_t kSkippedBodyBytes = 256 * 1024;
// Memory kept between two requests of a connection.
constexpr size_t kKeptBodyBytes = 2 * 1024;
constexpr size_t kKeptInputBytes = 2 * 1024;
constexpr std::array<char, 2> kChunkEnd = {'\r', '\n'};
constexpr std::array<char, 5> kLastChunk = {'0', '\r', '\n', '\r', '\n'};
constexpr size_t kMostHexDigits = 16;
// After our last byte the client may still be sending. Closing at once would reset the connection and take the reply
// out of its hands, so what comes is read away for a while.
constexpr std::chrono::seconds kLinger{3};
// A connection accepted just before a drain gets this long to send its first byte.
constexpr std::chrono::seconds kFirstByteWhileDraining{1};

// `Stream`: one of those in streams.h.
template <typename Stream>
class StreamSession final : public Session, public Exchange {
 public:
  template <typename... Arguments>
  StreamSession(Handler& handler, const SessionSettings& settings, Arguments&&... stream)
      : stream_(std::forward<Arguments>(stream)...), handler_(handler), settings_(settings) {
    error_code error;
    const auto peer = socket().remote_endpoint(error);  // of no kind when it is gone already
    facts_ = FactsOf(*peer.data(), peer.size(), settings_.listener);
  }

  // --- Session ---
  Awaitable<void> Run() override {
    try {
      deadline_ = Clock::now() + settings_.timeouts.handshake;
      opening_ = co_await stream_.Open(&facts_);
      // Not in one condition: g++ 12 calls the right side of `a && co_await f()` whatever the left side is.
      bool more = opening_ == Opening::kOpen;
      while (more) more = co_await ServeOne();
    } catch (const std::exception& error) {
      base::LogLine(base::LogLevel::kError, "session_failed").Add("error", error.what());
    }
    co_await Finish();
  }

  void Tick(Clock::time_point now) override {
    if (now < deadline_ || expired_) return;
    expired_ = true;
    error_code ignored;
    // Where nothing follows. Under TLS something may wait that begins anew when what it waits for is cancelled.
    if (phase_ == Phase::kOpening || phase_ == Phase::kEnding) {
      socket().close(ignored);
    } else {
      socket().cancel(ignored);
    }
  }

  void BeginDrain() override {
    if (phase_ != Phase::kIdle && phase_ != Phase::kOpening) return;
    error_code error;
    if (!served_any_ || (socket().available(error) > 0 && !error)) {
      deadline_ = std::min(deadline_, Clock::now() + kFirstByteWhileDraining);
      return;  // a request is there already, or to be expected
    }
    deadline_ = Clock::now();
    Tick(deadline_);
  }

  void Abort() override {
    aborted_ = true;
    gone_->Cancel();
    error_code ignored;
    socket().close(ignored);
  }

  // --- Exchange ---
  const RequestHead& head() const override { return head_; }
  const ConnectionFacts& connection() const override { return facts_; }
  Clock::time_point start() const override { return start_; }
  std::string_view body() const override { return body_.view(); }
  uint64_t body_bytes() const override { return body_read_; }
  base::CancelSource& gone() override { return *gone_; }
  uint64_t bytes_sent() const override { return bytes_sent_; }

  Awaitable<BodyStatus> ReadBody(uint64_t limit, base::ByteBudget* budget) override {
    budget_ = budget;
    BeginPiece();
    BodyStatus status = co_await BeginBody(limit);
    // Room for all of it at once; what has arrived goes there without a detour.
    if (status == BodyStatus::kComplete && !head_.chunked) body_.Reserve(head_.content_length.value_or(0) - body_read_);
    while (status == BodyStatus::kComplete && !body_done_) status = co_await ReadMore(BodyRead::kWhole);
    EndBodyRead();
    co_return status;
  }

  Awaitable<BodyPiece> ReadPiece(uint64_t limit) override {
    body_.Clear(kKeptBodyBytes);
    BeginPiece();
    BodyStatus status = co_await BeginBody(limit);
    if (status == BodyStatus::kComplete && !body_done_) status = co_await ReadMore(BodyRead::kPiece);
    EndBodyRead();
    stopped_ = false;
    co_return BodyPiece{status, status == BodyStatus::kComplete ? body_.view() : std::string_view()};
  }

  void StopReading() override {
    stopped_ = true;
    if (phase_ == Phase::kBody && readable_.waiting()) readable_.Resume();
  }

  void WatchClient() override {
    if (!body_done_ && head_.has_body()) return;  // the bytes to come belong to this body
    watching_ = true;
    if (read_error_) {
      gone_->Cancel();
    } else if (!read_pending_ && in_.size() < settings_.limits.pipelined_bytes) {
      StartRead(kReadBytes);
    }
  }

  Awaitable<bool> Send(const Response& response) override {
    watching_ = false;
    BeginReply(response, response.body.size());
    reply_ = Reply::kWhole;
    const std::string_view body = reply_has_body_ ? response.body : std::string_view();
    co_return co_await Write(asio::buffer(out_), asio::buffer(body.data(), body.size()));
  }

  Awaitable<bool> SendHead(const Response& response, std::optional<uint64_t> length) override {
    BeginReply(response, length);
    reply_ = Reply::kBegun;
    co_return co_await Write(asio::buffer(out_));
  }

  Awaitable<bool> SendPiece(std::string_view bytes) override {
    if (bytes.empty() || !reply_has_body_) co_return true;
    if (!reply_chunked_) co_return co_await Write(asio::buffer(bytes.data(), bytes.size()));
    char* const end = std::to_chars(chunk_head_.data(), chunk_head_.data() + kMostHexDigits, bytes.size(), 16).ptr;
    end[0] = '\r';
    end[1] = '\n';
    co_return co_await Write(asio::buffer(chunk_head_.data(), static_cast<size_t>(end + 2 - chunk_head_.data())),
                             asio::buffer(bytes.data(), bytes.size()), asio::buffer(kChunkEnd));
  }

  Awaitable<bool> SendEnd() override {
    watching_ = false;
    reply_ = Reply::kWhole;
    if (!reply_chunked_ || !reply_has_body_) co_return true;
    co_return co_await Write(asio::buffer(kLastChunk));
  }

 private:
  enum class Phase : uint8_t { kOpening, kIdle, kHead, kBody, kAnswering, kWriting, kEnding };
  enum class HeadResult : uint8_t { kRead, kRefused, kClosed };
  enum class BodyRead : uint8_t { kWhole, kPiece };
  enum class Reply : uint8_t { kNone, kBegun, kWhole };

  Socket& socket() { return stream_.socket(); }

  // False: the connection is to end.
  Awaitable<bool> ServeOne() {
    Reset();
    const HeadResult head = co_await ReadHead();
    if (head == HeadResult::kRefused) co_await Refuse();
    if (head != HeadResult::kRead) co_return false;
    co_await handler_.Handle(*this);
    if (reply_ != Reply::kWhole || closing_) co_return false;
    if (head_.has_body() && !body_done_) {
      if (co_await ReadBody(kSkippedBodyBytes, nullptr) != BodyStatus::kComplete) co_return false;
    }
    served_any_ = true;
    co_return true;
  }

  void Reset() {
    gone_.emplace();
    body_.Clear(kKeptBodyBytes);
    if (in_.size() == 0 && in_.capacity() > kKeptInputBytes) in_.shrink_to_fit();
    chunks_.reset();
    body_begun_ = body_done_ = stopped_ = closing_ = watching_ = expired_ = false;
    reply_ = Reply::kNone;
    bytes_sent_ = body_read_ = 0;
    refusal_ = 0;
  }

  // --- input ---
  void StartRead(size_t bytes) {
    if (ahead_.size() != bytes) ahead_ = std::vector<char>(bytes);
    read_pending_ = true;
    stream_.async_read_some(asio::buffer(ahead_), [this](error_code error, size_t n) { OnRead(error, n); });
  }

  void OnRead(error_code error, size_t n) {
    read_pending_ = false;
    in_.commit(asio::buffer_copy(in_.prepare(n), asio::buffer(ahead_.data(), n)));
    // A wait that was cancelled because its time was up says nothing about the connection.
    if (error && !(error == asio::error::operation_aborted && expired_ && !aborted_)) read_error_ = error;
    last_read_failed_ = static_cast<bool>(error);
    if (readable_.waiting()) {
      readable_.Resume();  // may end this session
    } else if (watching_) {
      if (read_error_) {
        gone_->Cancel();
      } else if (in_.size() < settings_.limits.pipelined_bytes) {
        StartRead(kReadBytes);
      }
    }
  }

  // Waits for more input bytes. False: end of input, failure, the deadline passed (`expired_`), or `stopped_`; a read
  // goes on then.
  Awaitable<bool> Fill(size_t bytes) {
    if (read_error_ || stopped_) co_return false;
    if (!read_pending_) StartRead(bytes);
    co_await readable_.Wait();
    if (stopped_) co_return false;
    if (!last_read_failed_) expired_ = false;  // it came just in time
    co_return !last_read_failed_;
  }

  std::string_view input() const {
    const auto data = in_.data();
    return {static_cast<const char*>(data.data()), data.size()};
  }

  // RFC 9112 2.2: empty lines before a request are ignored.
  void DropEmptyLines() {
    size_t drop = 0;
    const std::string_view bytes = input();
    while (bytes.substr(drop).starts_with("\r\n")) drop += 2;
    if (drop > 0) in_.consume(drop);
  }

  Awaitable<HeadResult> ReadHead() {
    phase_ = Phase::kIdle;
    deadline_ = Clock::now() + settings_.timeouts.keep_alive;
    if (settings_.ending) deadline_ = Clock::now() + kFirstByteWhileDraining;
    size_t scanned = 0;
    for (;;) {
      if (phase_ == Phase::kIdle) DropEmptyLines();
      if (in_.size() > 0) {
        if (phase_ == Phase::kIdle) {
          phase_ = Phase::kHead;
          start_ = Clock::now();
          deadline_ = start_ + settings_.timeouts.head;
        }
        const HeadScan scan = ScanHead(input(), scanned);
        if (scan.result == HeadScan::Result::kMalformed) co_return RefuseWith(400);
        if (scan.result == HeadScan::Result::kComplete) {
          if (scan.size > settings_.limits.header_bytes) co_return RefuseWith(431);
          co_return TakeHead(scan.size);
        }
        if (in_.size() >= settings_.limits.header_bytes) co_return RefuseWith(431);
        scanned = in_.size();
      } else if (settings_.ending && served_any_) {
        co_return HeadResult::kClosed;
      }
      if (!co_await Fill(kReadBytes)) {
        if (expired_ && phase_ == Phase::kHead) co_return RefuseWith(408);
        co_return HeadResult::kClosed;
      }
    }
  }

  HeadResult TakeHead(size_t size) {
    head_bytes_.assign(input().substr(0, size));
    in_.consume(size);
    deadline_ = Clock::time_point::max();
    phase_ = Phase::kAnswering;
    if (const uint32_t status = ParseHead(head_bytes_, &head_); status != 0) return RefuseWith(status);
    if (settings_.plain_credentials != nullptr) settings_.plain_credentials->LookAt(head_, facts_);
    return HeadResult::kRead;
  }

  // Before anything of the body is read. Does nothing the second time.
  Awaitable<BodyStatus> BeginBody(uint64_t limit) {
    phase_ = Phase::kBody;
    if (body_begun_) co_return BodyStatus::kComplete;
    body_.Reserve(0);
    if (head_.content_length.value_or(0) > limit) co_return BodyStatus::kTooLarge;
    if (budget_ != nullptr && !budget_->Take(head_.content_length.value_or(0))) co_return BodyStatus::kNoRoom;
    body_begun_ = true;
    body_done_ = !head_.has_body();
    if (head_.chunked) chunks_.emplace(&body_, limit);
    if (head_.has_body() && head_.expect_continue && in_.size() == 0) {
      constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      if (!co_await Write(asio::buffer(kContinue.data(), kContinue.size()))) co_return BodyStatus::kGone;
    }
    co_return BodyStatus::kComplete;
  }

  void BeginPiece() {
    piece_start_ = Clock::now();
    piece_offset_ = body_read_;
  }

  // Until when the next bytes have to come or go: each within `progress`, and all of them, once that has passed, at no
  // less than the minimum rate.
  Clock::time_point NextBytes(std::chrono::milliseconds progress, Clock::time_point start, uint64_t bytes) const {
    const Clock::time_point next = Clock::now() + progress;
    const uint64_t rate = settings_.limits.minimum_rate;
    if (rate == 0) return next;
    return std::min<Clock::time_point>(next, start + progress + std::chrono::seconds(bytes / rate));
  }

  void EndBodyRead() {
    budget_ = nullptr;
    deadline_ = Clock::time_point::max();
    phase_ = Phase::kAnswering;
  }

  // Reads until there is more of the body, or its end.
  Awaitable<BodyStatus> ReadMore(BodyRead read) {
    const uint64_t before = body_read_;
    for (;;) {
      const BodyStatus status = TakeInput();
      if (status != BodyStatus::kComplete || body_done_ || body_read_ > before) co_return status;
      deadline_ = NextBytes(settings_.timeouts.body_progress, piece_start_, body_read_ - piece_offset_);
      // A read that began during the request before comes first. Only reads into `ahead_` can be stopped.
      bool came;
      if (read == BodyRead::kWhole && !head_.chunked && !read_pending_) {
        came = co_await FillBody();
      } else {
        came = co_await Fill(read == BodyRead::kPiece || head_.chunked ? kLargeReadBytes : kReadBytes);
      }
      if (came) continue;
      if (stopped_) co_return BodyStatus::kStopped;
      co_return expired_ && !aborted_ ? BodyStatus::kStalled : BodyStatus::kGone;
    }
  }

  // Moves what `in_` holds of the body to `body_`. kComplete: there is nothing wrong with it.
  BodyStatus TakeInput() {
    const size_t before = body_.size();
    if (!head_.chunked) {
      body_.Append(input().substr(0, head_.content_length.value_or(0) - body_read_));
      in_.consume(body_.size() - before);
      CountBody(body_.size() - before);
      return BodyStatus::kComplete;
    }
    if (in_.size() == 0) return BodyStatus::kComplete;
    size_t consumed = 0;
    const ChunkDecoder::State state = chunks_->Put(input(), &consumed);
    in_.consume(consumed);
    CountBody(body_.size() - before);
    if (budget_ != nullptr && !budget_->Take(body_.size() - before)) return BodyStatus::kNoRoom;
    switch (state) {
      case ChunkDecoder::State::kDone:
        body_done_ = true;
        return BodyStatus::kComplete;
      case ChunkDecoder::State::kTooLarge:
        return BodyStatus::kTooLarge;
      case ChunkDecoder::State::kMalformed:
        return BodyStatus::kMalformed;
      case ChunkDecoder::State::kMore:
        break;
    }
    // What is left is an unfinished line of a chunk or trailers; those have a bound as heads have.
    return in_.size() >= settings_.limits.header_bytes ? BodyStatus::kMalformed : BodyStatus::kComplete;
  }

  // Reads a sized body straight to where it lies. False: as Fill.
  Awaitable<bool> FillBody() {
    const size_t rest = head_.content_length.value_or(0) - body_read_;
    const auto [error, n] = co_await stream_.async_read_some(asio::buffer(body_.Reserve(rest), rest), kAsTuple);
    body_.Commit(n);
    CountBody(n);
    if (error) co_return false;
    expired_ = false;
    co_return true;
  }

  void CountBody(size_t bytes) {
    body_read_ += bytes;
    if (!head_.chunked) body_done_ = body_read_ == head_.content_length.value_or(0);
  }

  // --- output ---
  // Fixes how the reply goes out and fills `out_` with its head.
  void BeginReply(const Response& response, std::optional<uint64_t> length) {
    const bool unread = head_.has_body() && !body_done_;
    // A body that was begun and not finished may be broken or endless.
    const bool skippable =
        !body_begun_ && !head_.expect_continue && head_.content_length.value_or(0) <= kSkippedBodyBytes;
    stopped_ = false;
    reply_has_body_ = head_.method != "HEAD" && !Bodiless(response.status);
    reply_chunked_ = !length.has_value() && !head_.old_version;
    const bool until_close = reply_has_body_ && !length.has_value() && !reply_chunked_;
    // While draining, requests that are here already are still answered.
    closing_ = response.close || !head_.keep_alive || (settings_.draining && in_.size() == 0) || until_close ||
               (unread && !skippable) || gone_->cancelled();
    const Connection connection = closing_            ? Connection::kClose
                                  : head_.old_version ? Connection::kKeepAnnounced
                                                      : Connection::kKeep;
    WriteHead(response, {length, reply_chunked_}, connection, &out_);
  }

  // Writes the pieces with one gather write per round. False: the client did not take them.
  Awaitable<bool> Write(asio::const_buffer first, asio::const_buffer second = {}, asio::const_buffer third = {}) {
    std::array<asio::const_buffer, 3> pieces = {first, second, third};
    const Phase before = phase_;
    const Clock::time_point start = Clock::now();
    uint64_t written = 0;
    phase_ = Phase::kWriting;
    while (asio::buffer_size(pieces) > 0) {
      deadline_ = NextBytes(settings_.timeouts.write_progress, start, written);
      const auto [error, n] = co_await stream_.async_write_some(pieces, kAsTuple);
      bytes_sent_ += n;
      written += n;
      if (error) {
        write_failed_ = closing_ = true;
        co_return false;
      }
      expired_ = false;
      size_t rest = n;
      for (asio::const_buffer& piece : pieces) {
        const size_t here = std::min(rest, piece.size());
        piece += here;
        rest -= here;
      }
    }
    deadline_ = Clock::time_point::max();
    phase_ = before;
    co_return true;
  }

  HeadResult RefuseWith(uint32_t status) {
    refusal_ = status;
    return HeadResult::kRefused;
  }

  // Bytes that are no request get a bare status: there is no API to speak its envelope for.
  Awaitable<void> Refuse() {
    expired_ = false;
    handler_.Refused(refusal_);
    Response response;
    response.status = refusal_;
    WriteHead(response, {0}, Connection::kClose, &out_);
    reply_ = Reply::kWhole;
    co_await Write(asio::buffer(out_));
  }

  Awaitable<void> Finish() {
    const bool idle = phase_ == Phase::kIdle;
    phase_ = Phase::kEnding;
    watching_ = false;
    error_code ignored;
    // A reply cut off must not look like one that ends with the connection.
    if (reply_ == Reply::kBegun) socket().set_option(asio::socket_base::linger(true, 0), ignored);
    if (!write_failed_ && !read_error_ && !aborted_) {
      expired_ = false;
      if (reply_ == Reply::kWhole || opening_ == Opening::kRefused) {
        deadline_ = Clock::now() + kLinger;
        if (opening_ == Opening::kOpen) co_await stream_.End();
        co_await ReadAway();
      } else if (idle && opening_ == Opening::kOpen) {
        deadline_ = Clock::now();  // the word is on its way by the next tick; an answer is not waited for
        co_await stream_.End();
      }
    }
    socket().close(ignored);
    if (read_pending_) co_await readable_.Wait();
  }

  // Drops what the client still sends, below all protocols, until it has nothing more to say or the deadline.
  Awaitable<void> ReadAway() {
    error_code error;
    socket().shutdown(asio::socket_base::shutdown_send, error);
    while (read_pending_) co_await readable_.Wait();
    if (read_error_) co_return;  // the end was seen; the reactor would not tell it a second time
    in_.consume(in_.size());
    ahead_.resize(kReadBytes);
    while (!error && !expired_) {
      const auto [read_error, n] = co_await socket().async_read_some(asio::buffer(ahead_), kAsTuple);
      error = read_error;
    }
  }

  Stream stream_;
  Handler& handler_;
  const SessionSettings settings_;
  ConnectionFacts facts_;

  Opening opening_ = Opening::kGone;
  Phase phase_ = Phase::kOpening;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool expired_ = false;  // the deadline passed; cleared by progress
  bool aborted_ = false;
  bool write_failed_ = false;
  bool served_any_ = false;

  // Input: reads fill `ahead_`, what came is kept in `in_`.
  std::vector<char> ahead_;
  boost::beast::flat_buffer in_;
  bool read_pending_ = false;
  bool last_read_failed_ = false;
  error_code read_error_;
  base::Suspension readable_;

  // The request being served.
  std::string head_bytes_;
  RequestHead head_;
  Clock::time_point start_;
  base::BodyBuffer body_;
  std::optional<base::CancelSource> gone_{std::in_place};
  std::optional<ChunkDecoder> chunks_;
  uint64_t body_read_ = 0;
  base::ByteBudget* budget_ = nullptr;  // while a body is read
  Clock::time_point piece_start_;       // when the reading under way began, and at which byte
  uint64_t piece_offset_ = 0;
  bool body_begun_ = false;
  bool body_done_ = false;
  bool stopped_ = false;
  bool watching_ = false;
  Reply reply_ = Reply::kNone;
  bool reply_has_body_ = false;
  bool reply_chunked_ = false;
  std::array<char, kMostHexDigits + 2> chunk_head_{};
  bool closing_ = false;
  uint32_t refusal_ = 0;
  uint64_t bytes_sent_ = 0;
  std::string out_;
};

}  // namespace

std::unique_ptr<Session> MakeSession(Socket socket, Handler& handler, const SessionSettings& settings) {
  if (settings.tls == nullptr) {
    return std::make_unique<StreamSession<PlainStream>>(handler, settings, std::move(socket));
  }
  return std::make_unique<StreamSession<TlsStream>>(handler, settings, std::move(socket), *settings.tls);
}

}  // namespace vecgate::http
