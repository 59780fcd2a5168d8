#include "passthrough/pass.h"

#include <absl/status/status.h>

#include <algorithm>
#include <array>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <charconv>
#include <exception>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "base/status.h"
#include "passthrough/fields.h"

namespace vecgate::passthrough {
namespace {

namespace asio = boost::asio;
using base::Awaitable;
using base::kAsTuple;
using http::BodyPiece;
using http::BodyStatus;
using http_client::Connection;

using Timer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, base::Executor>;

class Passing {
 public:
  Passing(http::Exchange& exchange, const OwnFields& own_fields, const http_client::Target& target,
          const Settings& settings, base::Executor executor)
      : exchange_(exchange),
        own_fields_(own_fields),
        target_(target),
        settings_(settings),
        executor_(executor),
        connection_(target.NewConnection(executor)),
        clock_(executor) {}

  Awaitable<Outcome> Run(const base::Metadata& metadata) {
    const base::CancelSource::Target when_gone(
        &exchange_.gone(), [](void* self) { static_cast<Passing*>(self)->connection_->Abort(); }, this);
    Spawn(Watch());
    Outcome outcome;
    // The coroutines beside this one use this object, so it waits for them whatever happens.
    std::exception_ptr failure;
    try {
      outcome = co_await Talk(metadata);
    } catch (...) {
      failure = std::current_exception();
    }
    connection_->Abort();
    StopUpload();
    watching_ = false;
    clock_.cancel();
    while (children_ > 0) co_await child_ended_.Wait();
    if (failure == nullptr) failure = child_failure_;
    if (failure != nullptr) std::rethrow_exception(failure);
    co_return outcome;
  }

 private:
  Awaitable<Outcome> Talk(const base::Metadata& metadata) {
    absl::Status status = co_await connection_->Open(settings_.connect);
    if (!status.ok()) co_return Failed(status);
    const http::RequestHead& head = exchange_.head();
    const std::string request = FormatHead(head, metadata, target_.authority());
    status = co_await connection_->Write(request, settings_.progress);
    if (!status.ok()) co_return Failed(status);

    if (head.has_body()) {
      uploading_ = true;
      Spawn(Upload());
    } else {
      EndRequest();
    }
    status = co_await connection_->ReadHead(head.method == "HEAD");
    StopUpload();
    while (uploading_) co_await child_ended_.Wait();
    if (exchange_.gone().cancelled() || upload_ == BodyStatus::kGone) co_return Gone();
    if (upload_ != BodyStatus::kComplete && upload_ != BodyStatus::kStopped) {
      Outcome outcome;
      outcome.result = Outcome::Result::kRefused;
      outcome.body = upload_;
      co_return outcome;
    }
    if (!status.ok()) co_return Failed(status);
    co_return co_await Answer(metadata);
  }

  Awaitable<Outcome> Answer(const base::Metadata& metadata) {
    const http_client::ResponseHead& head = connection_->head();
    Outcome outcome;
    outcome.status = head.status;
    const std::string fields = ReplyFields(head, metadata) + own_fields_();
    http::Response response;
    response.status = head.status;
    response.content_type = ContentType(head);
    response.fields = fields;
    if (!co_await exchange_.SendHead(response, head.length)) co_return Gone();
    for (;;) {
      std::string_view piece;
      const absl::Status status = co_await connection_->ReadPiece(settings_.progress, &piece);
      if (exchange_.gone().cancelled()) co_return Gone();
      if (!status.ok()) {
        outcome.result = Outcome::Result::kCutOff;
        outcome.fault = std::string(base::MessageOf(status));
        co_return outcome;
      }
      if (piece.empty()) break;
      if (!co_await exchange_.SendPiece(piece)) co_return Gone();
    }
    if (!co_await exchange_.SendEnd()) co_return Gone();
    co_return outcome;
  }

