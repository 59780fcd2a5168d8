#include "pipeline/rest_lookup.h"

#include <utility>

#include "auth/credentials.h"
#include "base/status.h"
#include "base/text.h"
#include "http_client/fetch.h"
#include "upstream/unary_call.h"

namespace vecgate::pipeline {
namespace {

using runtime::CallOutcome;

constexpr std::chrono::seconds kLifetime{10};
constexpr size_t kKept = 256;
constexpr size_t kLongestAnswer = 16 * 1024 * 1024;

int CodeOf(uint32_t status) {
  switch (status) {
    case 200: return 0;
    case 401: return upstream::kUnauthenticated;
    case 403: return upstream::kPermissionDenied;
    case 404: return upstream::kNotFound;
    default: return upstream::kUnavailable;
  }
}

auth::Fingerprint KeyOf(const base::Metadata& metadata, const std::string& path) {
  const auth::Fingerprint caller = auth::FingerprintOf(metadata);
  return auth::FingerprintOfText(std::string(reinterpret_cast<const char*>(caller.data()), caller.size()) + path);
}

}  // namespace

RestLookup::RestLookup() : known_(kLifetime, kKept) {}

base::Awaitable<CallOutcome> RestLookup::Get(const RestPort& rest, const std::string& path,
                                             const base::Metadata& metadata, std::chrono::milliseconds time,
                                             base::Executor executor, base::CancelSource* cancel) {
  using Clock = auth::TimedCache<CallOutcome>::Clock;
  const uint64_t writes = rest.writes();
  if (writes_ != writes) known_.Clear();
  writes_ = writes;
  const auth::Fingerprint key = KeyOf(metadata, path);
  if (const CallOutcome* known = known_.Find(key, Clock::now())) co_return *known;

  std::string fields = "accept: application/json\r\n";
  for (const auto& [name, value] : metadata) base::Append(&fields, name, ": ", value, "\r\n");
  http_client::FetchRequest request;
  request.path = path;
  request.fields = fields;
  http_client::FetchLimits limits;
  limits.time = time;
  limits.body_bytes = kLongestAnswer;
  absl::StatusOr<http_client::FetchAnswer> answer =
      co_await http_client::Fetch(rest.target(), request, limits, executor, cancel);
  CallOutcome outcome;
  if (!answer.ok()) {
    outcome.code = upstream::kUnavailable;
    outcome.message = std::string(base::MessageOf(answer.status()));
    outcome.from_client = true;
    co_return outcome;
  }
  outcome.code = CodeOf(answer->status);
  outcome.body = std::move(answer->body);
  // What was asked before a write says nothing of what is there now.
  const bool lasts = rest.writes() == writes && (outcome.code == 0 || outcome.code == upstream::kNotFound);
  if (lasts) known_.Put(key, outcome, Clock::now());
  co_return outcome;
}

}  // namespace vecgate::pipeline
