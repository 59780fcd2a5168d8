#include "random_message.h"

#include <absl/strings/str_split.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <vector>

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

// The generated message's own field: the plan has descriptors of its own.
const FieldDescriptor* FieldOf(const pb::Message& message, const FieldDescriptor* planned) {
  return message.GetDescriptor()->FindFieldByName(planned->name());
}

// The message that holds the last field of the path, made present.
pb::Message* OwnerOf(pb::Message* message, const codegen::FieldPath& path) {
  for (size_t i = 0; i + 1 < path.size(); ++i)
    message = message->GetReflection()->MutableMessage(message, FieldOf(*message, path[i]));
  return message;
}

bool IsList(const ValuePlan& value) {
  return value.container == Container::kList || value.container == Container::kOneOrMany ||
         value.container == Container::kMap;
}

// A broken check of this kind is a fault of format.
bool IsFault(const rules::Check& check) { return check.parse() || check.refuse(); }

void SetNumber(pb::Message* owner, const FieldDescriptor* field, double number) {
  const pb::Reflection* reflection = owner->GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT)
    reflection->SetFloat(owner, field, static_cast<float>(number));
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) reflection->SetDouble(owner, field, number);
}

void FillAnyJson(RandomSource* random, pb::Message* message, int depth) {
  const pb::Reflection* reflection = message->GetReflection();
  auto field = [&](const char* name) { return message->GetDescriptor()->FindFieldByName(name); };
  switch (random->Below(depth > 2 ? 5 : 7)) {
    case 0:
      reflection->SetEnumValue(message, field("null_value"), 0);
      break;
    case 1:
      reflection->SetDouble(message, field("double_value"), random->Double());
      break;
    case 2:
      reflection->SetInt64(message, field("integer_value"), random->Signed(64));
      break;
    case 3:
      reflection->SetString(message, field("string_value"), random->Text());
      break;
    case 4:
      reflection->SetBool(message, field("bool_value"), random->Chance(50));
      break;
    case 5: {
      pb::Message* object = reflection->MutableMessage(message, field("struct_value"));
      const FieldDescriptor* fields = object->GetDescriptor()->FindFieldByName("fields");
      for (int i = random->Count(); i > 0; --i) {
        pb::Message* entry = object->GetReflection()->AddMessage(object, fields);
        entry->GetReflection()->SetString(entry, entry->GetDescriptor()->map_key(), random->Text() + std::to_string(i));
        FillAnyJson(random, entry->GetReflection()->MutableMessage(entry, entry->GetDescriptor()->map_value()),
                    depth + 1);
      }
      break;
    }
    case 6: {
      pb::Message* list = reflection->MutableMessage(message, field("list_value"));
      const FieldDescriptor* values = list->GetDescriptor()->FindFieldByName("values");
      for (int i = random->Count(); i > 0; --i)
        FillAnyJson(random, list->GetReflection()->AddMessage(list, values), depth + 1);
      break;
    }
  }
}

void AddFloats(RandomSource* random, const char* name, pb::Message* message) {
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(name);
  for (int i = random->Count() + 1; i > 0; --i) message->GetReflection()->AddFloat(message, field, random->Float());
}

void FillVector(RandomSource* random, pb::Message* message) {
  static const std::vector<const char*> kinds{"dense", "sparse", "multi_dense"};
  const char* kind = random->OneOf(kinds);
  const pb::Reflection* reflection = message->GetReflection();
  pb::Message* vector = reflection->MutableMessage(message, message->GetDescriptor()->FindFieldByName(kind));
  if (kind == kinds[0]) return AddFloats(random, "data", vector);
  if (kind == kinds[1]) {
    const FieldDescriptor* indices = vector->GetDescriptor()->FindFieldByName("indices");
    for (int i = random->Count(); i > 0; --i)
      vector->GetReflection()->AddUInt32(vector, indices, static_cast<uint32_t>(random->Unsigned(32)));
    return AddFloats(random, "values", vector);
  }
  const FieldDescriptor* rows = vector->GetDescriptor()->FindFieldByName("vectors");
  for (int i = random->Count() + 1; i > 0; --i)
    AddFloats(random, "data", vector->GetReflection()->AddMessage(vector, rows));
}

