#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <map>
#include <set>

#include "codegen/emit.h"

namespace vecgate::codegen {
namespace pb = google::protobuf;
using pb::FieldDescriptor;

namespace {

// "m->mutable_a()->mutable_b()": pointer to the message that holds the last field of the path.
std::string Owner(const FieldPath& path) {
  std::string owner = "m";
  for (size_t i = 0; i + 1 < path.size(); ++i) absl::StrAppend(&owner, "->mutable_", CppField(path[i]), "()");
  return owner;
}

std::string Getter(const FieldPath& path) {
  std::string text = "m->";
  for (size_t i = 0; i < path.size(); ++i) absl::StrAppend(&text, i == 0 ? "" : ".", CppField(path[i]), "()");
  return text;
}

std::string CppScalar(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: return "bool";
    case FieldDescriptor::CPPTYPE_INT32: return "int32_t";
    case FieldDescriptor::CPPTYPE_INT64: return "int64_t";
    case FieldDescriptor::CPPTYPE_UINT32: return "uint32_t";
    case FieldDescriptor::CPPTYPE_UINT64: return "uint64_t";
    case FieldDescriptor::CPPTYPE_FLOAT: return "float";
    case FieldDescriptor::CPPTYPE_DOUBLE: return "double";
    case FieldDescriptor::CPPTYPE_ENUM: return "int";
    default: return "std::string";
  }
}

bool IsMessage(const FieldDescriptor* field) { return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }
bool IsString(const FieldDescriptor* field) { return field->cpp_type() == FieldDescriptor::CPPTYPE_STRING; }

// Reads one scalar `v` into local `x`.
void ReadScalar(const ValuePlan& value, const std::string& v, Code* code) {
  const FieldDescriptor* element = value.element();
  code->Line(absl::StrCat(CppScalar(element), " x{};"));
  switch (value.kind) {
    case ValueKind::kBool: code->Line(absl::StrCat("if (!ReadBool(r, ", v, ", &x)) return false;")); break;
    case ValueKind::kFloat: code->Line(absl::StrCat("if (!ReadFloat(r, ", v, ", &x)) return false;")); break;
    case ValueKind::kDouble: code->Line(absl::StrCat("if (!ReadDouble(r, ", v, ", &x)) return false;")); break;
    case ValueKind::kEnum:
      code->Line(absl::StrCat("if (!ReadEnum(r, ", v, ", ", WordsName(*value.words), ", &x)) return false;"));
      break;
    default:
      code->Line(absl::StrCat("if (!ReadInteger(r, ", v, ", {", Quoted(value.expecting), ", ", value.nonzero, ", ",
                              value.clamp, "}, &x)) return false;"));
  }
}

std::string StoredScalar(const ValuePlan& value) {
  return value.kind == ValueKind::kEnum ? absl::StrCat("static_cast<", CppType(value.element()->enum_type()), ">(x)") : "x";
}

// Reads `v` into the message or string that `pointer` points to.
std::string ReadInto(const ValuePlan& value, const std::string& v, const std::string& pointer) {
  switch (value.kind) {
    case ValueKind::kString: return absl::StrCat("ReadString(r, ", v, ", ", pointer, ")");
    case ValueKind::kWord: return absl::StrCat("ReadWord(r, ", v, ", ", WordsName(*value.words), ", ", pointer, ")");
    case ValueKind::kRuntime: return absl::StrCat("Read", value.runtime, "(r, ", v, ", ", pointer, ")");
    default: return absl::StrCat("Read", value.shape->name, "(r, ", v, ", ", pointer, ")");
  }
}

bool ReadsInto(const ValuePlan& value) { return IsMessage(value.element()) || IsString(value.element()); }

void ReadElement(const ValuePlan& value, const std::string& v, Code* code) {
  std::string field = CppField(value.field());
  std::string owner = Owner(value.path);
  if (ReadsInto(value)) {
    code->Line(absl::StrCat("if (!", ReadInto(value, v, absl::StrCat(owner, "->add_", field, "()")), ") return false;"));
    return;
  }
  ReadScalar(value, v, code);
  code->Line(absl::StrCat(owner, "->add_", field, "(", StoredScalar(value), ");"));
}

void EmitReadValue(const ValuePlan& value, const std::string& v, Code* code, bool without_index = false) {
  if (value.kind == ValueKind::kNone) return;
  if (value.kind == ValueKind::kSelf) {
    std::string call = absl::StrCat("Read", value.shape->name, "(r, ", value.container == Container::kEach ? "list.value()" : v, ", m)");
    if (value.container == Container::kEach) {
      code->Line("{");
      code->Line(absl::StrCat("ListReader list(r, ", v, ", \"a sequence\", false", without_index ? ", {});" : ");"));
      code->Line(absl::StrCat("while (list.Next()) if (!", call, ") return false;"));
      code->Line("if (!list.ok()) return false;");
      code->Line("}");
    } else {
      code->Line(absl::StrCat("if (!", call, ") return false;"));
    }
    return;
  }
  std::string owner = Owner(value.path);
  std::string field = CppField(value.field());
  switch (value.container) {
    case Container::kOne:
      if (value.kind == ValueKind::kPresence) {
        code->Line("{");
        code->Line("bool x{};");
        code->Line(absl::StrCat("if (!ReadBool(r, ", v, ", &x)) return false;"));
        code->Line(absl::StrCat("if (x) ", owner, "->mutable_", field, "();"));
        code->Line("}");
      } else if (ReadsInto(value)) {
        code->Line(absl::StrCat("if (!", ReadInto(value, v, absl::StrCat(owner, "->mutable_", field, "()")), ") return false;"));
      } else {
        code->Line("{");
        ReadScalar(value, v, code);
        code->Line(absl::StrCat(owner, "->set_", field, "(", StoredScalar(value), ");"));
        code->Line("}");
      }
      break;
    case Container::kAppend:
      code->Line("{");
      ReadElement(value, v, code);
      code->Line("}");
      break;
    case Container::kList:
    case Container::kOneOrMany:
      if (value.kind == ValueKind::kFloat && value.container == Container::kList) {
        code->Line(absl::StrCat("if (!ReadFloats(r, ", v, ", ", owner, "->mutable_", field, "())) return false;"));
        break;
      }
      code->Line("{");
      code->Line(absl::StrCat("ListReader list(r, ", v, ", ",
                              Quoted(!value.expecting.empty() && value.kind != ValueKind::kInteger ? value.expecting
                                     : value.container == Container::kList                        ? "a sequence"
                                                                                                  : ""),
                              value.container == Container::kOneOrMany ? ", true" : ", false", without_index ? ", {});" : ");"));
      code->Line(absl::StrCat(owner, "->mutable_", field, "()->Reserve(", owner, "->", field,
                              "_size() + static_cast<int>(list.size()));"));
      code->Line("while (list.Next()) {");
      if (!value.entry_path.empty()) code->Line(absl::StrCat("PathScope within(r, {}, ", Quoted(value.entry_path), ");"));
      ReadElement(value, "list.value()", code);
      code->Line("}");
      code->Line("if (!list.ok()) return false;");
      code->Line("}");
      break;
    case Container::kMap:
      if (value.is_value_map()) {
        code->Line(absl::StrCat("if (!ReadValueMap<", CppType(value.element()->message_type()), ">(r, ", v, ", ",
                                Quoted(value.expecting.empty() ? "a map" : value.expecting), ", ",
                                value.field()->number(), ", ", owner, ")) return false;"));
        break;
      }
      code->Line("{");
      code->Line(absl::StrCat("MapReader map(r, ", v, ", ", Quoted(value.expecting.empty() ? "a map" : value.expecting),
                              value.entry_path == "?" ? ", JsonReader::kAnyEntry);" : value.entry_path == "[]" ? ", JsonReader::kEntryOrdinal);" : ");"));
      code->Line("while (map.Next()) {");
      code->Line(absl::StrCat("auto& entry = (*", owner, "->mutable_", field, "())[std::string(map.key())];"));
      if (ReadsInto(value)) {
        if (IsMessage(value.element())) code->Line("entry.Clear();");
        code->Line(absl::StrCat("if (!", ReadInto(value, "map.value()", "&entry"), ") return false;"));
      } else {
        ReadScalar(value, "map.value()", code);
        code->Line(absl::StrCat("entry = ", StoredScalar(value), ";"));
      }
      code->Line("}");
      code->Line("if (!map.ok()) return false;");
      code->Line("}");
      break;
    case Container::kEach: break;
  }
}

// --- checks ---------------------------------------------------------------------------------------------

std::string Size(const ShapePlan& shape, const std::string& dotted) {
  FieldPath path = *ResolvePath(shape.message, dotted);
  std::string text = Getter(path);
  return absl::StrCat("static_cast<uint64_t>(", text, ".size())");
}

std::string Number(const ShapePlan& shape, const std::string& dotted) {
  return Getter(*ResolvePath(shape.message, dotted));
}

// True when the field is present, non-empty or non-zero.
std::string IsSet(const ShapePlan& shape, absl::string_view dotted) {
  FieldPath path = *ResolvePath(shape.message, dotted);
  std::vector<std::string> tests;
  std::string at = "m->";
  for (size_t i = 0; i < path.size(); ++i) {
    const FieldDescriptor* field = path[i];
    if (field->is_repeated() || (!field->has_presence() && IsString(field)))
      tests.push_back(absl::StrCat("!", at, CppField(field), "().empty()"));
    else if (field->has_presence())
      tests.push_back(absl::StrCat(at, "has_", CppField(field), "()"));
    absl::StrAppend(&at, CppField(field), "().");
  }
  return tests.empty() ? "true" : absl::StrJoin(tests, " && ");
}

// Number of elements of the first field of the rows at the path.
std::string RowSize(const ShapePlan& shape, const std::string& dotted) {
  const FieldDescriptor* row = ResolvePath(shape.message, dotted)->back()->message_type()->field(0);
  return absl::StrCat("[](const auto& row) { return row.", CppField(row), "_size(); }");
}

// The shape that a key of `shape` gives the message at the path; null when none does.
const ShapePlan* ShapeUnder(const ShapePlan& shape, const FieldPath& path) {
  for (const KeyPlan& key : shape.keys)
    if (key.value.path == path && key.value.kind == ValueKind::kShape) return key.value.shape;
  return nullptr;
}

// The placeholders of a text and what fills them: `a`, `b`, and numeric fields of the message.
std::string Fillings(const ShapePlan& shape, absl::string_view text, const std::string& a, const std::string& b) {
  std::vector<std::string> pairs;
  for (size_t at = text.find('{'); at != absl::string_view::npos; at = text.find('{', at + 1)) {
    size_t end = text.find('}', at);
    if (end == absl::string_view::npos) break;
    std::string name(text.substr(at + 1, end - at - 1));
    std::string value;
    if (name == "a") value = a;
    else if (name == "b") value = b;
    if (!value.empty()) {
      pairs.push_back(absl::StrCat("{", Quoted(name), ", Display(", value, ")}"));
      continue;
    }
    auto path = ResolvePath(shape.message, name);
    if (!path) continue;
    if (const ShapePlan* inner = ShapeUnder(shape, *path))
      pairs.push_back(absl::StrCat("{", Quoted(name), ", ToJson(", Getter(*path), ", Write", inner->name, ")}"));
    else if (!IsMessage(path->back()))
      pairs.push_back(absl::StrCat("{", Quoted(name), ", Display(", Getter(*path), ")}"));
  }
  return absl::StrJoin(pairs, ", ");
}

void EmitCheck(const ShapePlan& shape, const rules::Check& check, Code* code) {
  std::string holds, a, b;
  switch (check.is_case()) {
    case rules::Check::kSameLength:
      a = Size(shape, check.same_length().a());
      b = Size(shape, check.same_length().b());
      holds = absl::StrCat(a, " == ", b);
      break;
    case rules::Check::kUnique: holds = absl::StrCat("AllUnique(", Number(shape, check.unique()), ")"); break;
    case rules::Check::kNotEmpty: holds = absl::StrCat(Size(shape, check.not_empty()), " > 0"); break;
    case rules::Check::kAnySet: {
      std::vector<std::string> tests;
      for (absl::string_view path : absl::StrSplit(check.any_set(), ',')) tests.push_back(absl::StrCat("(", IsSet(shape, path), ")"));
      holds = absl::StrJoin(tests, " || ");
      break;
    }
    case rules::Check::kLessThan:
      a = Number(shape, check.less_than().a());
      b = Number(shape, check.less_than().b());
      holds = absl::StrCat(a, " < ", b);
      break;
    case rules::Check::kDiffer: {
      const rules::Pair& pair = check.differ();
      bool message = IsMessage(ResolvePath(shape.message, pair.a())->back());
      a = Number(shape, pair.a());
      b = Number(shape, pair.b());
      holds = message ? absl::StrCat(a, ".SerializeAsString() != ", b, ".SerializeAsString()") : absl::StrCat(a, " != ", b);
      if (!pair.unless_differs_a().empty())
        absl::StrAppend(&holds, " || (", IsSet(shape, pair.unless_differs_a()), " && ", IsSet(shape, pair.unless_differs_b()), " && ",
                        Number(shape, pair.unless_differs_a()),
                        " != ", Number(shape, pair.unless_differs_b()), ")");
      break;
    }
    case rules::Check::kNotEmptyIfGiven: {
      FieldPath path = *ResolvePath(shape.message, check.not_empty_if_given());
      for (size_t i = 0; i < shape.keys.size(); ++i)
        if (shape.keys[i].value.path == path) holds = absl::StrCat("!o.Seen(", i, ") || !", Getter(path), ".empty()");
      break;
    }
    case rules::Check::kRowsNotEmpty:
      holds = absl::StrCat("NoEmptyRow(", Number(shape, check.rows_not_empty()), ", ", RowSize(shape, check.rows_not_empty()), ")");
      break;
    case rules::Check::kEqualRows: {
      std::string arguments = absl::StrCat("(", Number(shape, check.equal_rows()), ", ", RowSize(shape, check.equal_rows()), ")");
      holds = absl::StrCat("!OddRow", arguments);
      a = absl::StrCat("*OddRow", arguments);
      break;
    }
    case rules::Check::kClosedRing: holds = absl::StrCat("IsClosed(", Number(shape, check.closed_ring()), ")"); break;
    case rules::Check::kMinItems:
      a = Size(shape, check.min_items().field());
      holds = absl::StrCat(a, " >= ", check.min_items().n());
      break;
    case rules::Check::kNotBothFalse: {
      auto is_false = [&](const std::string& dotted) {
        return absl::StrCat("((", IsSet(shape, dotted), ") && !", Number(shape, dotted), ")");
      };
      holds = absl::StrCat("!(", is_false(check.not_both_false().a()), " && ", is_false(check.not_both_false().b()), ")");
      break;
    }
    case rules::Check::kWithin: {
      std::string x = Number(shape, check.within().field());
      holds = absl::StrCat(x, " >= ", Real(check.within().from()), " && ", x, " <= ", Real(check.within().to()));
      break;
    }
    case rules::Check::IS_NOT_SET: return;
  }
  std::string text = absl::StrCat("Filled(r, ", Quoted(check.text()), ", {", Fillings(shape, check.text(), a, b), "})");
  code->Line(absl::StrCat("if (!(", holds, ")) ",
                          check.refuse() ? absl::StrCat("return r.Refuse(400, ", text, ");")
                          : check.parse() ? absl::StrCat("return r.", check.unlocated() ? "FailUnlocated" : "FailText", "(v, ", text, ");")
                                        : absl::StrCat("r.Violate(", Quoted(check.path()), ", ", text, ");")));
}

std::string Bound(bool has, double value) { return has ? Real(value) : "std::numeric_limits<double>::quiet_NaN()"; }

void EmitLimits(const KeyPlan& key, Code* code) {
  if (!key.has_limits) return;
  const rules::Limits& limits = key.limits;
  std::string got = Getter(key.value.path);
  if (key.value.kind == ValueKind::kEnum) {
    for (const std::string& word : limits.forbidden())
      for (const WordsPlan::Word& known : key.value.words->words)
        if (known.json == word)
          code->Line(absl::StrCat("if (", got, " == ", known.number, ") r.Violate({}, ", Quoted(limits.text()), ");"));
    return;
  }
  code->Line("{");
  code->Line(absl::StrCat("static constexpr LimitSpec kLimits{", Bound(limits.has_at_least(), limits.at_least()), ", ",
                          Bound(limits.has_at_most(), limits.at_most()), ", ",
                          limits.has_min_length() ? absl::StrCat(limits.min_length()) : "std::string_view::npos", ", ",
                          limits.has_max_length() ? absl::StrCat(limits.max_length()) : "std::string_view::npos", ", ",
                          Quoted(limits.text()), ", ", QuotedBytes(limits.forbidden_chars()), ", ",
                          Quoted(limits.forbidden_chars_text()), "};"));
  bool text = key.value.field()->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  if (text) {
    code->Line(absl::StrCat("CheckLimits(r, ", got, ", kLimits);"));
  } else {
    bool integral = key.value.kind == ValueKind::kInteger;
    code->Line(absl::StrCat("CheckLimits(r, static_cast<double>(", got, "), ", integral, ", kLimits);"));
  }
  code->Line("}");
}

// --- forms ----------------------------------------------------------------------------------------------

void EmitObjectSpec(const ShapePlan& shape, Code* code) {
  struct Entry {
    std::string key;
    size_t index;
  };
  std::vector<Entry> entries;
  std::vector<std::string> names, segments;
  uint64_t required = 0, list_required = 0, all = 0;
  for (size_t i = 0; i < shape.keys.size(); ++i) {
    const KeyPlan& key = shape.keys[i];
    entries.push_back({key.key, i});
    for (const std::string& alias : key.aliases) entries.push_back({alias, i});
    names.push_back(Quoted(key.key));
    segments.push_back(key.segment ? absl::StrCat("std::string_view(", Quoted(*key.segment), ")") : "JsonReader::kSameAsKey");
    if (key.required) required |= uint64_t{1} << i;
    if (key.required_in_list) list_required |= uint64_t{1} << i;
    all |= uint64_t{1} << i;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.key.size() != b.key.size() ? a.key.size() < b.key.size() : a.key < b.key;
  });
  std::vector<std::string> keys;
  for (const Entry& entry : entries) keys.push_back(absl::StrCat("{", Quoted(entry.key), ", ", entry.index, "}"));
  code->Line(absl::StrCat("static constexpr std::array<KeySpec, ", keys.size(), "> kKeys{{", absl::StrJoin(keys, ", "), "}};"));
  code->Line(absl::StrCat("static constexpr std::array<std::string_view, ", names.size(), "> kNames{", absl::StrJoin(names, ", "), "};"));
  code->Line(absl::StrCat("static constexpr std::array<std::string_view, ", segments.size(), "> kSegments{", absl::StrJoin(segments, ", "), "};"));
  code->Line(absl::StrCat("static constexpr ObjectSpec kSpec{", Quoted(shape.expecting), ", kKeys, kNames, kSegments, ",
                          required, "u, ", shape.reject_unknown, ", ", shape.last_key_wins, ", ", shape.or_list, ", ",
                          list_required != 0 ? list_required : all, "u};"));
}

