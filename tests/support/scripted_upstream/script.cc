#include "scripted_upstream/script.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "rapidjson/stringbuffer.h"
#include "rapidjson/writer.h"

namespace vecgate::scripted_upstream {
namespace {

constexpr absl::string_view kHealthCheck = "/grpc.health.v1.Health/Check";
constexpr absl::string_view kQdrantHealthCheck = "/qdrant.Qdrant/HealthCheck";
constexpr absl::string_view kProof = "/qdrant.Collections/List";
constexpr absl::string_view kAuthServer = "auth";

// HealthCheckResponse{status: SERVING} and HealthCheckReply{title, version}.
constexpr absl::string_view kServing = "\x08\x01";
constexpr absl::string_view kQdrantHealthy =
    "\x0a\x1dqdrant - vector search engine\x12\x06"
    "1.19.0";

// Metadata that a gRPC library sends by itself.
constexpr std::array<absl::string_view, 6> kTransport = {"user-agent",      "te",           "content-type",
                                                         "accept-encoding", "grpc-timeout", "grpc-accept-encoding"};
constexpr std::array<absl::string_view, 2> kCredentials = {"api-key", "authorization"};

absl::string_view First(const Metadata& metadata, absl::string_view name) {
  const auto found = metadata.find(std::string(name));
  return found == metadata.end() ? absl::string_view() : absl::string_view(found->second);
}

Answer Failed(grpc::StatusCode code, std::string message) {
  return Answer{.failure = Failure{.code = code, .message = std::move(message)}};
}

// The rule of a server with keys: `api-key` alone is judged when it is there, else the bearer token.
Answer AnswerProof(absl::string_view server, const Metadata& metadata) {
  constexpr absl::string_view kBearer = "Bearer ";
  if (server != kAuthServer) return {};
  absl::string_view key = First(metadata, "api-key");
  if (metadata.count("api-key") == 0) {
    key = First(metadata, "authorization");
    if (!absl::StartsWith(key, kBearer)) {
      return Failed(grpc::StatusCode::UNAUTHENTICATED, "Must provide an API key or an Authorization bearer token");
    }
    key.remove_prefix(kBearer.size());
  }
  const bool is_jwt = std::count(key.begin(), key.end(), '.') == 2;
  if (key == "admin-key" || key == "alt-key" || key == "ro-key" || is_jwt) return {};
  return Failed(grpc::StatusCode::UNAUTHENTICATED, "Invalid API key or JWT");
}

// Credentials have to arrive as recorded; nothing else is said about their values.
std::string CredentialDifference(const Metadata& expected, const Metadata& actual) {
  std::vector<std::string> differences;
  for (absl::string_view name : kCredentials) {
    const bool was = expected.count(std::string(name)) > 0;
    const bool is = actual.count(std::string(name)) > 0;
    if (was && !is) differences.push_back(absl::StrCat("metadata ", name, " is missing"));
    if (!was && is) differences.push_back(absl::StrCat("metadata ", name, " was added"));
    if (was && is && First(expected, name) != First(actual, name)) {
      differences.push_back(absl::StrCat("metadata ", name, " has another value"));
    }
  }
  return absl::StrJoin(differences, "\n");
}

std::string LibraryKey(absl::string_view method, const std::string& normal_form) {
  std::string key(method);
  key.push_back('\0');
  return key + normal_form;
}

}  // namespace

absl::StatusOr<CannedAnswers> LoadCanned(const std::string& path, const Corpus& corpus) {
  std::ifstream input(path);
  if (!input) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  std::ostringstream text;
  text << input.rdbuf();
  absl::StatusOr<rapidjson::Document> document = ParseObject(text.str(), path);
  if (!document.ok()) return document.status();
  CannedAnswers answers;
  for (const auto& [key, value] : document->GetObject()) {
    const std::string method = key.GetString();
    const std::string where = absl::StrCat(path, ": ", method);
    if (!value.IsObject()) return absl::InvalidArgumentError(absl::StrCat(where, ": not an object"));
    const std::string name = StringMember(value, "record");
    if (name.empty()) {
      absl::StatusOr<Answer> answer = ReadAnswer(value);
      if (!answer.ok()) return absl::InvalidArgumentError(absl::StrCat(where, ": ", answer.status().message()));
      answers.emplace(method, *std::move(answer));
      continue;
    }
    const Record* record = corpus.Find(name);
    const RecordedCall* call = nullptr;
    for (std::size_t i = 0; record != nullptr && i < record->calls.size(); ++i) {
      if (record->calls[i].method == method) call = &record->calls[i];
    }
    if (call == nullptr) return absl::NotFoundError(absl::StrCat(where, ": no such call in record '", name, "'"));
    answers.emplace(method, call->answer);
  }
  return answers;
}

Script::Script(const Corpus* corpus, const RequestMatcher* matcher) : corpus_(corpus), matcher_(matcher) {
  for (const Record& record : corpus_->records()) {
    for (const RecordedCall& call : record.calls) {
      library_[LibraryKey(call.method, matcher_->NormalForm(call.method, call.request))].push_back({&record, &call});
    }
  }
}

absl::Status Script::Expect(const JsonObject& request) {
  const std::string name = StringMember(request, "record");
  const Record* record = name.empty() ? nullptr : corpus_->Find(name);
  if (!name.empty() && record == nullptr) return absl::NotFoundError(absl::StrCat("no record is named '", name, "'"));
  std::optional<Answer> otherwise;
  if (const rapidjson::Value* value = Member(request, "otherwise"); value != nullptr) {
    if (!value->IsObject()) return absl::InvalidArgumentError("otherwise: not an object");
    absl::StatusOr<Answer> answer = ReadAnswer(*value);
    if (!answer.ok()) return answer.status();
    otherwise = *std::move(answer);
  }
  std::set<std::string> reads;
  if (const rapidjson::Value* methods = Member(request, "reads"); methods != nullptr) {
    if (!methods->IsArray()) return absl::InvalidArgumentError("reads: not a list");
    for (const rapidjson::Value& method : methods->GetArray()) reads.insert(method.IsString() ? method.GetString() : "");
  }
  const std::lock_guard lock(mutex_);
  record_ = record;
  made_.assign(record == nullptr ? 0 : record->calls.size(), false);
  unordered_ = BoolMember(request, "unordered");
  otherwise_ = std::move(otherwise);
  reads_ = std::move(reads);
  calls_.clear();
  return absl::OkStatus();
}

absl::Status Script::Fault(const JsonObject& request) {
  PendingFault fault{.method = StringMember(request, "method"),
                     .count = IntMember(request, "count"),
                     .delay = std::chrono::milliseconds(IntMember(request, "delay_ms")),
                     .close = BoolMember(request, "close")};
  if (const rapidjson::Value* error = Member(request, "error"); error != nullptr) {
    if (!error->IsObject()) return absl::InvalidArgumentError("error: not an object");
    absl::StatusOr<Failure> failure = ReadFailure(*error);
    if (!failure.ok()) return failure.status();
    fault.answer = Answer{.failure = *std::move(failure)};
  }
  if (BoolMember(request, "garbage")) fault.answer = Answer{.reply = std::string(64, '\xff')};
  if (const std::int64_t size = IntMember(request, "trailer_bytes"); size > 0) {
    if (!fault.answer.has_value()) fault.answer = Failed(grpc::StatusCode::INTERNAL, "huge trailer");
    if (!fault.answer->failure.has_value()) {
      return absl::InvalidArgumentError("trailer_bytes: an answer of garbage has no trailer");
    }
    fault.answer->failure->trailers.emplace("x-huge", std::string(static_cast<std::size_t>(size), 'x'));
  }
  const std::lock_guard lock(mutex_);
  if (fault.count < 0) {
    fault_.reset();
  } else {
    fault_ = std::move(fault);
  }
  return absl::OkStatus();
}

bool Script::AllMade() const { return std::find(made_.begin(), made_.end(), false) == made_.end(); }

std::size_t Script::ExpectedFor(const Received& call) const {
  const std::size_t first = std::find(made_.begin(), made_.end(), false) - made_.begin();
  if (first == made_.size()) return first;
  if (!unordered_) return record_->calls[first].method == call.method ? first : made_.size();
  std::size_t next = made_.size();
  for (std::size_t i = first; i < made_.size(); ++i) {
    const RecordedCall& recorded = record_->calls[i];
    if (made_[i] || recorded.method != call.method) continue;
    if (matcher_->Difference(call.method, recorded.request, call.request).empty()) return i;
    next = std::min(next, i);
  }
  return next;
}

std::optional<Script::PendingFault> Script::TakeFault(absl::string_view method) {
  if (!fault_.has_value()) return std::nullopt;
  // A health check is hit only by a fault that names it.
  if (fault_->method.empty() ? method == kHealthCheck : fault_->method != method) return std::nullopt;
  PendingFault fault = *fault_;
  if (fault.count == 1) fault_.reset();
  if (fault.count > 1) --fault_->count;
  return fault;
}

Answer Script::Recall(const Received& call) {
  const std::string key = LibraryKey(call.method, matcher_->NormalForm(call.method, call.request));
  const auto found = library_.find(key);
  if (found == library_.end()) {
    return Failed(grpc::StatusCode::UNIMPLEMENTED, absl::StrCat("no recorded call of ", call.method, " asks this"));
  }
  std::size_t& turn = recalled_[key];
  const RecordedCall* recorded = found->second[std::min(turn, found->second.size() - 1)].call;
  ++turn;
  return recorded->answer;
}

std::optional<Answer> Script::TakeRead(const Received& call) {
  if (record_ == nullptr || !AllMade() || reads_.erase(call.method) == 0) return std::nullopt;
  const auto found = library_.find(LibraryKey(call.method, matcher_->NormalForm(call.method, call.request)));
  if (found == library_.end()) return std::nullopt;
  const RecordedCall* nearest = nullptr;
  for (const LibraryEntry& entry : found->second) {
    if (entry.record->server == record_->server && entry.record->seq < record_->seq) nearest = entry.call;
  }
  if (nearest == nullptr) return std::nullopt;
  return nearest->answer;
}

Answer Script::Decide(const Metadata& metadata, Received* call) {
  if (call->method == kHealthCheck) {
    call->kind = "health";
    return Answer{.reply = std::string(kServing)};
  }
  if (const std::size_t index = ExpectedFor(*call); index < made_.size()) {
    const RecordedCall* expected = &record_->calls[index];
    call->kind = "expected";
    call->index = static_cast<std::int64_t>(index);
    call->difference = matcher_->Difference(call->method, expected->request, call->request);
    if (const std::string credentials = CredentialDifference(expected->metadata, metadata); !credentials.empty()) {
      absl::StrAppend(&call->difference, call->difference.empty() ? "" : "\n", credentials);
    }
    made_[index] = true;
    return expected->answer;
  }
  if (call->method == kQdrantHealthCheck) {
    call->kind = "health";
    return Answer{.reply = std::string(kQdrantHealthy)};
  }
  if (call->method == kProof) {
    call->kind = "proof";
    return AnswerProof(record_ == nullptr ? "" : absl::string_view(record_->server), metadata);
  }
  if (const std::optional<Answer> read = TakeRead(*call); read.has_value()) {
    call->kind = "read";
    return *read;
  }
  call->kind = "extra";
  if (otherwise_.has_value()) return *otherwise_;
  if (record_ == nullptr) return Recall(*call);
  const auto missing = std::find(made_.begin(), made_.end(), false);
  call->difference = missing == made_.end()
                         ? "no further call is expected"
                         : absl::StrCat("expected ", record_->calls[missing - made_.begin()].method, " instead");
  return Failed(grpc::StatusCode::INTERNAL, absl::StrCat("scripted upstream: ", call->method, " is not expected"));
}

Reaction Script::Receive(absl::string_view method, const Metadata& metadata, std::string request) {
  Received call{.method = std::string(method), .request = std::move(request)};
  for (const auto& [name, value] : metadata) {
    if (std::find(kTransport.begin(), kTransport.end(), name) == kTransport.end()) call.metadata.push_back(name);
  }
  const std::lock_guard lock(mutex_);
  const std::optional<PendingFault> fault = TakeFault(method);
  Reaction reaction;
  if (fault.has_value()) {
    reaction.delay = fault->delay;
    reaction.close_connections = fault->close;
  }
  if (fault.has_value() && (fault->close || fault->answer.has_value())) {
    call.kind = "faulty";
    if (fault->answer.has_value()) reaction.answer = *fault->answer;
  } else {
    reaction.answer = Decide(metadata, &call);
  }
  calls_.push_back(std::move(call));
  return reaction;
}

std::string Script::Report() const {
  const std::lock_guard lock(mutex_);
  rapidjson::StringBuffer text;
  rapidjson::Writer<rapidjson::StringBuffer> writer(text);
  const auto string = [&writer](const std::string& value) {
    writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  };
  const auto member = [&writer, &string](const char* name, const std::string& value) {
    writer.Key(name);
    string(value);
  };
  writer.StartObject();
  member("record", record_ == nullptr ? "" : record_->name);
  writer.Key("calls");
  writer.StartArray();
  for (const Received& call : calls_) {
    writer.StartObject();
    member("method", call.method);
    member("kind", call.kind);
    writer.Key("index");
    writer.Int64(call.index);
    writer.Key("metadata");
    writer.StartArray();
    for (const std::string& name : call.metadata) string(name);
    writer.EndArray();
    member("request_b64", absl::Base64Escape(call.request));
    member("difference", call.difference);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return text.GetString();
}

}  // namespace vecgate::scripted_upstream
