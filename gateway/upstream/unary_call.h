// One unary call of any method on one channel, made once.
#pragma once

#include <google/protobuf/message.h>

#include <chrono>
#include <string_view>

#include "base/awaitable.h"
#include "base/cancel.h"
#include "base/header.h"
#include "runtime/route.h"
#include "runtime/translation.h"
#include "upstream/channels.h"

namespace vecgate::upstream {

// Codes that the gateway itself looks at.
inline constexpr int kUnknown = 2;
inline constexpr int kNotFound = 5;
inline constexpr int kPermissionDenied = 7;
inline constexpr int kUnavailable = 14;
inline constexpr int kUnauthenticated = 16;

struct CallRequest {
  std::string_view method;  // "/package.Service/Method"
  const google::protobuf::Message* message = nullptr;
  google::protobuf::Message* response = nullptr;  // filled when the outcome's code is 0
  std::chrono::duration<double> timeout{};        // from now
  const base::Metadata* metadata = nullptr;       // legal for gRPC (auth::ForwardedMetadata)
  // What may be done to the database. Reads may be made a second time.
  runtime::Access access = runtime::Access::kManage;
  bool own_timeout = false;  // the client's own wish, which no setting overrules
};

struct Attempt {
  enum class Answer : uint8_t {
    kGiven,     // by the server, an error too
    kNone,      // nobody knows how far the server got
    kUnsent,    // there was no connection to send it on
    kUnread,    // the server says that it did not look at it
    kGivenUp,   // cancelled by whoever made it
  };
  runtime::CallOutcome outcome;
  Answer answer = Answer::kGiven;
  bool too_large = false;  // the reply, by limits.reply_bytes
};

// Makes the call and waits for its end without holding the thread. `executor` is that of the awaiting coroutine;
// everything `request` points to, `stub` and `cancel` (may be null) outlive the call. Cancelling ends it soon, with
// code CANCELLED.
base::Awaitable<Attempt> CallOnce(base::Executor executor, Stub& stub, CallRequest request, base::CancelSource* cancel);

}  // namespace vecgate::upstream