void EmitSets(const std::vector<SetPlan>& sets, Code* code) {
  for (const SetPlan& set : sets) {
    if (set.literal.empty())
      code->Line(absl::StrCat(Owner(set.path), "->mutable_", CppField(set.path.back()), "();"));
    else
      code->Line(absl::StrCat(Owner(set.path), "->set_", CppField(set.path.back()), "(", set.literal, ");"));
  }
}

// True at run time when the key that `key` yields to is in the object; empty when it yields to none.
std::string YieldsTo(const ShapePlan& shape, const KeyPlan& key) {
  for (size_t i = 0; i < shape.keys.size(); ++i)
    if (!key.yields_to.empty() && shape.keys[i].key == key.yields_to) return absl::StrCat("Given(v, ", Quoted(key.yields_to), ")");
  return {};
}

void EmitObject(const ShapePlan& shape, Code* code) {
  EmitObjectSpec(shape, code);
  if (shape.buffered)
    code->Line(absl::StrCat("if (v.kind() != Kind::kObject) return r.FailType(v, ", Quoted(shape.expecting), ");"));
  if (shape.buffered) code->Line("JsonReader::BufferScope buffered(r, v, JsonReader::Buffered::kMembers);");
  code->Line("ObjectReader o(r, v, kSpec);");
  code->Line("while (o.Next()) {");
  code->Line("switch (o.index()) {");
  for (size_t i = 0; i < shape.keys.size(); ++i) {
    const KeyPlan& key = shape.keys[i];
    code->Line(absl::StrCat("case ", i, ":  // ", key.key));
    if (key.value.kind != ValueKind::kNone) {
      if (key.null_is_absent || !key.when_null.empty()) {
        code->Line("if (o.value().is_null()) {");
        EmitSets(key.when_null, code);
        if (!key.required && key.when_null.empty()) code->Line("o.Unsee();");
        code->Line("break;");
        code->Line("}");
      }
      code->Line("{");
      if (key.unchecked) code->Line("JsonReader::UncheckedScope unchecked(r);");
      std::string else_where = YieldsTo(shape, key);
      if (!else_where.empty()) {
        code->Line(absl::StrCat("if (", else_where, ") {"));
        code->Line(absl::StrCat(CppType(shape.message), " dropped;"));
        code->Line("auto* kept = m;");
        code->Line("m = &dropped;");
        code->Line("bool read = [&] {");
        EmitReadValue(key.value, "o.value()", code);
        code->Line("return true;");
        code->Line("}();");
        code->Line("m = kept;");
        code->Line("if (!read) return false;");
        code->Line("break;");
        code->Line("}");
      }
      EmitReadValue(key.value, "o.value()", code, key.segment && key.segment->empty());
      EmitLimits(key, code);
      code->Line("}");
    }
    code->Line("break;");
  }
  code->Line("}");
  code->Line("}");
  code->Line("if (!o.Finish()) return false;");
  for (size_t i = 0; i < shape.keys.size(); ++i) {
    const KeyPlan& key = shape.keys[i];
    if (!key.default_literal.empty())
      code->Line(absl::StrCat("if (!o.Seen(", i, ")) ", Owner(key.value.path), "->set_", CppField(key.value.field()), "(",
                              key.default_literal, ");"));
    if (!key.when_absent.empty()) {
      code->Line(absl::StrCat("if (!o.Seen(", i, ")) {"));
      EmitSets(key.when_absent, code);
      code->Line("}");
    }
    if (key.always_set) code->Line(absl::StrCat(Owner(key.value.path), "->mutable_", CppField(key.value.field()), "();"));
  }
  for (const rules::Check& check : shape.checks) EmitCheck(shape, check, code);
  code->Line("return true;");
}

