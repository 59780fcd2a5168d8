#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scripted_upstream/corpus.h"
#include "scripted_upstream/json.h"
#include "scripted_upstream/request_matcher.h"

namespace vecgate::scripted_upstream {

// What the server does with one call.
struct Reaction {
  Answer answer;
  std::chrono::milliseconds delay{0};
  bool close_connections = false;  // instead of an answer
};

// Method name -> the same answer every time.
using CannedAnswers = std::map<std::string, Answer, std::less<>>;

// Reads {"/package.Service/Method": {"reply_b64": ...} | {"record": NAME} | {"error": {...}}, ...}.
absl::StatusOr<CannedAnswers> LoadCanned(const std::string& path, const Corpus& corpus);

// Decides what each call gets, and remembers the calls since the last `Expect`.
//
// With a record expected, the calls of that record are answered in order, whatever they ask; whether they ask the right
// thing is in the report. Reads that a gateway may add are answered from earlier records of the same server. Without a
// record, a call is answered as the recorded call that asks the same (if several do, one after the other in recorded
// order). Calls a gateway makes on its own account - health checks, and listing collections
// to prove a credential - are answered by rule and stand apart in the report. Thread-safe.
class Script {
 public:
  Script(const Corpus* corpus, const RequestMatcher* matcher);

  // The control methods take and give JSON objects.

  // {"record": NAME, "otherwise": ANSWER, "reads": [METHOD, ...]}: forgets the calls so far; with no record, none is
  // expected any more. `unordered` (a bool): calls are made at the same time, so each gets what was recorded for an equal
  // request of its method, if any, else what is next of it. `otherwise` is what further calls get; without it they fail. `reads` may follow the recorded
  // calls, once each, and get what was last recorded for an equal request before this record.
  absl::Status Expect(const JsonObject& request);

  // {"method": only this one, "count": calls hit (0: until the next Fault), "delay_ms", "error": {...},
  //  "garbage": bool, "close": bool, "trailer_bytes": size}. {"count": -1} ends all faults.
  absl::Status Fault(const JsonObject& request);

  // Calls since the last Expect: {"record", "calls": [{"method", "kind", "index", "metadata", "request_b64", "difference"}]},
  // `index` that of the recorded call, -1 where there is none, `kind` one of expected, read, extra, proof, health, faulty.
  std::string Report() const;

  Reaction Receive(absl::string_view method, const Metadata& metadata, std::string request);

 private:
  struct Received {
    std::string method;
    std::string kind;
    std::int64_t index = -1;  // of the recorded call
    std::vector<std::string> metadata;
    std::string request;
    std::string difference;
  };
  struct PendingFault {
    std::string method;
    std::int64_t count = 0;  // 0: no end
    std::chrono::milliseconds delay{0};
    std::optional<Answer> answer;  // none: as usual, only late
    bool close = false;
  };

  struct LibraryEntry {
    const Record* record;
    const RecordedCall* call;
  };

  // The recorded call that `call` is taken for; the number of recorded calls when there is none.
  std::size_t ExpectedFor(const Received& call) const;
  bool AllMade() const;
  std::optional<Answer> TakeRead(const Received& call);
  std::optional<PendingFault> TakeFault(absl::string_view method);
  Answer Decide(const Metadata& metadata, Received* call);
  Answer Recall(const Received& call);

  const Corpus* corpus_;
  const RequestMatcher* matcher_;
  // Recorded calls that ask the same, in recorded order.
  std::map<std::string, std::vector<LibraryEntry>> library_;

  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> recalled_;
  const Record* record_ = nullptr;
  std::vector<bool> made_;  // which recorded calls were made
  bool unordered_ = false;
  std::optional<Answer> otherwise_;
  std::set<std::string> reads_;
  std::vector<Received> calls_;
  std::optional<PendingFault> fault_;
};

}  // namespace vecgate::scripted_upstream
