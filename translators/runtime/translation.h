// One request on its way through a route: REST in, upstream calls, REST out.
//
// A Translation is a small state machine without I/O. The caller makes the upstream calls it asks for:
//
//   Translation translation(api, route, arena);
//   const Step* step = &translation.Begin(request);
//   while (step->kind == Step::Kind::kCall) {
//     CallOutcomes outcomes = <make step->calls, all at the same time>;
//     step = &translation.Resume(std::move(outcomes));
//   }
//   <send step->reply>
//
// Not thread-safe; one thread at a time. All views in RequestView must outlive the Translation.
#pragma once

#include <absl/container/inlined_vector.h>
#include <google/protobuf/arena.h>
#include <google/protobuf/message.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/output_buffer.h"
#include "runtime/route.h"

namespace vecgate::runtime {

// Whose fault a reply tells of. kNone: no fault.
enum class Origin : uint8_t { kNone, kDownstream, kGateway, kUpstream };

struct RequestView {
  std::span<const std::string> path_variables;  // percent-decoded, in the order of the route's template
  std::string_view query;                       // raw, without '?'
  // The whole body. The kBodyPadding (json_value.h) bytes behind it must be readable; their content is free.
  std::string_view body;
};

struct Reply {
  uint32_t status = 200;
  std::string_view content_type;  // static storage; empty: no Content-Type header
  OutputBuffer body;
  std::string retry_after;        // seconds; empty: no header
  std::string fields;             // further header fields, each with its CRLF
  Origin origin = Origin::kNone;
  std::string fault;              // one line for the log when origin is not kNone; no secret, no body
};

struct CallOutcome {
  int code = 0;         // gRPC status code; 0: the response message was filled
  std::string message;  // text of the status
  // Trailers (lower-case names) of a failed call.
  std::vector<std::pair<std::string, std::string>> trailers;
  // True when the gateway's own client made the status (connection refused, deadline, message too large),
  // false when the server sent it.
  bool from_client = false;
  bool anonymous = false;  // the caller sent no credential
  std::string body;     // of a REST port's answer
};
// One for each call of a step, in their order. Nearly always one.
using CallOutcomes = absl::InlinedVector<CallOutcome, 1>;

struct UpstreamCall {
  const CallSpec* spec = nullptr;
  google::protobuf::Message* request = nullptr;   // on the arena
  google::protobuf::Message* response = nullptr;  // on the arena, empty
  std::string rest_path;                          // instead of all three: GET of this path at the REST port
  std::chrono::duration<double> timeout{};        // upstream deadline, from the start of the call
  // The client was answered already (Step::reply holds that answer); the call is made for its effect and only
  // its outcome is logged.
  bool background = false;
};

struct Step {
  enum class Kind : uint8_t { kCall, kReply, kElsewhere };
  Kind kind = Kind::kReply;
  absl::InlinedVector<UpstreamCall, 1> calls;  // kCall: at least one
  // kReply; kCall with a single call in the background; kElsewhere (of the first step only): the answer when the request
  // cannot be passed through to a REST port.
  Reply reply;
};

// A RouteSpec with its field paths resolved against the descriptors. Immutable, shared by all threads.
class CompiledRoute;
struct ErrorInfo;

// What the configuration tells of an upstream, for answers that the upstream cannot be asked for.
struct UpstreamFacts {
  std::string version;                        // empty: the one the schema was written for
  std::string hostname;                       // where the database says it is: "http://[::]:8080"
  uint64_t max_message_bytes = 104'858'000;   // of a request that it takes
  uint64_t max_results = 10'000;              // that it lets one request have
  bool rest = false;                          // its REST port can be asked
};

// An ApiSpec made ready for serving. Immutable after construction, shared by all threads; outlives everything
// that refers to it. Construction stops the process on a rule that does not fit the schema (the generator
// checks all of that, so it cannot happen in a released binary).
class Api {
 public:
  // `max_depth`: containers that a body may nest; never more than the API takes, which 0 means.
  explicit Api(const ApiSpec& spec, UpstreamFacts facts = {}, uint32_t max_depth = 0);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  const ApiSpec& spec() const { return spec_; }
  const UpstreamFacts& facts() const { return facts_; }
  uint32_t max_depth() const { return max_depth_; }
  // Same order as spec().routes.
  std::span<const std::unique_ptr<CompiledRoute>> routes() const { return routes_; }

  // Error replies in the API's own envelope. `seconds`: time spent, printed where the API prints it.
  Reply ErrorReply(uint32_t status, std::string_view text, Origin origin, double seconds) const;
  // The one table from upstream failures to replies.
  Reply ErrorReply(const CallOutcome& outcome, double seconds) const;
  // Refusals by the head of a request. Nothing where the API has no words for them.
  std::optional<Reply> NoRouteReply(std::string_view path) const;
  // `allowed`: "GET,POST".
  std::optional<Reply> WrongMethodReply(std::string_view method, std::string_view allowed) const;
  std::optional<Reply> WrongContentTypeReply(std::string_view type) const;
  std::optional<Reply> NotAcceptableReply() const;
  // 501 for a route that gRPC has nothing for.
  Reply UnavailableReply(const RouteSpec& route, double seconds) const;
  // Body over the route's limit. `size`: as declared; nullopt when it was found while reading.
  Reply BodyTooLargeReply(std::optional<uint64_t> size, uint64_t limit) const;
  // Body that could not be decoded (broken Content-Encoding).
  Reply BrokenBodyReply(std::string_view what) const;

 private:
  Reply FormReply(const FormSpec& form, uint32_t status, std::string_view text, Origin origin, double seconds,
                  const ErrorInfo* info = nullptr) const;
  std::optional<Reply> HeadReply(uint32_t status, std::string_view text) const;

  const ApiSpec& spec_;
  const UpstreamFacts facts_;
  const uint32_t max_depth_;
  std::vector<std::unique_ptr<CompiledRoute>> routes_;
};

const RouteSpec& SpecOf(const CompiledRoute& route);

class Translation {
 public:
  // `arena` holds all messages; it, `api` and `route` outlive the translation.
  Translation(const Api& api, const CompiledRoute& route, google::protobuf::Arena* arena);
  ~Translation();

  // Reads the request. `start` is when it began, for the envelope's time.
  Step& Begin(const RequestView& request, std::chrono::steady_clock::time_point start);
  // Goes on after the calls of the last step.
  Step& Resume(CallOutcomes outcomes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vecgate::runtime
