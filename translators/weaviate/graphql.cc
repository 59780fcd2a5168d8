// POST /v1/graphql and /v1/graphql/batch.
#include <algorithm>
#include <deque>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/concat.h"
#include "weaviate/graphql_request.h"
#include "weaviate/graphql_run.h"
#include "weaviate/operations.h"
#include "weaviate/replies.h"

namespace vecgate::translators::weaviate {
namespace {

using runtime::Operation;
using runtime::OperationContext;
using runtime::Reply;

// Calls made at the same time. A document may ask for any number.
constexpr size_t kAtOnce = 32;

// Of a batch.
constexpr size_t kMostRequests = 1000;

// Makes calls some at a time, and keeps the outcomes in order.
class Calls {
 public:
  std::vector<Operation::Call> all;
  std::vector<Operation::Outcome> outcomes;

  bool done() const { return made_ == all.size(); }
  Operation::Next Make() {
    const size_t count = std::min(kAtOnce, all.size() - made_);
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(made_);
    made_ += count;
    return std::vector<Operation::Call>(begin, begin + static_cast<std::ptrdiff_t>(count));
  }
  void Take(std::span<Operation::Outcome> taken) {
    outcomes.insert(outcomes.end(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
  }

 private:
  size_t made_ = 0;
};

class GraphQl : public Operation {
 public:
  explicit GraphQl(const OperationContext& context) : context_(context), run_(context_, request_, &budget_) {}

  Next Begin() override {
    if (auto fault = ReadGraphQlRequest(context_.api, context_.body, &request_)) return FaultReply(*fault);
    if (request_.query.empty()) return HandlerError(422, "query cannot be empty");
    if (!request_.variables_type.empty())
      return HandlerError(422, runtime::Concat("variables must be a JSON object, got ", request_.variables_type));
    run_.Begin(&calls_.all);
    return Go();
  }

  Next Resume(std::span<Outcome> outcomes) override {
    calls_.Take(outcomes);
    return Go();
  }

 private:
  Next Go() {
    if (!calls_.done()) return calls_.Make();
    Reply reply;
    reply.content_type = "application/json";
    if (auto error = run_.Answer(calls_.outcomes, &reply.body)) return std::move(*error);
    return reply;
  }

  const OperationContext context_;
  GraphQlRequest request_;
  size_t budget_ = kMostArgumentBytes;
  GraphQlRun run_;
  Calls calls_;
};

// A list of requests, answered as a list.
class GraphQlBatch : public Operation {
 public:
  explicit GraphQlBatch(const OperationContext& context) : context_(context) {}

  Next Begin() override {
    if (auto fault = ReadGraphQlRequests(context_.api, context_.body, &requests_)) return FaultReply(*fault);
    if (requests_.empty()) return NoRequests();
    if (requests_.size() > kMostRequests)
      return HandlerError(422, runtime::Concat("a batch takes at most ", std::to_string(kMostRequests), " queries"));
    for (const GraphQlRequest& request : requests_) {
      runs_.push_back(nullptr);
      if (request.query.empty() || !request.variables_type.empty()) continue;
      runs_.back() = std::make_unique<GraphQlRun>(context_, request, &budget_);
      runs_.back()->Begin(&calls_.all);
    }
    return Go();
  }

  Next Resume(std::span<Outcome> outcomes) override {
    calls_.Take(outcomes);
    return Go();
  }

 private:
  static Reply NoRequests() {
    Reply reply = JsonReply([](runtime::JsonWriter& writer) { writer.Raw("{\"error\":null}"); });
    reply.status = 422;
    reply.origin = runtime::Origin::kDownstream;
    return reply;
  }

  Next Go() {
    if (!calls_.done()) return calls_.Make();
    Reply reply;
    reply.content_type = "application/json";
    std::span<const Outcome> rest(calls_.outcomes);
    char separator = '[';
    for (size_t i = 0; i < runs_.size(); ++i) {
      reply.body.Put(separator);
      separator = ',';
      if (runs_[i] == nullptr) {
        reply.body.Append(Refusal(requests_[i]));
        continue;
      }
      runtime::OutputBuffer answer;
      const size_t count = runs_[i]->calls();
      auto error = runs_[i]->Answer(rest.first(count), &answer);
      if (error && !runs_[i]->has_no_json()) return std::move(*error);
      rest = rest.subspan(count);
      reply.body.Append(error ? kUnprocessable : answer.view());
    }
    reply.body.Put(']');
    return reply;
  }

  static constexpr std::string_view kUnprocessable =
      "{\"errors\":[{\"locations\":null,\"message\":\"422: The request is well-formed but was unable to be followed due to "
      "semantic errors.\",\"path\":null}]}";

  static std::string Refusal(const GraphQlRequest& request) {
    if (request.query.empty()) return std::string(kUnprocessable);
    return runtime::Concat("{\"errors\":[{\"locations\":null,\"message\":\"422: variables must be a JSON object, got ",
                           request.variables_type, "\",\"path\":null}]}");
  }

  const OperationContext context_;
  std::deque<GraphQlRequest> requests_;
  size_t budget_ = kMostArgumentBytes;
  std::vector<std::unique_ptr<GraphQlRun>> runs_;
  Calls calls_;
};

}  // namespace

std::unique_ptr<Operation> MakeGraphQl(const OperationContext& context) { return std::make_unique<GraphQl>(context); }
std::unique_ptr<Operation> MakeGraphQlBatch(const OperationContext& context) {
  return std::make_unique<GraphQlBatch>(context);
}

}  // namespace vecgate::translators::weaviate
