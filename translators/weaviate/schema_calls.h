// Asking the REST port for the schemas of collections.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/operation.h"
#include "weaviate/class_schema.h"

namespace vecgate::translators::weaviate {

// Only where the api's facts say that there is such a port.
runtime::Operation::Call SchemaCall(std::string_view collection);
// Nullopt: it could not be asked.
std::optional<ClassSchema> SchemaOf(const runtime::OperationContext& context, const runtime::Operation::Outcome& outcome);

// The schemas of what a request writes to, for what is told of it. Of a few collections: a request may name any number.
class Schemas {
 public:
  explicit Schemas(const runtime::OperationContext& context) : context_(context) {}

  // Nothing where there is no REST port.
  void Want(std::string_view collection);
  // Adds a call for each collection. To be asked once, and Take to be given its outcomes in their order.
  void AddCalls(std::vector<runtime::Operation::Call>* calls) const;
  size_t size() const { return wanted_.size(); }
  void Take(std::span<const runtime::Operation::Outcome> outcomes);

  // Null: nothing is known of it.
  const ClassSchema* Find(std::string_view collection) const;

 private:
  struct Wanted {
    std::string collection;
    std::optional<ClassSchema> schema;
  };
  const runtime::OperationContext& context_;
  std::vector<Wanted> wanted_;
};

}  // namespace vecgate::translators::weaviate
