// One unary call of any method.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <string_view>

#include "base/awaitable.h"
#include "base/cancel.h"
#include "base/header.h"
#include "runtime/translation.h"

namespace vecgate::upstream {

// Makes calls on one channel; safe to use from any thread.
using Stub = grpc::GenericStub;

// Codes that the gateway itself looks at.
inline constexpr int kPermissionDenied = grpc::StatusCode::PERMISSION_DENIED;
inline constexpr int kUnauthenticated = grpc::StatusCode::UNAUTHENTICATED;

struct CallRequest {
  std::string_view method;  // "/package.Service/Method"
  const google::protobuf::Message* message = nullptr;
  google::protobuf::Message* response = nullptr;  // filled when the outcome's code is 0
  std::chrono::duration<double> timeout{};        // from now
  const base::Metadata* metadata = nullptr;       // legal for gRPC (auth::ForwardedMetadata)
};

// Makes the call and waits for its end without holding the thread. `executor` is that of the awaiting coroutine;
// everything `request` points to, `stub` and `cancel` (may be null) outlive the call. Cancelling ends it soon, with
// code CANCELLED.
base::Awaitable<runtime::CallOutcome> Call(base::Executor executor, Stub& stub, CallRequest request,
                                           base::CancelSource* cancel);

}  // namespace vecgate::upstream