// First fields that reading `shape` may touch; true: one is itself a map of values.
using TouchedFields = std::map<const FieldDescriptor*, bool>;

void Touched(const ValuePlan& value, TouchedFields* fields, std::set<const ShapePlan*>* seen);
void Touched(const ShapePlan& shape, TouchedFields* fields, std::set<const ShapePlan*>* seen) {
  if (!seen->insert(&shape).second) return;
  if (shape.form == ShapePlan::Form::kIs) Touched(shape.is, fields, seen);
  for (const KeyPlan& key : shape.keys) Touched(key.value, fields, seen);
  for (const VariantPlan& variant : shape.variants) {
    Touched(variant.value, fields, seen);
    for (const SetPlan& set : variant.sets) fields->emplace(set.path.front(), false);
  }
}
void Touched(const ValuePlan& value, TouchedFields* fields, std::set<const ShapePlan*>* seen) {
  if (!value.path.empty()) fields->emplace(value.path.front(), value.path.size() == 1 && value.is_value_map());
  if (value.kind == ValueKind::kSelf) Touched(*value.shape, fields, seen);
}
TouchedFields TouchedBy(const VariantPlan& variant) {
  TouchedFields fields;
  std::set<const ShapePlan*> seen;
  Touched(variant.value, &fields, &seen);
  for (const SetPlan& set : variant.sets) fields.emplace(set.path.front(), false);
  return fields;
}

