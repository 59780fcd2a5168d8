#include "upstream/unary_call.h"

#include <google/protobuf/io/coded_stream.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/status.h>

#include <string>
#include <utility>

#include "base/text.h"
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

// True when the status came from the server. The library keeps no flag for it, but it notes a status found in received
// trailers as one "from peer"; statuses it makes itself (connection refused, deadline, cancelled) are not. Faults of the
// stream itself are made to look like trailers on some paths; their texts give them away.
bool SentByServer(const grpc::Status& status, const grpc::ClientContext& context) {
  if (context.debug_error_string().find("from peer") == std::string::npos) return false;
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
        "Endpoint closing", "Transport closed", "keepalive watchdog"}) {
    if (status.error_message().find(text) != std::string::npos) return false;
  }
  return true;
}

// Lives from the start of a call until its completion has arrived on the caller's thread.
class PendingCall {
 public:
  PendingCall(base::Executor executor, grpc::GenericStub& stub, const CallRequest& request)
      : executor_(executor), stub_(stub), method_(request.method) {
    const size_t size = request.message->ByteSizeLong();
    grpc::Slice slice(size);
    request.message->SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
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

  CallOutcome TakeOutcome(google::protobuf::Message* response) {
    CallOutcome outcome;
    if (status_.ok()) {
      if (Decode(&response_, response)) return outcome;
      outcome.code = grpc::StatusCode::INTERNAL;
      outcome.message = base::Concat("reply of ", method_, " cannot be decoded");
      outcome.from_client = true;
      return outcome;
    }
    outcome.code = status_.error_code();
    outcome.message = status_.error_message();
    outcome.from_client = !SentByServer(status_, context_);
    for (const auto& [name, value] : context_.GetServerTrailingMetadata()) {
      outcome.trailers.emplace_back(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
    }
    return outcome;
  }

 private:
  static void Start(PendingCall* self) {
    self->stub_.UnaryCall(&self->context_, self->method_, grpc::StubOptions(), &self->request_, &self->response_,
                          [self](grpc::Status status) {
                            // One of gRPC's threads.
                            self->status_ = std::move(status);
                            HandOver(self->executor_, self);
                          });
  }

  const base::Executor executor_;
  grpc::GenericStub& stub_;
  const std::string method_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  grpc::Status status_;
  base::Suspension done_;
};

}  // namespace

base::Awaitable<CallOutcome> Call(base::Executor executor, Stub& stub, CallRequest request, base::CancelSource* cancel) {
  if (cancel != nullptr && cancel->cancelled()) {
    CallOutcome outcome;
    outcome.code = grpc::StatusCode::CANCELLED;
    outcome.from_client = true;
    co_return outcome;
  }
  PendingCall call(executor, stub, request);
  const base::CancelSource::Target target(cancel, &PendingCall::Cancel, &call);
  co_await call.Done();
  co_return call.TakeOutcome(request.response);
}

}  // namespace vecgate::upstream
