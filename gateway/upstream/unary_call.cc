#include "upstream/unary_call.h"

#include <google/protobuf/io/coded_stream.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/async_unary_call.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>
#include <utility>

#include "base/text.h"
#include "runtime/request_bytes.h"
#include "upstream/handover.h"

namespace vecgate::upstream {
namespace {

using runtime::CallOutcome;

// Payloads may nest deeper than the 100 levels at which stock readers stop.
constexpr int kRecursionLimit = 400;

bool Decode(grpc::ByteBuffer* bytes, google::protobuf::Message* message) {
  grpc::ProtoBufferReader reader(bytes);
  if (!reader.status().ok()) return false;
  google::protobuf::io::CodedInputStream coded(&reader);
  coded.SetRecursionLimit(kRecursionLimit);
  return message->ParseFromCodedStream(&coded) && coded.ConsumedEntireMessage();
}

// True when the status came from the server. The library keeps no flag for it. It notes "from peer" for a status found in
// trailers, but also for most that it makes itself; their texts give those away.
bool SentByServer(const grpc::Status& status, const grpc::ClientContext& context) {
  if (context.debug_error_string().find("from peer") == std::string::npos) return false;
  // What the library says when it ends a call for us.
  if (status.error_message() == "Deadline Exceeded" || status.error_message() == "CANCELLED") return false;
  switch (status.error_code()) {
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNAVAILABLE:
      break;
    default:
      return true;
  }
  for (const std::string_view text :
       {"metadata size exceeds limit", "Socket closed", "Connection reset", "Broken pipe", "GOAWAY", "RST_STREAM",
        "Endpoint closing", "Transport closed", "keepalive watchdog", "Received message larger than max"}) {
    if (status.error_message().find(text) != std::string::npos) return false;
  }
  return true;
}

// The texts by which the library tells that there was no connection to send anything on.
bool NeverSent(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE &&
         status.error_message().starts_with("failed to connect to all addresses");
}

// The server went away (GOAWAY) and named the last call it took, an earlier one; or it refused the stream. Both promise
// that nothing was done (RFC 9113 8.7). A call that it took and dropped ends with other texts.
bool NeverRead(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE &&
         (status.error_message() == "GOAWAY received" ||
          status.error_message() == "Received RST_STREAM with error code 7");
}

// The library's words for a reply beyond the limit, which it refuses by its length, before its bytes are held. Servers say
// much the same of requests ("grpc: received message larger than max").
constexpr std::string_view kReplyTooLarge = "Received message larger than max";

bool ReplyTooLarge(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
         status.error_message().find(kReplyTooLarge) != std::string::npos;
}

Attempt::Answer AnswerOf(const CallOutcome& outcome, const grpc::Status& status) {
  if (NeverRead(status)) return Attempt::Answer::kUnread;
  if (!outcome.from_client) return Attempt::Answer::kGiven;
  if (NeverSent(status)) return Attempt::Answer::kUnsent;
  switch (outcome.code) {
    case grpc::StatusCode::CANCELLED:
      return Attempt::Answer::kGivenUp;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:  // it was too large
      return Attempt::Answer::kGiven;
    default:
      return Attempt::Answer::kNone;
  }
}

// Lives from the start of a call until its completion has arrived on the caller's thread.
class PendingCall final : public Completion {
 public:
  PendingCall(base::Executor executor, Stub& stub, const CallRequest& request)
      : executor_(executor), stub_(stub), method_(request.method) {
    const size_t size = request.message->ByteSizeLong();
    grpc::Slice slice(size);
    runtime::WriteRequest(*request.message, size, reinterpret_cast<char*>(const_cast<uint8_t*>(slice.begin())));
    request_ = grpc::ByteBuffer(&slice, 1);
    context_.set_deadline(std::chrono::system_clock::now() +
                          std::chrono::duration_cast<std::chrono::microseconds>(request.timeout));
    if (request.metadata != nullptr) {
      for (const auto& [name, value] : *request.metadata) context_.AddMetadata(name, value);
    }
  }

  base::Awaitable<void> Done() { return done_.WaitAfter(&PendingCall::Start, this); }

  static void Cancel(void* self) { static_cast<PendingCall*>(self)->context_.TryCancel(); }

  // On the caller's thread.
  void Arrive() { done_.Resume(); }

  Attempt Take(google::protobuf::Message* response) {
    Attempt attempt;
    CallOutcome& outcome = attempt.outcome;
    if (status_.ok()) {
      if (Decode(&response_, response)) return attempt;
      outcome.code = grpc::StatusCode::INTERNAL;
      outcome.message = base::Concat("reply of ", method_, " cannot be decoded");
      outcome.from_client = true;
      return attempt;
    }
    outcome.code = status_.error_code();
    outcome.message = status_.error_message();
    outcome.from_client = !SentByServer(status_, context_);
    attempt.answer = AnswerOf(outcome, status_);
    if (outcome.from_client && ReplyTooLarge(status_)) {
      outcome.message = "the reply is larger than limits.reply_bytes allows";
      attempt.too_large = true;
    }
    for (const auto& [name, value] : context_.GetServerTrailingMetadata()) {
      outcome.trailers.emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
    }
    return attempt;
  }

 private:
  static void Start(PendingCall* self) {
    self->call_ = self->stub_.generic.PrepareUnaryCall(&self->context_, self->method_, self->request_,
                                                       &self->stub_.queue);
    self->call_->StartCall();
    void* const tag = static_cast<Completion*>(self);
    GiveAway(tag);
    self->call_->Finish(&self->response_, &self->status_, tag);
  }

  void Completed() override { HandOver(executor_, this); }

  const base::Executor executor_;
  Stub& stub_;
  const std::string method_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<grpc::ByteBuffer>> call_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
  base::Suspension done_;
};

}  // namespace

base::Awaitable<Attempt> CallOnce(base::Executor executor, Stub& stub, CallRequest request,
                                  base::CancelSource* cancel) {
  if (cancel != nullptr && cancel->cancelled()) {
    Attempt attempt;
    attempt.outcome.code = grpc::StatusCode::CANCELLED;
    attempt.outcome.from_client = true;
    attempt.answer = Attempt::Answer::kGivenUp;
    co_return attempt;
  }
  PendingCall call(executor, stub, request);
  const base::CancelSource::Target target(cancel, &PendingCall::Cancel, &call);
  co_await call.Done();
  co_return call.Take(request.response);
}

}  // namespace vecgate::upstream
