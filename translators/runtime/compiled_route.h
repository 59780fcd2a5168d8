// A RouteSpec with its field paths resolved against the descriptors.
#pragma once

#include <memory>
#include <vector>

#include "runtime/field_path.h"
#include "runtime/params.h"
#include "runtime/translation.h"

namespace vecgate::runtime {

struct CompiledSet {
  FieldPath field;
  std::string_view value;
};
struct CompiledCopy {
  FieldPath from;
  FieldPath to;
};
struct CompiledShow {
  const ShowSpec* spec;
  FieldPath selector;        // in the request, or in the item
  FieldPath requires_field;  // may be empty
};

class CompiledRoute {
 public:
  CompiledRoute(const ApiSpec& api, const RouteSpec& spec);
  CompiledRoute(const CompiledRoute&) = delete;

  const ApiSpec& api;
  const RouteSpec& spec;
  std::vector<CompiledParam> variables;
  std::vector<CompiledParam> params;
  std::vector<CompiledSet> set;
  std::vector<std::vector<CompiledSet>> call_set;  // per call
  std::vector<CompiledCopy> copy;
  FieldPath empty_field;
  FieldPath item;
  std::vector<CompiledShow> show;
  FieldPath first_of;                 // in the reply
  FieldPath merge_parts;              // in the reply
  FieldPath follow_up_empty;          // in the reply
  std::vector<CompiledCopy> follow_up_copy;
  FieldPath follow_up_field;          // in the second reply
  std::vector<FieldPath> envelope;    // per member: the field it prints, in the reply; empty: none
};

}  // namespace vecgate::runtime
