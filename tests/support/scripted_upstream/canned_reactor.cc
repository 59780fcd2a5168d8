#include "scripted_upstream/canned_reactor.h"

namespace vecgate::scripted_upstream {

CannedReplies Prepare(const CannedAnswers& answers) {
  CannedReplies replies;
  for (const auto& [method, answer] : answers) {
    const grpc::Slice slice(answer.reply);
    replies.emplace(method, CannedReply{.reply = grpc::ByteBuffer(&slice, 1), .failure = answer.failure});
  }
  return replies;
}

CannedReactor::CannedReactor(const CannedReply& canned, grpc::GenericCallbackServerContext* context)
    : canned_(canned), context_(context) {
  StartRead(&request_);
}

void CannedReactor::OnReadDone(bool ok) {
  if (!ok) {
    Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "the call carries no request"));
    return;
  }
  if (canned_.failure.has_value()) {
    for (const auto& [name, value] : canned_.failure->trailers) context_->AddTrailingMetadata(name, value);
    Finish(grpc::Status(canned_.failure->code, canned_.failure->message));
    return;
  }
  StartWriteAndFinish(&canned_.reply, grpc::WriteOptions(), grpc::Status::OK);
}

}  // namespace vecgate::scripted_upstream
