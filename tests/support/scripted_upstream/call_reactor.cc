#include "scripted_upstream/call_reactor.h"

#include <chrono>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "scripted_upstream/json.h"

namespace vecgate::scripted_upstream {
namespace {

constexpr absl::string_view kControlPrefix = "/vecgate.test.Script/";

std::string Bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

grpc::ByteBuffer Buffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

Metadata MetadataOf(const grpc::GenericCallbackServerContext& context) {
  Metadata metadata;
  for (const auto& [name, value] : context.client_metadata()) {
    metadata.emplace(std::string(name.data(), name.size()), std::string(value.data(), value.size()));
  }
  return metadata;
}

}  // namespace

CallReactor::CallReactor(Script* script, const std::function<void()>& close_connections,
                         grpc::GenericCallbackServerContext* context)
    : script_(script), close_connections_(close_connections), context_(context) {
  StartRead(&request_);
}

void CallReactor::OnReadDone(bool ok) {
  if (!ok) {
    Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "the call carries no request"));
    return;
  }
  const std::string& method = context_->method();
  if (absl::StartsWith(method, kControlPrefix)) {
    Steer(Bytes(request_));
    return;
  }
  reaction_ = script_->Receive(method, MetadataOf(*context_), Bytes(request_));
  if (reaction_.delay.count() == 0) {
    Respond();
    return;
  }
  alarm_.Set(std::chrono::system_clock::now() + reaction_.delay, [this](bool) { Respond(); });
}

void CallReactor::Steer(const std::string& request) {
  const absl::string_view command = absl::StripPrefix(context_->method(), kControlPrefix);
  std::string reply = "{}";
  absl::StatusOr<rapidjson::Document> document = ParseObject(request, command);
  absl::Status status = document.status();
  if (status.ok() && command == "Expect") {
    status = script_->Expect(*document);
  } else if (status.ok() && command == "Fault") {
    status = script_->Fault(*document);
  } else if (status.ok() && command == "Report") {
    reply = script_->Report();
  } else if (status.ok()) {
    status = absl::UnimplementedError(absl::StrCat("no control method ", command));
  }
  if (!status.ok()) {
    Finish(grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message())));
    return;
  }
  reply_ = Buffer(reply);
  StartWriteAndFinish(&reply_, grpc::WriteOptions(), grpc::Status::OK);
}

void CallReactor::Respond() {
  if (reaction_.close_connections) {
    AwaitClose();
    return;
  }
  if (const std::optional<Failure>& failure = reaction_.answer.failure; failure.has_value()) {
    for (const auto& [name, value] : failure->trailers) context_->AddTrailingMetadata(name, value);
    Finish(grpc::Status(failure->code, failure->message));
    return;
  }
  reply_ = Buffer(reaction_.answer.reply);
  StartWriteAndFinish(&reply_, grpc::WriteOptions(), grpc::Status::OK);
}

void CallReactor::AwaitClose() {
  // Once the connections are closing, OnCancel may delete this object.
  const std::function<void()> close_connections = close_connections_;
  bool cancelled = false;
  {
    const std::lock_guard lock(mutex_);
    cancelled = cancelled_;
    awaiting_close_ = !cancelled;
  }
  if (cancelled) Finish(grpc::Status::CANCELLED);
  close_connections();
}

void CallReactor::OnCancel() {
  alarm_.Cancel();
  bool finish = false;
  {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    finish = awaiting_close_;
  }
  // Nothing else will end a call that waits for its connection to go.
  if (finish) Finish(grpc::Status::CANCELLED);
}

}  // namespace vecgate::scripted_upstream