// What the named runtime function reads back.
void FillByRuntime(RandomSource* random, const std::string& runtime, pb::Message* message) {
  const pb::Reflection* reflection = message->GetReflection();
  auto field = [&](const char* name) { return message->GetDescriptor()->FindFieldByName(name); };
  if (runtime == "Value") {
    FillAnyJson(random, message, 0);
  } else if (runtime == "PointId") {
    if (random->Chance(50))
      reflection->SetUInt64(message, field("num"), random->Unsigned(64));
    else
      reflection->SetString(message, field("uuid"), random->Uuid());
  } else if (runtime == "Timestamp") {
    reflection->SetInt64(message, field("seconds"), random->Seconds());
    reflection->SetInt32(message, field("nanos"), random->Nanos());
  } else if (runtime == "VectorOutput") {
    FillVector(random, message);
  }
}

std::string TextFor(RandomSource* random, const ValuePlan& value) {
  if (value.kind == ValueKind::kWord) return random->OneOf(value.words->words).json;
  if (value.runtime == "JsonPathText") return random->Path();
  if (value.runtime == "DatetimeText") return random->Datetime();
  return random->Text();
}

}  // namespace

RandomMessages::RandomMessages(const codegen::Plan& plan, MessageLimits limits) : limits_(std::move(limits)) {
  MeasureDepths(plan);
}

// --- how deep -------------------------------------------------------------------------------------------

