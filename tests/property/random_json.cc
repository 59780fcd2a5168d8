#include "random_json.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include <algorithm>

#include "runtime/json_writer.h"
#include "runtime/output_buffer.h"

namespace vecgate::property {
namespace pb = google::protobuf;
using codegen::Container;
using codegen::KeyPlan;
using codegen::ShapePlan;
using codegen::ValueKind;
using codegen::ValuePlan;
using codegen::VariantPlan;
using pb::FieldDescriptor;

namespace {

constexpr int kDeepEnough = 4;  // from here on only what must be there
constexpr int kUnknownDepth = 1000;

// A broken check of this kind is a fault of format.
bool IsFault(const rules::Check& check) { return check.parse() || check.refuse(); }

bool IsRead(const VariantPlan& variant) { return !variant.print_only && variant.unavailable.empty(); }

template <class Print>
std::string Printed(const Print& print) {
  runtime::OutputBuffer buffer;
  runtime::JsonWriter writer(buffer);
  print(writer);
  return std::string(buffer.view());
}

std::string Quoted(std::string_view text) {
  return Printed([&](runtime::JsonWriter& w) { w.String(text); });
}

std::string ObjectOf(const std::vector<std::pair<std::string, std::string>>& members) {
  std::vector<std::string> texts;
  for (const auto& [key, value] : members) texts.push_back(Quoted(key) + ":" + value);
  return "{" + absl::StrJoin(texts, ",") + "}";
}

std::string ListOf(const std::vector<std::string>& elements) { return "[" + absl::StrJoin(elements, ",") + "]"; }

// A number as a float or double field reads it, in any spelling.
std::string NumberText(RandomSource* random, bool single) {
  switch (random->Below(6)) {
    case 0:
      return absl::StrCat(random->Signed(single ? 32 : 64));
    case 1:
      return "-0";
    case 2:
      return "18446744073709551616";
    case 3:
      return absl::StrCat(random->Below(100), ".", random->Below(100), random->Chance(50) ? "e2" : "E-02");
    default:
      return Printed([&](runtime::JsonWriter& w) { single ? w.Float(random->Float()) : w.Double(random->Double()); });
  }
}

std::string IntegerText(RandomSource* random, const ValuePlan& value) {
  auto natural = [&](int bits) {
    return absl::StrCat(std::max<uint64_t>(random->Unsigned(bits), value.nonzero ? 1 : 0));
  };
  switch (value.element()->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(random->Signed(32));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(random->Signed(64));
    case FieldDescriptor::CPPTYPE_UINT32:
      return natural(value.clamp ? 64 : 32);
    default:
      return natural(64);
  }
}

std::string WordText(RandomSource* random, const codegen::WordsPlan& words) {
  const auto& word = random->OneOf(words.words);
  return Quoted(word.aliases.empty() || random->Chance(50) ? word.json : random->OneOf(word.aliases));
}

std::string FloatsText(RandomSource* random) {
  std::vector<std::string> numbers;
  for (int i = random->Count() + 1; i > 0; --i) numbers.push_back(NumberText(random, true));
  return ListOf(numbers);
}

// What the named runtime function reads.
std::string RuntimeText(RandomSource* random, const std::string& runtime) {
  if (runtime == "PointId") return random->Chance(50) ? absl::StrCat(random->Unsigned(64)) : Quoted(random->Uuid());
  if (runtime == "Timestamp" || runtime == "DatetimeText") return Quoted(random->Datetime());
  if (runtime == "JsonPathText") return Quoted(random->Path());
  if (runtime == "VectorOutput")
    return random->Chance(50) ? FloatsText(random) : ListOf({FloatsText(random), FloatsText(random)});
  if (runtime == "PointBatch") {
    std::vector<std::string> ids, vectors;
    for (int i = random->Count(); i > 0; --i) {
      ids.push_back(RuntimeText(random, "PointId"));
      vectors.push_back(FloatsText(random));
    }
    return ObjectOf({{"ids", ListOf(ids)}, {"vectors", ListOf(vectors)}});
  }
  return RandomJson::Any(random);
}

}  // namespace

RandomJson::RandomJson(const codegen::Plan& plan, MessageLimits limits) : limits_(std::move(limits)) {
  for (const auto& shape : plan.shapes) depths_[shape.get()] = kUnknownDepth;
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& shape : plan.shapes) {
      const int depth = DepthOf(*shape);
      if (depth >= depths_[shape.get()]) continue;
      depths_[shape.get()] = depth;
      changed = true;
    }
  }
}

std::string RandomJson::Any(RandomSource* random, int depth) {
  switch (random->Below(depth > 2 ? 5 : 7)) {
    case 0:
      return "null";
    case 1:
      return random->Chance(50) ? "true" : "false";
    case 2:
      return NumberText(random, false);
    case 3:
      return absl::StrCat(random->Signed(64));
    case 4:
      return Quoted(random->Text());
    case 5: {
      std::vector<std::string> elements;
      for (int i = random->Count(); i > 0; --i) elements.push_back(Any(random, depth + 1));
      return ListOf(elements);
    }
    default: {
      Members members;
      for (int i = random->Count(); i > 0; --i) members.emplace_back(random->Text(), Any(random, depth + 1));
      return ObjectOf(members);
    }
  }
}