  // The request's body, while the answer is already waited for. A failure to write is not told: the other side may have
  // answered and closed without wanting the rest, and if it has not, waiting for the answer fails too.
  Awaitable<void> Upload() {
    const uint64_t limit = settings_.body_bytes == 0 ? std::numeric_limits<uint64_t>::max() : settings_.body_bytes;
    for (;;) {
      const BodyPiece piece = co_await exchange_.ReadPiece(limit);
      upload_ = piece.status;
      if (piece.status != BodyStatus::kComplete) {
        // Half a body must not reach its end.
        if (piece.status != BodyStatus::kStopped) connection_->Abort();
        break;
      }
      const bool written = co_await WritePiece(piece.bytes);
      if (stop_upload_) upload_ = BodyStatus::kStopped;
      if (!written || piece.bytes.empty() || stop_upload_) break;
    }
    if (!stop_upload_) EndRequest();
    uploading_ = false;
  }

  Awaitable<bool> WritePiece(std::string_view bytes) {
    if (!exchange_.head().chunked) co_return (co_await connection_->Write(bytes, settings_.progress)).ok();
    // An empty chunk is the last one.
    std::array<char, 20> size{};
    char* const end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
    framed_.assign(size.data(), end);
    framed_.append("\r\n").append(bytes).append("\r\n");
    co_return (co_await connection_->Write(framed_, settings_.progress)).ok();
  }

  // The client has said everything: from now on only the answer is waited for, and the client may leave.
  void EndRequest() {
    connection_->LimitAnswer(settings_.answer);
    exchange_.WatchClient();
  }

  void StopUpload() {
    if (!uploading_) return;
    stop_upload_ = true;
    connection_->StopWriting();
    exchange_.StopReading();
  }

  Awaitable<void> Watch() {
    while (watching_) {
      clock_.expires_after(settings_.clock);
      co_await clock_.async_wait(kAsTuple);
      connection_->Tick(Connection::Clock::now());
    }
  }

  void Spawn(Awaitable<void> work) {
    ++children_;
    asio::co_spawn(executor_, std::move(work), [this](std::exception_ptr failure) {
      --children_;
      uploading_ = uploading_ && failure == nullptr;
      if (failure != nullptr) {
        child_failure_ = failure;
        connection_->Abort();
      }
      if (child_ended_.waiting()) child_ended_.Resume();
    });
  }

  Outcome Failed(const absl::Status& status) const {
    Outcome outcome;
    if (exchange_.gone().cancelled()) return Gone();
    outcome.result =
        status.code() == absl::StatusCode::kDeadlineExceeded ? Outcome::Result::kSilent : Outcome::Result::kAway;
    outcome.fault = std::string(base::MessageOf(status));
    return outcome;
  }
  static Outcome Gone() {
    Outcome outcome;
    outcome.result = Outcome::Result::kGone;
    return outcome;
  }

  http::Exchange& exchange_;
  const OwnFields& own_fields_;
  const http_client::Target& target_;
  const Settings& settings_;
  const base::Executor executor_;
  const std::unique_ptr<Connection> connection_;

  bool uploading_ = false;
  bool stop_upload_ = false;
  BodyStatus upload_ = BodyStatus::kComplete;
  std::string framed_;  // a piece as a chunk

  bool watching_ = true;
  Timer clock_;
  size_t children_ = 0;
  std::exception_ptr child_failure_;
  base::Suspension child_ended_;
};

}  // namespace

Awaitable<Outcome> Pass(http::Exchange& exchange, const base::Metadata& metadata, const OwnFields& own_fields,
                        const http_client::Target& target, const Settings& settings, base::Executor executor) {
  if (settings.body_bytes != 0 && exchange.head().content_length.value_or(0) > settings.body_bytes) {
    Outcome outcome;
    outcome.result = Outcome::Result::kRefused;
    outcome.body = BodyStatus::kTooLarge;
    co_return outcome;
  }
  const auto passing = std::make_unique<Passing>(exchange, own_fields, target, settings, executor);
  co_return co_await passing->Run(metadata);
}

}  // namespace vecgate::passthrough