void RandomMessages::MeasureDepths(const codegen::Plan& plan) {
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

int RandomMessages::DepthOf(const ValuePlan& value) const {
  if (value.kind == ValueKind::kSelf) return value.container == Container::kEach ? 0 : depths_.at(value.shape);
  if (value.kind != ValueKind::kShape) return 0;
  if (IsList(value) && !limits_.non_empty.contains(value.field()->full_name())) return 0;
  return depths_.at(value.shape) + 1;
}

int RandomMessages::DepthOf(const ShapePlan& shape) const {
  int depth = 0;
  switch (shape.form) {
    case ShapePlan::Form::kObject:
      for (const KeyPlan& key : shape.keys)
        if (IsNeeded(shape, key)) depth = std::max(depth, DepthOf(key.value));
      return depth;
    case ShapePlan::Form::kUnion:
      depth = kUnknownDepth;
      for (const VariantPlan& variant : shape.variants)
        if (IsPrinted(variant)) depth = std::min(depth, DepthOf(variant.value));
      return depth;
    case ShapePlan::Form::kIs:
      return DepthOf(shape.is);
    default:
      return 0;
  }
}

// --- what -----------------------------------------------------------------------------------------------

bool RandomMessages::IsLeftOut(const ValuePlan& value) const {
  return std::any_of(value.path.begin(), value.path.end(),
                     [&](const FieldDescriptor* field) { return limits_.left_out.contains(field->full_name()); });
}

bool RandomMessages::HasLeftOut(const FieldDescriptor* field, const pb::Message& below) const {
  std::vector<const FieldDescriptor*> given;
  below.GetReflection()->ListFields(below, &given);
  return std::any_of(given.begin(), given.end(), [&](const FieldDescriptor* inner) {
    return limits_.left_out.contains(field->full_name() + "." + inner->name());
  });
}

bool RandomMessages::IsPrinted(const VariantPlan& variant) const {
  return !variant.read_only && variant.unavailable.empty() && !IsLeftOut(variant.value);
}

// Unset is not what an absent key is read as, or not allowed.
bool RandomMessages::IsNeeded(const ShapePlan& shape, const KeyPlan& key) const {
  if (key.required || !key.default_literal.empty() || key.always_set || !key.when_absent.empty()) return true;
  if (key.print == rules::PRINT_ALWAYS || key.shown_if >= 0) return true;
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

// Read and dropped, as another key is always there.
bool IsDropped(const ShapePlan& shape, const KeyPlan& key) {
  return std::any_of(shape.keys.begin(), shape.keys.end(),
                     [&](const KeyPlan& other) { return other.required && other.key == key.yields_to; });
}

void RandomMessages::FillShape(RandomSource* random, const ShapePlan& shape, pb::Message* message, int depth) const {
  switch (shape.form) {
    case ShapePlan::Form::kObject:
      FillObject(random, shape, message, depth);
      break;
    case ShapePlan::Form::kUnion:
      FillUnion(random, shape, message, depth);
      break;
    case ShapePlan::Form::kIs:
      FillValue(random, shape.is, message, depth);
      break;
    case ShapePlan::Form::kRuntime:
      FillByRuntime(random, shape.runtime, message);
      break;
    case ShapePlan::Form::kParts:
      break;  // read only
  }
  KeepChecks(random, shape, message);
}

void RandomMessages::FillObject(RandomSource* random, const ShapePlan& shape, pb::Message* message, int depth) const {
  std::map<const pb::OneofDescriptor*, const FieldDescriptor*> taken;  // one member each, those needed first
  for (const bool needed : {true, false}) {
    for (const KeyPlan& key : shape.keys) {
      if (key.value.kind == ValueKind::kNone || key.print == rules::PRINT_NEVER || IsLeftOut(key.value)) continue;
      if (IsDropped(shape, key)) continue;
      if (IsNeeded(shape, key) != needed) continue;
      if (!needed && (random->Chance(35) || (depth >= kDeepEnough && DepthOf(key.value) > 0))) continue;
      bool free = true;
      for (const FieldDescriptor* field : key.value.path)
        if (field->real_containing_oneof() != nullptr)
          free = free && taken.emplace(field->real_containing_oneof(), field).first->second == field;
      if (free) FillValue(random, key.value, message, depth);
    }
  }
}

void RandomMessages::FillUnion(RandomSource* random, const ShapePlan& shape, pb::Message* message, int depth) const {
  std::vector<const VariantPlan*> variants;
  for (const VariantPlan& variant : shape.variants)
    // What is only printed by this shape is read by one that has it as a part.
    if (IsPrinted(variant) && !(variant.print_only && depth == kRoot) &&
        (depth < kDeepEnough || DepthOf(variant.value) == depths_.at(&shape)))
      variants.push_back(&variant);
  if (variants.empty()) return;
  const VariantPlan& variant = *random->OneOf(variants);
  FillValue(random, variant.value, message, depth);
  for (const codegen::SetPlan& set : variant.sets) {
    pb::Message* owner = OwnerOf(message, set.path);
    const FieldDescriptor* field = FieldOf(*owner, set.path.back());
    if (set.literal.empty())
      owner->GetReflection()->MutableMessage(owner, field);
    else if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM)
      owner->GetReflection()->SetEnumValue(owner, field, std::atoi(set.literal.c_str() + set.literal.rfind('(') + 1));
    else if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL)
      owner->GetReflection()->SetBool(owner, field, set.literal == "true");
  }
}

void RandomMessages::FillValue(RandomSource* random, const ValuePlan& value, pb::Message* message, int depth) const {
  if (value.kind == ValueKind::kNone) return;
  if (value.kind == ValueKind::kSelf) {
    const int count = value.container == Container::kEach ? random->Count() : 1;
    for (int i = 0; i < count; ++i) FillShape(random, *value.shape, message, depth);
    return;
  }
  pb::Message* owner = OwnerOf(message, value.path);
  const pb::Reflection* reflection = owner->GetReflection();
  const FieldDescriptor* field = FieldOf(*owner, value.path.back());
  int count = 1;
  if (IsList(value)) {
    count = depth >= kDeepEnough && value.kind == ValueKind::kShape ? 0 : random->Count();
    if (limits_.non_empty.contains(field->full_name())) count = std::max(count, 1);
  }
  for (int i = 0; i < count; ++i) {
    if (value.container != Container::kMap) {
      FillElement(random, value, owner, field, depth);
      continue;
    }
    pb::Message* entry = reflection->AddMessage(owner, field);
    entry->GetReflection()->SetString(entry, entry->GetDescriptor()->map_key(), random->Text() + std::to_string(i));
    FillElement(random, value, entry, entry->GetDescriptor()->map_value(), depth);
  }
}