void EmitParts(const ShapePlan& shape, Code* code) {
  code->Line("int parts = 0;");
  for (const ShapePlan::Part& part : shape.parts) {
    code->Line(absl::StrCat("if (Given(v, ", Quoted(part.when_key), ")) {"));
    EmitReadValue(part.value, "v", code);
    code->Line(absl::StrCat("if (++parts > 1) r.NoteMerged(static_cast<size_t>(m->", CppField(part.value.path.front()), "_size() - 1));"));
    code->Line("}");
  }
  code->Line(absl::StrCat("if (parts == 0) return r.Refuse(400, ", Quoted(shape.no_part), ");"));
  code->Line("return true;");
}

void EmitVariantFunctions(const ShapePlan& shape, Code* code) {
  for (size_t i = 0; i < shape.variants.size(); ++i) {
    const VariantPlan& variant = shape.variants[i];
    if (!variant.unavailable.empty() || variant.print_only) continue;
    code->Line(absl::StrCat("static bool Read", shape.name, "As", i + 1, "(JsonReader& r, const JsonValue& v, ",
                            CppType(shape.message), "* m) {"));
    if (variant.has_literal) {
      code->Line(absl::StrCat("if (v.AsString() != ", Quoted(variant.literal), ") return r.FailText(v, {});"));
    } else if (!variant.key.empty()) {
      code->Line("JsonValue inner;");
      code->Line(absl::StrCat("v.Find(", Quoted(variant.key), ", &inner);"));
      code->Line(absl::StrCat("PathScope at(r, ", Quoted(variant.key),
                              variant.segment ? absl::StrCat(", std::string_view(", Quoted(*variant.segment), "));") : ");"));
      EmitReadValue(variant.value, "inner", code, variant.segment && variant.segment->empty());
    } else {
      EmitReadValue(variant.value, "v", code);
    }
    EmitSets(variant.sets, code);
    code->Line("(void)r; (void)v; (void)m;");
    code->Line("return true;");
    code->Line("}");
    code->Line();
  }
}