std::string RandomJson::Broken(RandomSource* random, std::string text) {
  static const std::vector<std::string> pieces{"null", "-0", "1e400",      "[]", "{}",  "[[]]",
                                               "\"\"", ",",  "1",          "-1", "1.0", "18446744073709551616",
                                               "true", ":",  "\"key\":1,", "\\", "\xff"};
  for (int i = random->Count() + 1; i > 0; --i) {
    const size_t at = random->Below(text.size() + 1);
    const size_t size = std::min<size_t>(random->Below(12), text.size() - at);
    switch (random->Below(4)) {
      case 0:
        text.erase(at, size);
        break;
      case 1:
        text.insert(at, text.substr(at, size));
        break;
      case 2:
        text.replace(at, size, random->OneOf(pieces));
        break;
      default: {  // a whole value
        const size_t colon = text.find(':', at);
        const size_t end = colon == std::string::npos ? colon : text.find_first_of(",}]", colon);
        if (end != std::string::npos) text.replace(colon + 1, end - colon - 1, random->OneOf(pieces));
      }
    }
  }
  return text;
}

// --- how deep -------------------------------------------------------------------------------------------

int RandomJson::DepthOf(const ValuePlan& value) const {
  if (value.kind == ValueKind::kSelf) return value.container == Container::kEach ? 0 : depths_.at(value.shape);
  if (value.kind != ValueKind::kShape) return 0;
  const bool many = value.container != Container::kOne && value.container != Container::kAppend;
  if (many && !limits_.non_empty.contains(value.field()->full_name())) return 0;
  return depths_.at(value.shape) + 1;
}

int RandomJson::DepthOf(const ShapePlan& shape) const {
  int depth = 0;
  switch (shape.form) {
    case ShapePlan::Form::kObject:
      for (const KeyPlan& key : shape.keys)
        if (IsNeeded(shape, key)) depth = std::max(depth, DepthOf(key.value));
      return depth;
    case ShapePlan::Form::kUnion:
      depth = kUnknownDepth;
      for (const VariantPlan& variant : shape.variants)
        if (IsRead(variant)) depth = std::min(depth, DepthOf(variant.value));
      return depth;
    case ShapePlan::Form::kIs:
      return DepthOf(shape.is);
    case ShapePlan::Form::kParts:
      for (const ShapePlan::Part& part : shape.parts) depth = std::max(depth, DepthOf(part.value));
      return depth;
    case ShapePlan::Form::kRuntime:
      return 0;
  }
  return depth;
}

// --- texts ----------------------------------------------------------------------------------------------

bool RandomJson::IsNeeded(const ShapePlan& shape, const KeyPlan& key) const {
  if (key.required) return true;
  for (const FieldDescriptor* field : key.value.path)
    if (limits_.always.contains(field->full_name())) return true;
  for (const rules::Check& check : shape.checks) {
    if (!IsFault(check) || check.is_case() != rules::Check::kAnySet) continue;
    // One of them will do; another shape of the message (`self`) may be what sets it.
    const std::vector<std::string> paths = absl::StrSplit(check.any_set(), ',');
    auto sets = [&](const KeyPlan& other) {
      return other.value.path.empty() ? other.value.kind == ValueKind::kSelf
                                      : other.value.path.front()->name() == paths.front();
    };
    if (&*std::find_if(shape.keys.begin(), shape.keys.end(), sets) == &key) return true;
  }
  return false;
}

bool RandomJson::IsNonEmpty(const ShapePlan& shape, const ValuePlan& value) const {
  if (value.path.empty()) return false;
  if (limits_.non_empty.contains(value.field()->full_name())) return true;
  return std::any_of(shape.checks.begin(), shape.checks.end(), [&](const rules::Check& check) {
    return IsFault(check) && check.not_empty_if_given() == value.field()->name();
  });
}

std::string RandomJson::ShapeText(RandomSource* random, const ShapePlan& shape, int depth) const {
  switch (shape.form) {
    case ShapePlan::Form::kObject:
      return shape.or_list && random->Chance(20) ? ListOfValues(random, shape, depth)
                                                 : ObjectText(random, shape, depth);
    case ShapePlan::Form::kUnion:
      return UnionText(random, shape, depth);
    case ShapePlan::Form::kIs:
      return ValueText(random, shape, shape.is, depth);
    case ShapePlan::Form::kRuntime:
      return RuntimeText(random, shape.runtime);
    case ShapePlan::Form::kParts: {
      const ShapePlan::Part& part = random->OneOf(shape.parts);
      const ShapePlan* object = part.value.shape;
      while (object->form == ShapePlan::Form::kIs) object = object->is.shape;
      return ObjectText(random, *object, depth, part.when_key);
    }
  }
  return {};
}

