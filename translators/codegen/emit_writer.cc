#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <set>

#include "codegen/emit.h"

namespace vecgate::codegen {
namespace pb = google::protobuf;
using pb::FieldDescriptor;

namespace {

std::string Getter(const std::string& message, const FieldPath& path) {
  std::string text = message;
  for (const FieldDescriptor* field : path) absl::StrAppend(&text, ".", CppField(field), "()");
  return text;
}

// Conditions under which the field at the end of the path holds something. `scalars`: a scalar without presence
// counts when it is not zero; else it always does. `lists`: likewise for lists and maps.
std::vector<std::string> PresenceTests(const std::string& message, const FieldPath& path, bool scalars, bool lists) {
  std::vector<std::string> tests;
  std::string at = message;
  for (const FieldDescriptor* field : path) {
    std::string name = CppField(field);
    if (field->is_repeated()) {
      if (lists) tests.push_back(absl::StrCat("!", at, ".", name, "().empty()"));
    } else if (field->has_presence()) {
      tests.push_back(absl::StrCat(at, ".has_", name, "()"));
    } else if (scalars) {
      tests.push_back(field->cpp_type() == FieldDescriptor::CPPTYPE_STRING ? absl::StrCat("!", at, ".", name, "().empty()")
                                                                           : absl::StrCat(at, ".", name, "() != 0"));
    }
    absl::StrAppend(&at, ".", name, "()");
  }
  return tests;
}

// The shape that a key of `shape` gives the message at the path; null when none does.
const ShapePlan* ShapeOf(const ShapePlan& shape, const FieldPath& path) {
  for (const KeyPlan& key : shape.keys)
    if (key.value.path == path && key.value.kind == ValueKind::kShape && key.value.container == Container::kOne)
      return key.value.shape;
  return nullptr;
}

std::string All(const std::vector<std::string>& tests) { return tests.empty() ? "true" : absl::StrJoin(tests, " && "); }

std::string TestValue(const ValuePlan& value, const std::string& message, int depth);

// True when the message holds what the variant prints.
std::string TestVariant(const VariantPlan& variant, const std::string& message, int depth) {
  std::vector<std::string> tests;
  if (!variant.print_if.empty()) {
    std::string test = All(PresenceTests(message, variant.print_if, true, true));
    return variant.print_if_not ? absl::StrCat("!(", test, ")") : test;
  }
  if (variant.value.kind != ValueKind::kNone) tests.push_back(absl::StrCat("(", TestValue(variant.value, message, depth), ")"));
  for (const SetPlan& set : variant.sets) {
    for (const std::string& test : PresenceTests(message, set.path, false, false)) tests.push_back(test);
    if (!set.literal.empty()) tests.push_back(absl::StrCat(Getter(message, set.path), " == ", set.literal));
  }
  return All(tests);
}

std::string TestValue(const ValuePlan& value, const std::string& message, int depth) {
  if (value.kind != ValueKind::kSelf) return All(PresenceTests(message, value.path, true, true));
  if (depth > 8) return "true";
  const ShapePlan& shape = *value.shape;
  std::vector<std::string> any;
  if (shape.form == ShapePlan::Form::kIs) return TestValue(shape.is, message, depth + 1);
  for (const KeyPlan& key : shape.keys)
    if (key.value.kind != ValueKind::kNone) any.push_back(absl::StrCat("(", TestValue(key.value, message, depth + 1), ")"));
  for (const VariantPlan& variant : shape.variants)
    if (!variant.read_only && variant.unavailable.empty()) any.push_back(absl::StrCat("(", TestVariant(variant, message, depth + 1), ")"));
  return any.empty() ? "true" : absl::StrJoin(any, " || ");
}

// Prints one element given as an expression.
void WriteElement(const ValuePlan& value, const std::string& x, Code* code) {
  switch (value.kind) {
    case ValueKind::kNone:
    case ValueKind::kSelf: break;
    case ValueKind::kBool: code->Line(absl::StrCat("w.Bool(", x, ");")); break;
    case ValueKind::kPresence: code->Line("w.Bool(true);"); break;
    case ValueKind::kString:
    case ValueKind::kWord: code->Line(absl::StrCat("w.String(", x, ");")); break;
    case ValueKind::kFloat: code->Line(absl::StrCat("w.Float(", x, ");")); break;
    case ValueKind::kDouble: code->Line(absl::StrCat("w.Double(", x, ");")); break;
    case ValueKind::kEnum:
      code->Line(absl::StrCat("WriteWord(w, EnumWord(", WordsName(*value.words), ", ", x, "));"));
      break;
    case ValueKind::kInteger: {
      FieldDescriptor::CppType type = value.element()->cpp_type();
      bool is_signed = type == FieldDescriptor::CPPTYPE_INT32 || type == FieldDescriptor::CPPTYPE_INT64;
      code->Line(absl::StrCat("w.", is_signed ? "Int64(" : "Uint64(", x, ");"));
      break;
    }
    case ValueKind::kShape: code->Line(absl::StrCat("Write", value.shape->name, "(", x, ", w);")); break;
    case ValueKind::kRuntime: code->Line(absl::StrCat("Write", value.runtime, "(", x, ", w);")); break;
  }
}

void WriteKey(const KeyPlan& key, Code* code) {
  if (key.value.kind == ValueKind::kNone || key.print == rules::PRINT_NEVER) return;
  const FieldDescriptor* field = key.value.field();
  std::vector<std::string> tests;
  if (key.shown_if >= 0) {
    tests.push_back(absl::StrCat("w.Shows(", 1u << key.shown_if, "u)"));
  } else if (field == nullptr) {
    if (key.value.container != Container::kEach) tests.push_back(absl::StrCat("(", TestValue(key.value, "m", 0), ")"));
  } else {
    bool skip_empty = key.print == rules::PRINT_SKIP_EMPTY;
    tests = PresenceTests("m", key.value.path, skip_empty, skip_empty);
    // Of an empty list there is no element to print.
    if (key.value.container == Container::kAppend && !skip_empty) tests.push_back(absl::StrCat("!", Getter("m", key.value.path), ".empty()"));
    if (key.value.kind == ValueKind::kShape && key.value.container == Container::kOne)
      if (!key.value.shape->unset_unless.empty()) tests.push_back(HoldsSomething(*key.value.shape, Getter("m", key.value.path)));
    if (key.value.kind == ValueKind::kEnum && key.value.container == Container::kOne)
      tests.push_back(absl::StrCat("!EnumWord(", WordsName(*key.value.words), ", ", Getter("m", key.value.path), ").empty()"));
  }
  if (key.print == rules::PRINT_ALWAYS) tests.clear();
  bool scope = !tests.empty() || key.flag_below >= 0;
  if (scope) code->Line(tests.empty() ? "{" : absl::StrCat("if (", All(tests), ") {"));
  code->Line(absl::StrCat("w.Key(", Quoted(key.key), ");"));
  if (key.flag_below >= 0)
    code->Line(absl::StrCat("FlagScope shown(w, ", 1u << key.flag_below, "u, w.Shows(", 1u << key.flag_source, "u));"));
  EmitWriteValue(key.value, "m", code);
  if (!scope) return;
  if (key.print == rules::PRINT_NULL && !tests.empty()) {
    code->Line("} else {");
    code->Line(absl::StrCat("w.Key(", Quoted(key.key), ");"));
    code->Line("w.Null();");
  }
  code->Line("}");
}

void EmitFields(const ShapePlan& shape, Code* code) {
  for (const KeyPlan& key : shape.keys) WriteKey(key, code);
}

void WriteVariant(const ShapePlan& shape, const VariantPlan& variant, Code* code) {
  if (!shape.tag.empty()) {
    code->Line("w.StartObject();");
    code->Line(absl::StrCat("w.Key(", Quoted(shape.tag), ");"));
    code->Line(absl::StrCat("w.String(", Quoted(variant.tag), ");"));
    if (variant.value.kind == ValueKind::kShape || variant.value.kind == ValueKind::kSelf) {
      std::string x = variant.value.kind == ValueKind::kSelf ? "m" : Getter("m", variant.value.path);
      code->Line(absl::StrCat("Write", variant.value.shape->name, "Fields(", x, ", w);"));
    }
    code->Line("w.EndObject();");
  } else if (variant.has_literal) {
    code->Line(absl::StrCat("w.String(", Quoted(variant.literal), ");"));
  } else if (!variant.key.empty()) {
    code->Line("w.StartObject();");
    code->Line(absl::StrCat("w.Key(", Quoted(variant.key), ");"));
    EmitWriteValue(variant.value, "m", code);
    code->Line("w.EndObject();");
  } else {
    EmitWriteValue(variant.value, "m", code);
  }
}

void EmitUnion(const ShapePlan& shape, Code* code) {
  std::vector<const VariantPlan*> printed;
  for (const VariantPlan& variant : shape.variants)
    if (!variant.read_only && variant.unavailable.empty()) printed.push_back(&variant);
  // An object of this message's own keys that stands last is also what an empty message prints as.
  const VariantPlan* otherwise = nullptr;
  if (!printed.empty() && printed.back()->value.kind == ValueKind::kSelf && printed.back()->value.shape->inline_part) {
    otherwise = printed.back();
    printed.pop_back();
  }
  for (const VariantPlan* variant : printed) {
    code->Line(absl::StrCat("if (", TestVariant(*variant, "m", 0), ") {"));
    WriteVariant(shape, *variant, code);
    code->Line("return;");
    code->Line("}");
  }
  if (otherwise != nullptr) WriteVariant(shape, *otherwise, code);
  else code->Line("w.Null();");
}

}  // namespace

std::string HoldsSomething(const ShapePlan& shape, const std::string& message) {
  std::vector<std::string> any;
  for (const FieldPath& path : shape.unset_unless) {
    std::vector<std::string> tests = PresenceTests(message, path, true, true);
    // A message below may itself count as unset.
    if (const ShapePlan* inner = ShapeOf(shape, path)) tests.push_back(HoldsSomething(*inner, Getter(message, path)));
    any.push_back(absl::StrCat("(", absl::StrJoin(tests, " && "), ")"));
  }
  return any.empty() ? "true" : absl::StrCat("(", absl::StrJoin(any, " || "), ")");
}

void EmitWriteValue(const ValuePlan& value, const std::string& message, Code* code) {
  if (value.kind == ValueKind::kNone) return;
  if (value.kind == ValueKind::kSelf) {
    if (value.container != Container::kEach) {
      code->Line(absl::StrCat("Write", value.shape->name, "(", message, ", w);"));
      return;
    }
    // Variants append to lists of their own; each list's elements are printed as its variant prints them.
    code->Line("w.StartArray();");
    for (const VariantPlan& variant : value.shape->variants) {
      if (variant.read_only || variant.value.path.empty()) continue;
      code->Line(absl::StrCat("for (const auto& x : ", Getter(message, variant.value.path), ") {"));
      if (!variant.key.empty()) {
        code->Line("w.StartObject();");
        code->Line(absl::StrCat("w.Key(", Quoted(variant.key), ");"));
      }
      WriteElement(variant.value, "x", code);
      if (!variant.key.empty()) code->Line("w.EndObject();");
      code->Line("}");
    }
    code->Line("w.EndArray();");
    return;
  }
  std::string x = Getter(message, value.path);
  switch (value.container) {
    case Container::kOne: WriteElement(value, x, code); break;
    case Container::kAppend:
      code->Line(absl::StrCat("for (const auto& x : ", x, ") {"));
      WriteElement(value, "x", code);
      code->Line("break;");
      code->Line("}");
      break;
    case Container::kList:
    case Container::kOneOrMany:
      if (value.kind == ValueKind::kFloat) {
        code->Line(absl::StrCat("w.Floats(", x, ");"));
        break;
      }
      code->Line("w.StartArray();");
      if (value.item_flags) {
        code->Line(absl::StrCat("for (int i = 0; i < ", x, ".size(); ++i) {"));
        code->Line("w.EnterItem(static_cast<size_t>(i));");
        WriteElement(value, absl::StrCat(x, "[i]"), code);
      } else {
        code->Line(absl::StrCat("for (const auto& x : ", x, ") {"));
        WriteElement(value, "x", code);
      }
      code->Line("}");
      code->Line("w.EndArray();");
      break;
    case Container::kMap:
      code->Line("w.StartObject();");
      code->Line(absl::StrCat("for (const auto* entry : SortedEntries(", x, ")) {"));
      code->Line("w.DataKey(entry->first);");
      WriteElement(value, "entry->second", code);
      code->Line("}");
      code->Line("w.EndObject();");
      break;
    case Container::kEach: break;
  }
}

void EmitWriter(const Plan& plan, const ShapePlan& shape, Code* code) {
  std::string linkage = shape.inline_part ? "[[maybe_unused]] static " : "";
  std::string arguments = absl::StrCat("(const ", CppType(shape.message), "& m, JsonWriter& w) {");
  if (shape.form == ShapePlan::Form::kObject) {
    code->Line(absl::StrCat(linkage, "void Write", shape.name, "Fields", arguments));
    code->Line("(void)m; (void)w;");
    EmitFields(shape, code);
    code->Line("}");
    code->Line();
  }
  code->Line(absl::StrCat(linkage, "void Write", shape.name, arguments));
  switch (shape.form) {
    case ShapePlan::Form::kObject:
      code->Line("w.StartObject();");
      code->Line(absl::StrCat("Write", shape.name, "Fields(m, w);"));
      code->Line("w.EndObject();");
      break;
    case ShapePlan::Form::kUnion:
      code->Line("(void)m;");
      EmitUnion(shape, code);
      break;
    case ShapePlan::Form::kIs: EmitWriteValue(shape.is, "m", code); break;
    case ShapePlan::Form::kParts: code->Line("(void)m;"); code->Line("w.Null();"); break;
    case ShapePlan::Form::kRuntime:
      code->Line(absl::StrCat(RuntimeScope(plan, shape), "Write", shape.runtime, "(m, w);")); break;
  }
  code->Line("}");
  code->Line();
}

}  // namespace vecgate::codegen
