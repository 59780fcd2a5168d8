#pragma once

#include <map>
#include <optional>
#include <string>

#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/support/byte_buffer.h"
#include "scripted_upstream/corpus.h"
#include "scripted_upstream/script.h"

namespace vecgate::scripted_upstream {

// An answer ready to be sent: the bytes of a reply are shared by all calls, never copied.
struct CannedReply {
  grpc::ByteBuffer reply;
  std::optional<Failure> failure;
};

// Method name -> what every call of it gets. Immutable while a server runs.
using CannedReplies = std::map<std::string, CannedReply, std::less<>>;

CannedReplies Prepare(const CannedAnswers& answers);

// One call that gets a canned reply: takes the request in, unread, and answers. Nothing is compared, remembered or
// locked. Deletes itself when gRPC is done with it.
class CannedReactor final : public grpc::ServerGenericBidiReactor {
 public:
  // Both outlive the call.
  CannedReactor(const CannedReply& canned, grpc::GenericCallbackServerContext* context);

  void OnReadDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  const CannedReply& canned_;
  grpc::GenericCallbackServerContext* const context_;
  grpc::ByteBuffer request_;
};

}  // namespace vecgate::scripted_upstream