std::string RandomJson::UnionText(RandomSource* random, const ShapePlan& shape, int depth) const {
  std::vector<const VariantPlan*> variants;
  for (const VariantPlan& variant : shape.variants)
    if (IsRead(variant) && (depth < kDeepEnough || DepthOf(variant.value) <= depths_.at(&shape)))
      variants.push_back(&variant);
  const VariantPlan& variant = *random->OneOf(variants);
  if (variant.has_literal) return Quoted(variant.literal);
  if (!shape.tag.empty()) {
    std::string text = ObjectText(random, *variant.value.shape, depth + 1);
    const char* comma = text == "{}" ? "" : ",";
    return text.insert(1, absl::StrCat(Quoted(shape.tag), ":", Quoted(variant.tag), comma));
  }
  std::string text = ValueText(random, shape, variant.value, depth);
  return variant.key.empty() ? text : ObjectOf({{variant.key, text}});
}

std::string RandomJson::ObjectText(RandomSource* random, const ShapePlan& shape, int depth,
                                   std::string_view with_key) const {
  Members members;
  for (const KeyPlan& key : shape.keys) {
    const bool needed = IsNeeded(shape, key) || key.key == with_key;
    if (!needed && (random->Chance(50) || (depth >= kDeepEnough && DepthOf(key.value) > 0))) continue;
    std::string name = !key.aliases.empty() && random->Chance(50) ? random->OneOf(key.aliases) : key.key;
    const bool null = !needed && key.null_is_absent && random->Chance(10);
    std::string text = null ? "null" : ValueText(random, shape, key.value, depth);
    if (shape.last_key_wins && random->Chance(10)) members.emplace_back(name, Any(random));
    members.emplace_back(std::move(name), std::move(text));
  }
  if (!shape.reject_unknown && random->Chance(10)) members.emplace_back("unheard of", Any(random));
  return ObjectOf(members);
}

// The values without their keys; null where none is given.
std::string RandomJson::ListOfValues(RandomSource* random, const ShapePlan& shape, int depth) const {
  std::vector<std::string> values;
  for (const KeyPlan& key : shape.keys) {
    const bool null = key.null_is_absent && !IsNeeded(shape, key) && (depth >= kDeepEnough || random->Chance(50));
    values.push_back(null ? "null" : ValueText(random, shape, key.value, depth));
  }
  return ListOf(values);
}

std::string RandomJson::ValueText(RandomSource* random, const ShapePlan& shape, const ValuePlan& value,
                                  int depth) const {
  switch (value.container) {
    case Container::kOne:
    case Container::kAppend:
      return ElementText(random, shape, value, depth);
    case Container::kOneOrMany:
      if (depth < kDeepEnough && random->Chance(40)) {
        std::string text = ElementText(random, shape, value, depth);
        if (text.front() != '[') return text;  // else it would be taken for many
      }
      [[fallthrough]];
    default:
      return ListText(random, shape, value, depth);
  }
}

std::string RandomJson::ListText(RandomSource* random, const ShapePlan& shape, const ValuePlan& value,
                                 int depth) const {
  const bool nested = value.kind == ValueKind::kShape || value.kind == ValueKind::kSelf;
  const int count = std::max(depth >= kDeepEnough && nested ? 0 : random->Count(), IsNonEmpty(shape, value) ? 1 : 0);
  std::vector<std::string> elements;
  for (int i = 0; i < count; ++i) elements.push_back(ElementText(random, shape, value, depth));
  if (value.container == Container::kMap) {
    Members members;
    for (std::string& element : elements)
      members.emplace_back(random->Text() + std::to_string(members.size()), std::move(element));
    return ObjectOf(members);
  }
  for (const rules::Check& check : shape.checks) {
    if (!IsFault(check) || value.path.empty()) continue;
    if (check.has_min_items() && check.min_items().field() == value.field()->name())
      while (elements.size() < check.min_items().n()) elements.push_back(ElementText(random, shape, value, depth));
    if (check.closed_ring() == value.field()->name() && !elements.empty()) elements.back() = elements.front();
  }
  return ListOf(elements);
}

std::string RandomJson::ElementText(RandomSource* random, const ShapePlan& shape, const ValuePlan& value,
                                    int depth) const {
  for (const rules::Check& check : shape.checks) {
    if (!IsFault(check) || !check.has_within() || value.path.empty() || check.within().field() != value.field()->name())
      continue;
    const double width = check.within().to() - check.within().from();
    return absl::StrCat(check.within().from() + width * static_cast<double>(random->Below(1001)) / 1000);
  }
  switch (value.kind) {
    case ValueKind::kNone:
      return Any(random);
    case ValueKind::kBool:
    case ValueKind::kPresence:
      return random->Chance(50) ? "true" : "false";
    case ValueKind::kString:
      return Quoted(random->Text());
    case ValueKind::kWord:
    case ValueKind::kEnum:
      return WordText(random, *value.words);
    case ValueKind::kInteger:
      return IntegerText(random, value);
    case ValueKind::kFloat:
      return NumberText(random, true);
    case ValueKind::kDouble:
      return NumberText(random, false);
    case ValueKind::kShape:
      return ShapeText(random, *value.shape, depth + 1);
    case ValueKind::kSelf:
      return ShapeText(random, *value.shape, depth);
    case ValueKind::kRuntime:
      return RuntimeText(random, value.runtime);
  }
  return {};
}

}  // namespace vecgate::property