void RandomMessages::FillElement(RandomSource* random, const ValuePlan& value, pb::Message* owner,
                                 const FieldDescriptor* field, int depth) const {
  const pb::Reflection* reflection = owner->GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    pb::Message* below =
        field->is_repeated() ? reflection->AddMessage(owner, field) : reflection->MutableMessage(owner, field);
    do {
      below->Clear();
      if (value.kind == ValueKind::kShape)
        FillShape(random, *value.shape, below, depth + 1);
      else
        FillByRuntime(random, value.runtime, below);
    } while (HasLeftOut(field, *below));
    return;
  }
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    if (field->is_repeated())
      reflection->AddString(owner, field, TextFor(random, value));
    else
      reflection->SetString(owner, field, TextFor(random, value));
    return;
  }
  FillNumber(random, value, owner, field);
}

void RandomMessages::FillNumber(RandomSource* random, const ValuePlan& value, pb::Message* owner,
                                const FieldDescriptor* field) const {
  const pb::Reflection* reflection = owner->GetReflection();
  const bool many = field->is_repeated();
  auto unsigned_number = [&](int bits) {
    return value.nonzero ? std::max<uint64_t>(random->Unsigned(bits), 1) : random->Unsigned(bits);
  };
  auto put = [&](auto set, auto add, auto number) {
    if (many)
      (reflection->*add)(owner, field, number);
    else
      (reflection->*set)(owner, field, number);
  };
  using R = pb::Reflection;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      put(&R::SetBool, &R::AddBool, random->Chance(50));
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      put(&R::SetInt32, &R::AddInt32, static_cast<int32_t>(random->Signed(32)));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      put(&R::SetInt64, &R::AddInt64, random->Signed(64));
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      put(&R::SetUInt32, &R::AddUInt32, static_cast<uint32_t>(unsigned_number(32)));
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      put(&R::SetUInt64, &R::AddUInt64, unsigned_number(64));
      break;
    case FieldDescriptor::CPPTYPE_FLOAT:
      put(&R::SetFloat, &R::AddFloat, random->Float());
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      put(&R::SetDouble, &R::AddDouble, random->Double());
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      put(&R::SetEnumValue, &R::AddEnumValue, random->OneOf(value.words->words).number);
      break;
    default:
      break;
  }
}

// Brings the message within the checks whose breach is a fault of format.
void RandomMessages::KeepChecks(RandomSource* random, const ShapePlan& shape, pb::Message* message) const {
  const pb::Reflection* reflection = message->GetReflection();
  for (const rules::Check& check : shape.checks) {
    if (!IsFault(check)) continue;
    if (check.is_case() == rules::Check::kWithin) {
      const double from = check.within().from();
      const double width = check.within().to() - from;
      SetNumber(message, message->GetDescriptor()->FindFieldByName(check.within().field()),
                from + width * static_cast<double>(random->Below(1001)) / 1000);
    }
    if (check.is_case() != rules::Check::kMinItems && check.is_case() != rules::Check::kClosedRing) continue;
    const bool ring = check.is_case() == rules::Check::kClosedRing;
    const FieldDescriptor* field =
        message->GetDescriptor()->FindFieldByName(ring ? check.closed_ring() : check.min_items().field());
    const KeyPlan* key = nullptr;
    for (const KeyPlan& candidate : shape.keys)
      if (!candidate.value.path.empty() && candidate.value.path.back()->name() == field->name()) key = &candidate;
    if (!ring && key != nullptr)
      while (reflection->FieldSize(*message, field) < static_cast<int>(check.min_items().n()))
        FillElement(random, key->value, message, field, kDeepEnough);
    if (const int size = reflection->FieldSize(*message, field); ring && size > 0)
      reflection->MutableRepeatedMessage(message, field, size - 1)
          ->CopyFrom(reflection->GetRepeatedMessage(*message, field, 0));
  }
}

}  // namespace vecgate::property
