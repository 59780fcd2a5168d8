#include "graphql/document.h"

#include <algorithm>
#include <string>

namespace vecgate::graphql {

const Fragment* Document::FindFragment(std::string_view name) const {
  const auto found = fragments_by_name_.find(name);
  return found == fragments_by_name_.end() ? nullptr : found->second;
}

Location Document::LocationOf(uint32_t offset) const {
  if (lines_.empty()) lines_ = LineStarts(source_);
  const auto next = std::upper_bound(lines_.begin(), lines_.end(), offset);
  return {static_cast<uint32_t>(next - lines_.begin()), offset - *(next - 1) + 1};
}

std::optional<Fault> ChooseOperation(const Document& document, std::string_view name, const Operation** operation) {
  const Chain<Operation> operations = document.operations();
  if (!name.empty()) {
    *operation = operations.Find(name);
    if (*operation == nullptr) return Fault{"Unknown operation named \"" + std::string(name) + "\".", {}};
  } else {
    *operation = operations.first();
    if (*operation == nullptr) return Fault{"Must provide an operation.", {}};
    if ((*operation)->next != nullptr)
      return Fault{"Must provide operation name if query contains multiple operations.", {}};
  }
  if ((*operation)->type == Operation::Type::kQuery) return std::nullopt;
  const char* kind = (*operation)->type == Operation::Type::kMutation ? "mutations" : "subscriptions";
  return Fault{std::string("Schema is not configured for ") + kind, {document.LocationOf((*operation)->offset)}};
}

}  // namespace vecgate::graphql