void EmitUnion(const ShapePlan& shape, Code* code) {
  std::set<const FieldDescriptor*> appended;
  for (const VariantPlan& variant : shape.variants)
    for (const auto& [field, is_value_map] : TouchedBy(variant))
      if (field->is_repeated() && !field->is_map()) appended.insert(field);
  for (const FieldDescriptor* field : appended)
    code->Line(absl::StrCat("[[maybe_unused]] const int ", field->name(), "_before = m->", CppField(field), "_size();"));
  code->Line("UnionReader u(r, v);");
  if (shape.rephrased) code->Line(absl::StrCat("JsonReader::PhraseScope rephrased(r, ", *shape.rephrased, ");"));
  if (!shape.tag.empty()) {
    code->Line(absl::StrCat("if (v.kind() != Kind::kObject) return r.FailType(v, ", Quoted(shape.expecting), ");"));
    code->Line("JsonValue tag;");
    code->Line(absl::StrCat("if (!v.Find(", Quoted(shape.tag), ", &tag)) return r.FailMissing(v, ", Quoted(shape.tag), ");"));
    code->Line("if (tag.kind() != Kind::kString) return r.FailType(tag, \"variant identifier\");");
    std::vector<std::string> tags;
    for (size_t i = 0; i < shape.variants.size(); ++i) {
      const VariantPlan& variant = shape.variants[i];
      if (variant.print_only) continue;
      tags.push_back(Quoted(variant.tag));
      code->Line(absl::StrCat("if (tag.AsString() == ", tags.back(), ") return ",
                              variant.unavailable.empty() ? absl::StrCat("Read", shape.name, "As", i + 1, "(r, v, m);")
                                                          : absl::StrCat("r.RefuseUnavailable(", Quoted(variant.unavailable), ");")));
    }
    if (!shape.tag_unknown.empty()) {
      code->Line(absl::StrCat("return r.FailText(v, ", Quoted(shape.tag_unknown), ");"));
    } else {
      code->Line(absl::StrCat("static constexpr std::array<std::string_view, ", tags.size(), "> kTags{", absl::StrJoin(tags, ", "), "};"));
      code->Line("return r.FailUnknownWord(tag, kTags);");
    }
    return;
  }
  for (size_t i = 0; i < shape.variants.size(); ++i) {
    const VariantPlan& variant = shape.variants[i];
    if (variant.print_only) continue;
    GuardPlan guard = GuardOf(variant, shape);
    std::vector<std::string> kinds, keys;
    for (const std::string& kind : guard.kinds) kinds.push_back(absl::StrCat("Bit(Kind::", kind, ")"));
    for (const std::string& key : guard.keys) keys.push_back(Quoted(key));
    code->Line("{");
    if (!keys.empty())
      code->Line(absl::StrCat("static constexpr std::array<std::string_view, ", keys.size(), "> kKeys{", absl::StrJoin(keys, ", "), "};"));
    code->Line(absl::StrCat("static constexpr Guard kGuard{", kinds.empty() ? "0" : absl::StrJoin(kinds, " | "), ", ",
                            keys.empty() ? "{}" : "kKeys", "};"));
    code->Line("if (Fits(v, kGuard)) {");
    std::string call = absl::StrCat("Read", shape.name, "As", i + 1, "(r, v, m)");
    if (!variant.unavailable.empty()) {
      code->Line(absl::StrCat("return r.RefuseUnavailable(", Quoted(variant.unavailable), ");"));
    } else if (variant.final) {
      code->Line(absl::StrCat("return ", call, ";"));
    } else {
      code->Line(absl::StrCat("if (", call, ") return true;"));
      code->Line("if (r.refused() != 0) return false;");
      code->Line("u.Retry();");
      for (const auto& [field, is_value_map] : TouchedBy(variant)) {
        if (is_value_map)
          code->Line(absl::StrCat("ClearValueMap(", field->number(), ", m);"));
        else if (field->is_repeated() && !field->is_map())
          code->Line(absl::StrCat("Truncate(m->mutable_", CppField(field), "(), ", field->name(), "_before);"));
        else
          code->Line(absl::StrCat("m->clear_", CppField(field), "();"));
      }
    }
    code->Line("}");
    code->Line("}");
  }
  code->Line(absl::StrCat("return u.NoMatch(", Quoted(shape.no_match), ");"));
}

}  // namespace

void EmitReader(const Plan& plan, const ShapePlan& shape, Code* code) {
  if (shape.form == ShapePlan::Form::kUnion) EmitVariantFunctions(shape, code);
  code->Line(absl::StrCat(shape.inline_part ? "static " : "", "bool Read", shape.name, "(JsonReader& r, const JsonValue& v, ",
                          CppType(shape.message), "* m) {"));
  switch (shape.form) {
    case ShapePlan::Form::kObject: EmitObject(shape, code); break;
    case ShapePlan::Form::kUnion: EmitUnion(shape, code); break;
    case ShapePlan::Form::kIs:
      EmitReadValue(shape.is, "v", code);
      for (const rules::Check& check : shape.checks) EmitCheck(shape, check, code);
      code->Line("return true;");
      break;
    case ShapePlan::Form::kParts: EmitParts(shape, code); break;
    case ShapePlan::Form::kRuntime:
      code->Line(absl::StrCat("return ", RuntimeScope(plan, shape), "Read", shape.runtime, "(r, v, m",
                              shape.runtime_reads != nullptr ? absl::StrCat(", &Read", shape.runtime_reads->name) : "", ");"));
      break;
  }
  code->Line("}");
  code->Line();
}

}  // namespace vecgate::codegen
