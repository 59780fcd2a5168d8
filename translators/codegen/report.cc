#include <absl/strings/str_cat.h>

#include <map>
#include <set>

#include "codegen/emit.h"

namespace vecgate::codegen {
namespace pb = google::protobuf;
using pb::FieldDescriptor;

namespace {

using Mapping = std::map<const FieldDescriptor*, std::set<std::string>>;

void Note(const ValuePlan& value, const std::string& how, Mapping* mapping) {
  if (!value.path.empty()) (*mapping)[value.path.front()].insert(value.runtime.empty() ? how : absl::StrCat(how, ", runtime ", value.runtime));
}

void NoteShape(const ShapePlan& shape, Mapping* mapping) {
  std::string where = shape.is_default ? "" : absl::StrCat(" in ", shape.name);
  if (shape.form == ShapePlan::Form::kIs) Note(shape.is, absl::StrCat("rule: the whole value", where), mapping);
  for (const KeyPlan& key : shape.keys) Note(key.value, absl::StrCat(key.origin, ": \"", key.key, "\"", where), mapping);
  for (const ShapePlan::Part& part : shape.parts)
    Note(part.value, absl::StrCat("rule: part with \"", part.when_key, "\"", where), mapping);
  for (const VariantPlan& variant : shape.variants) {
    std::string how = !variant.key.empty() ? absl::StrCat("\"", variant.key, "\"")
                      : variant.has_literal ? absl::StrCat("the text \"", variant.literal, "\"")
                                            : "by JSON type";
    Note(variant.value, absl::StrCat("rule: variant ", how, where), mapping);
    for (const SetPlan& set : variant.sets) (*mapping)[set.path.front()].insert(absl::StrCat("rule: set by a variant", where));
  }
  for (const auto& [field, reason] : shape.left_out) (*mapping)[field].insert(absl::StrCat("not in JSON: ", reason));
}

}  // namespace

std::string Report(const Plan& plan) {
  std::string text;
  std::map<const pb::Descriptor*, Mapping> mappings;
  std::set<std::string> runtime;
  for (const auto& shape : plan.shapes) {
    NoteShape(*shape, &mappings[shape->message]);
    if (!shape->runtime.empty()) runtime.insert(shape->runtime);
    for (const KeyPlan& key : shape->keys)
      if (!key.value.runtime.empty()) runtime.insert(key.value.runtime);
    for (const VariantPlan& variant : shape->variants)
      if (!variant.value.runtime.empty()) runtime.insert(variant.value.runtime);
    if (!shape->is.runtime.empty()) runtime.insert(shape->is.runtime);
  }
  size_t fields = 0;
  for (const pb::Descriptor* message : plan.schema->messages()) {
    const ShapePlan* shape = plan.DefaultShape(message);
    if (shape == nullptr) {
      fields += static_cast<size_t>(message->field_count());
      absl::StrAppend(&text, RelativeName(message), ": by hand: ", plan.by_hand.at(message), "\n");
      continue;
    }
    static const char* const kForms[] = {"object", "union", "one field", "runtime", "parts"};
    absl::StrAppend(&text, RelativeName(message), ": ", kForms[static_cast<int>(shape->form)],
                    shape->runtime.empty() ? "" : absl::StrCat(" ", shape->runtime), shape->ruled ? " (rule)" : " (default)", "\n");
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor* field = message->field(i);
      ++fields;
      std::string how;
      for (const std::string& one : mappings[message][field]) absl::StrAppend(&how, how.empty() ? "" : "; ", one);
      if (how.empty()) how = shape->form == ShapePlan::Form::kRuntime ? absl::StrCat("runtime ", shape->runtime) : "set by the route";
      absl::StrAppend(&text, "  ", field->name(), ": ", how, "\n");
    }
  }
  // What was written by hand for this API.
  std::set<std::string> operations;
  for (const rules::Route* route : plan.routes)
    if (!route->operation().empty()) operations.insert(route->operation());
  absl::StrAppend(&text, plan.schema->messages().size(), " messages, ", fields, " fields, ", plan.routes.size(),
                  " routes, ", runtime.size(), " runtime functions, ", operations.size(), " operations; none unmapped\n");
  return text;
}

}  // namespace vecgate::codegen
