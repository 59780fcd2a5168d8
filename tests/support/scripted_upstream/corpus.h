#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "grpcpp/support/status.h"

namespace vecgate::scripted_upstream {

using Metadata = std::multimap<std::string, std::string>;

// How a call ends when it does not end with a reply.
struct Failure {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  std::string message;
  Metadata trailers;
};

// What a server gives back: a failure, or the bytes of a reply.
struct Answer {
  std::string reply;
  std::optional<Failure> failure;
};

// One call of a recorded exchange.
struct RecordedCall {
  std::string method;
  Metadata metadata;
  std::string request;
  Answer answer;
};

// One recorded exchange: what a gateway has to ask, in order, to answer one REST request.
struct Record {
  std::string name;
  std::string server;
  std::int64_t seq = 0;
  std::vector<RecordedCall> calls;
};

// Recorded exchanges, read from JSON lines (see tests/corpus). Immutable.
class Corpus {
 public:
  Corpus() = default;

  // Reads files, and every *.jsonl of folders.
  static absl::StatusOr<Corpus> Load(const std::vector<std::string>& paths);

  // Null when there is no such record. Valid as long as the corpus is.
  const Record* Find(absl::string_view name) const;

  // By `seq`.
  const std::vector<Record>& records() const { return records_; }

 private:
  std::vector<Record> records_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
};

}  // namespace vecgate::scripted_upstream
