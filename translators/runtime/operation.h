// What a route does that the rule language cannot say: calls whose requests depend on earlier replies, replies put
// together, a request told again in its reply.
//
// A route names it (`operation: "BatchObjects"` in rules.proto). Generated code calls its maker, Make<Name>, which the
// header named by the api's rules (`operations_header`) declares in the api's namespace:
//
//   std::unique_ptr<runtime::Operation> MakeBatchObjects(const runtime::OperationContext& context);
//
// An operation is made for one request and does no I/O: it asks for calls and is given their outcomes.
#pragma once

#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/params.h"
#include "runtime/translation.h"

namespace vecgate::runtime {

// The request and what surrounds it. Everything it refers to outlives the operation.
struct OperationContext {
  const Api& api;
  const RouteSpec& route;
  google::protobuf::Arena* arena;         // for messages
  std::span<const ParamValue> variables;  // of the path, in the template's order
  std::span<const ParamValue> params;     // of the query: those that the route knows and that were given or have a default
  std::string_view query;                 // raw
  std::string_view body;                  // as RequestView::body
  std::chrono::steady_clock::time_point start;

  // The text of a path variable or query parameter; null when it was not given.
  const std::string* Text(std::string_view name) const;
};

class Operation {
 public:
  struct Call {
    const CallSpec* spec = nullptr;                // one of the route's calls
    google::protobuf::Message* request = nullptr;  // on the arena
    // Instead of both: GET of this path (with query) at the upstream's REST port, with the caller's credential. Only
    // when the api's facts say that there is such a port.
    std::string rest_path;
  };
  struct Outcome {
    CallOutcome status;                             // `body` of it: what a REST port answered
    const google::protobuf::Message* reply = nullptr;  // on the arena; empty unless the call succeeded
  };
  // gRPC has no answer: the request is passed through to the upstream's REST port where the configuration lists the
  // route's group, else `otherwise` is the answer. Only of Begin, and of routes that read no body.
  struct Elsewhere {
    Reply otherwise;
  };
  // What comes next: calls, which are made at the same time, or the answer.
  using Next = std::variant<std::vector<Call>, Reply, Elsewhere>;

  virtual ~Operation() = default;

  // Reads the request.
  virtual Next Begin() = 0;
  // Goes on with the outcomes of the calls asked for last, in their order, failed ones included.
  virtual Next Resume(std::span<Outcome> outcomes) = 0;
};

}  // namespace vecgate::runtime
