// The way of a request through the rooms.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/credentials.h"
#include "auth/gate.h"
#include "auth/proof_cache.h"
#include "base/body_buffer.h"
#include "base/live.h"
#include "compression/coding.h"
#include "compression/decoder.h"
#include "compression/encoder.h"
#include "compression/offload.h"
#include "config/config.h"
#include "http/exchange.h"
#include "limits/gate.h"
#include "metrics/metrics.h"
#include "pipeline/auth_failures.h"
#include "pipeline/background_calls.h"
#include "pipeline/known_callers.h"
#include "pipeline/request_record.h"
#include "pipeline/rest_lookup.h"
#include "pipeline/rest_port.h"
#include "routing/route_table.h"
#include "runtime/translation.h"
#include "upstream/client.h"

namespace vecgate::pipeline {

// Shared by the handlers of all threads; everything outlives them.
struct Services {
  const runtime::Api& api;
  const routing::RouteTable& routes;  // indexes into api.routes()
  const base::Live<config::Config>& config;
  metrics::Metrics& metrics;
  limits::Gate& gate;
  const auth::Gate& callers;
  AuthFailures& auth_failures;
  compression::Offload& offload;
  std::function<bool()> ready;  // the upstream answers and nothing is being drained
  const base::Live<Observation>& observation;
  const base::Live<RestPort>& rest;  // null: none
  size_t first_route = 0;            // number of the first route in `metrics`
  std::string upstream = {};         // its name, when there are several
};

// Routes of `api` as a table of indexes, and as labels for metrics.
absl::StatusOr<routing::RouteTable> TableOf(const runtime::Api& api);
std::vector<metrics::RouteLabel> LabelsOf(const runtime::Api& api);

// One object per I/O thread.
class RequestHandler final : public http::Handler {
 public:
  RequestHandler(const Services& services, size_t thread, base::Executor executor,
                 upstream::Client& upstream);

  base::Awaitable<void> Handle(http::Exchange& exchange) override;
  void Refused(uint32_t status) override;

  BackgroundCalls& background() { return background_; }
  size_t background_count() const { return background_.count(); }

 private:
  // One request on its way.
  struct Visit {
    http::Exchange& exchange;
    std::shared_ptr<const config::Config> config;  // the one in force when the request began
    RequestRecord record;
    limits::Held held;
    std::optional<std::string_view> collection = {};  // that the path names; while the path's match is there
    std::shared_ptr<const auth::Policy> policy = {};  // that the request began with
    auth::CallerPtr caller = {};                      // null: nobody was asked, the route is open
    base::Metadata metadata;
    base::BodyBuffer decoded;  // the body, when it came compressed
    compression::Coding reply_coding = compression::Coding::kIdentity;
  };
  struct Answer {
    runtime::Reply reply;
    std::string_view vary = {};  // what the answer depends on beside CORS; static storage
    std::string_view authenticate = {};  // how to show who one is; static storage
    bool preflight = false;
    bool close = false;
    bool done = false;  // nothing is to be sent: the client has its answer already, or is gone
  };

  base::Awaitable<Answer> Produce(Visit& visit);
  // The answer to a request that no route fits.
  runtime::Reply NoRoute(const http::RequestHead& head) const;
  // Refuses a body that is not JSON and a client that takes none, where the API does so.
  std::optional<runtime::Reply> RefuseMedia(const http::RequestHead& head, const runtime::RouteSpec& spec) const;
  // Whether the caller and the collection may have one more request. False: `answer` refuses it.
  bool MayEnter(Visit& visit, Answer* answer);
  // Finds out who asks, as whom the upstream is asked, and whether the route (null: there is none) is within what the
  // caller may do. Nothing: it is.
  base::Awaitable<std::optional<Answer>> Admit(Visit& visit, const runtime::RouteSpec* route);
  base::Awaitable<std::optional<Answer>> CheckValue(Visit& visit);
  // The same for the collections that `request` names.
  std::optional<Answer> RefuseNamed(Visit& visit, const google::protobuf::Message& request);
  // The same for a request that goes on without a call, so that only its path may say which collection it concerns.
  std::optional<Answer> RefuseUnnamed(Visit& visit, const runtime::RouteSpec& route);
  Answer RefuseCaller(Visit& visit, const auth::Refusal& refusal);
  // Takes the content coding off `body`, which then views `visit.decoded`. False: `answer` refuses it.
  base::Awaitable<bool> DecodeBody(Visit& visit, std::string_view* body, Answer* answer);
  // The answer to a body that could not be read; `limit` is the one it had.
  base::Awaitable<Answer> RefuseBody(Visit& visit, http::BodyStatus status, uint64_t limit);
  base::Awaitable<Answer> PassThrough(Visit& visit, const RestPort& rest);
  base::Awaitable<Answer> Translate(Visit& visit, const runtime::CompiledRoute& route,
                                    std::span<const std::string> variables, std::string_view body);
  // `answer`, found without asking the upstream, once it has been asked whether it would have listened to the caller.
  base::Awaitable<Answer> Proven(Visit& visit, Answer answer);
  // Makes all calls of a step, several at the same time.
  base::Awaitable<runtime::CallOutcomes> CallAll(Visit& visit, std::span<const runtime::UpstreamCall> calls,
                                                 runtime::Access access);
  base::Awaitable<runtime::CallOutcome> AskRest(Visit& visit, const runtime::UpstreamCall& call);
  base::Awaitable<runtime::CallOutcome> CallUpstream(Visit& visit, const runtime::UpstreamCall& call,
                                                     runtime::Access access);
  runtime::Reply LocalReply(const runtime::LocalSpec& local) const;
  base::Awaitable<void> Send(Visit& visit, const Answer& answer);

  const Services& services_;
  base::Live<config::Config>::View config_;
  base::Live<RestPort>::View rest_;
  const base::Executor executor_;
  upstream::Client& upstream_;
  const size_t thread_;
  base::Live<Observation>::View observation_;
  metrics::ThreadMetrics& metrics_;
  limits::Door door_;
  const auth::ForwardRules forward_;
  auth::ProofCache proofs_;
  base::Live<auth::Policy>::View policy_;
  KnownCallers callers_;
  RestLookup lookup_;
  BackgroundCalls background_;
  compression::Decoder decoder_;
  compression::Encoder encoder_;
};

}  // namespace vecgate::pipeline
