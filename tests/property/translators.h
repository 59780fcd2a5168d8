// All translators of an upstream, with what its rules say about each: reading, printing, looking up.
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/plan.h"
#include "runtime/json_reader.h"
#include "runtime/route.h"

namespace vecgate::property {

class Translators {
 public:
  // Those of Qdrant. Stops the process when its rules cannot be read.
  static const Translators& Get();

  const codegen::Plan& plan() const { return *plan_; }
  // Every one, named shapes included.
  std::span<const runtime::ShapeEntry> shapes() const;
  const codegen::ShapePlan& PlanOf(const runtime::ShapeEntry& shape) const { return *by_name_.at(shape.name); }

 private:
  Translators();

  std::unique_ptr<codegen::Schema> schema_;
  std::vector<std::unique_ptr<codegen::RuleSource>> sources_;
  std::unique_ptr<codegen::Plan> plan_;
  std::map<std::string_view, const codegen::ShapePlan*> by_name_;
};

struct ReadOutcome {
  bool read = false;     // without a format error
  bool refused = false;  // understood and refused
  std::string fault;
  std::vector<runtime::Violation> violations;
};
// Reads with the exact source; a text that the fast source takes is read with that too, which must judge the same.
ReadOutcome Read(const runtime::ShapeEntry& shape, std::string_view json, google::protobuf::Message* message);

// With everything shown that a request may ask for.
std::string Print(const runtime::ShapeEntry& shape, const google::protobuf::Message& message);

// Field by field; empty when they are equal.
std::string Difference(const google::protobuf::Message& expected, const google::protobuf::Message& actual);

// VECGATE_SEEDS, or what is given.
uint64_t SeedCount(uint64_t otherwise);

}  // namespace vecgate::property
