// One GraphQL request on its way: read, made into calls, answered.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "graphql/document.h"
#include "graphql/expand.h"
#include "graphql/variables.h"
#include "runtime/operation.h"
#include "runtime/output_buffer.h"
#include "weaviate/graphql_aggregate.h"
#include "weaviate/graphql_get.h"
#include "weaviate/graphql_input.h"
#include "weaviate/graphql_request.h"

namespace vecgate::translators::weaviate {

// Bytes that the arguments of all documents of a request may have, with what variables stand for.
inline constexpr size_t kMostArgumentBytes = size_t{64} << 20;

class GraphQlRun {
 public:
  // All outlive the run. The request has a query. `budget`: bytes that its arguments may still have.
  GraphQlRun(const runtime::OperationContext& context, const GraphQlRequest& request, size_t* budget)
      : context_(context), request_(request), budget_(*budget) {}
  GraphQlRun(const GraphQlRun&) = delete;

  // Appends the calls that the document needs.
  void Begin(std::vector<runtime::Operation::Call>* calls);
  size_t calls() const { return calls_; }

  // Prints {"data":...,"errors":...} from the outcomes of its calls. An HTTP error instead, when there is to be one: of
  // the request as a whole, or because the answer has no JSON.
  std::optional<runtime::Reply> Answer(std::span<const runtime::Operation::Outcome> outcomes, runtime::OutputBuffer* out);
  bool has_no_json() const { return has_no_json_; }

 private:
  // A field of Get or Aggregate, or of the document's root.
  struct Item {
    const graphql::Field* field = nullptr;
    GraphQlRoot root = GraphQlRoot::kGet;
    std::variant<std::monostate, GetPlan, AggregatePlan> plan;
    std::optional<GraphQlFault> fault;
    bool is_typename = false;
    size_t first_call = 0;  // of the run's
    size_t calls = 0;
  };
  struct Root {
    const graphql::Field* field = nullptr;
    std::string_view type;    // GraphQL's name
    std::deque<Item> items;
    std::optional<GraphQlFault> fault;
    bool is_typename = false;
  };

  bool Read();  // false: faults_ say why
  void Plan(std::vector<runtime::Operation::Call>* calls);
  void PlanRoot(const graphql::Field& field);
  void PlanItem(const graphql::Field& field, GraphQlRoot root, Root* owner, std::vector<runtime::Operation::Call>* calls);
  bool Spend(const graphql::Field& field);
  void NoteFault(GraphQlFault fault, std::vector<std::string> path);
  void NoteFailures(std::span<const runtime::Operation::Outcome> outcomes);
  bool WriteData(std::span<const runtime::Operation::Outcome> outcomes, runtime::JsonWriter& writer);
  bool WriteItem(const Item& item, std::span<const runtime::Operation::Outcome> outcomes, runtime::JsonWriter& writer);
  void WriteErrors(std::span<const GraphQlFault> faults, runtime::JsonWriter& writer) const;

  const runtime::OperationContext& context_;
  const GraphQlRequest& request_;
  size_t& budget_;
  graphql::Document document_;
  graphql::Variables variables_;
  graphql::Expansion expansion_;
  std::deque<Root> roots_;
  std::vector<GraphQlFault> faults_;   // of the document as a whole: nothing is answered
  std::vector<GraphQlFault> failures_;  // of fields
  size_t first_call_ = 0;  // of all that are made together
  size_t calls_ = 0;
  bool has_no_json_ = false;
};

}  // namespace vecgate::translators::weaviate
