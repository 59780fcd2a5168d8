#include "random_message.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace vecgate::property {
namespace pb = google::protobuf;
using pb::FieldDescriptor;

namespace {

constexpr int kDeepEnough = 4;  // from here on only what must be there
constexpr int kUnknownDepth = 1000;

bool IsMessage(const FieldDescriptor* field) { return field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE; }

}  // namespace

RandomMessages::RandomMessages(const Translators& translators, const std::set<std::string>& excluded) : left_out_(excluded) {
  for (const runtime::ShapeEntry* shape : translators.default_shapes())
    for (const std::string_view field : shape->left_out)
      left_out_.insert(shape->prototype()->GetTypeName() + "." + std::string(field));
  spellings_["qdrant.PointId.uuid"] = Spelling::kUuid;
  for (const auto& shape : translators.plan().shapes) Learn(*shape);
  for (const auto& words : translators.plan().words) {
    if (words->type == nullptr) continue;
    std::vector<int>& numbers = enum_numbers_[words->type->full_name()];
    for (const auto& word : words->words) numbers.push_back(word.number);
    if (numbers.empty()) numbers.push_back(0);  // never in JSON, as NullValue
  }
  MeasureDepths();
}

void RandomMessages::Learn(const codegen::ShapePlan& shape) {
  Learn(shape.is);
  for (const codegen::KeyPlan& key : shape.keys) {
    Learn(key.value);
    if (key.required && !key.value.path.empty() && !shape.inline_part) required_.insert(key.value.path.front()->full_name());
    if (key.required && key.value.path.size() == 2) required_.insert(key.value.path.back()->full_name());
  }
  for (const codegen::VariantPlan& variant : shape.variants) Learn(variant.value);
}

void RandomMessages::Learn(const codegen::ValuePlan& value) {
  if (value.path.empty()) return;
  const std::string& name = value.path.back()->full_name();
  if (value.runtime == "JsonPathText") spellings_[name] = Spelling::kPath;
  if (value.runtime == "DatetimeText") spellings_[name] = Spelling::kDatetime;
  if (value.kind == codegen::ValueKind::kWord)
    for (const auto& word : value.words->words) words_[name].push_back(word.json);
}

// How deep a message is at the least: a fixed point, as messages refer to themselves.
void RandomMessages::MeasureDepths() {
  std::vector<const pb::Descriptor*> messages;
  for (const runtime::ShapeEntry* shape : Translators::Get().default_shapes())
    messages.push_back(shape->prototype()->GetDescriptor());
  for (const pb::Descriptor* message : messages) depths_[message->full_name()] = kUnknownDepth;
  for (bool changed = true; changed;) {
    changed = false;
    for (const pb::Descriptor* message : messages) {
      int depth = 0;
      for (int i = 0; i < message->field_count(); ++i) {
        const FieldDescriptor* field = message->field(i);
        if (IsMessage(field) && !field->is_repeated() && required_.contains(field->full_name()))
          depth = std::max(depth, DepthOf(field->message_type()) + 1);
      }
      for (int i = 0; i < message->real_oneof_decl_count(); ++i) {
        int least = kUnknownDepth;
        for (int j = 0; j < message->oneof_decl(i)->field_count(); ++j) {
          const FieldDescriptor* field = message->oneof_decl(i)->field(j);
          if (!IsLeftOut(field)) least = std::min(least, IsMessage(field) ? DepthOf(field->message_type()) + 1 : 0);
        }
        depth = std::max(depth, least);
      }
      if (depth < depths_[message->full_name()]) {
        depths_[message->full_name()] = depth;
        changed = true;
      }
    }
  }
}

int RandomMessages::DepthOf(const pb::Descriptor* message) const {
  auto found = depths_.find(message->full_name());
  return found == depths_.end() ? 0 : found->second;
}

bool RandomMessages::IsLeftOut(const FieldDescriptor* field) const { return left_out_.contains(field->full_name()); }

void RandomMessages::Fill(RandomSource* random, pb::Message* message, int depth) const {
  const pb::Descriptor* type = message->GetDescriptor();
  const pb::Reflection* reflection = message->GetReflection();
  if (type->full_name() == "google.protobuf.Timestamp") {
    reflection->SetInt64(message, type->FindFieldByName("seconds"), random->Seconds());
    reflection->SetInt32(message, type->FindFieldByName("nanos"), random->Nanos());
    return;
  }
  for (int i = 0; i < type->real_oneof_decl_count(); ++i)
    if (const FieldDescriptor* field = Choose(random, type->oneof_decl(i), depth)) FillField(random, message, field, depth);
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (IsLeftOut(field) || field->real_containing_oneof() != nullptr) continue;
    if (field->is_repeated()) {
      const int count = depth >= kDeepEnough && IsMessage(field) ? 0 : random->Count();
      for (int j = 0; j < count; ++j) FillField(random, message, field, depth);
      continue;
    }
    const bool needed = required_.contains(field->full_name());
    if (needed || (random->Chance(60) && !(IsMessage(field) && depth >= kDeepEnough))) FillField(random, message, field, depth);
  }
}

const FieldDescriptor* RandomMessages::Choose(RandomSource* random, const pb::OneofDescriptor* oneof, int depth) const {
  std::vector<const FieldDescriptor*> choices;
  int least = kUnknownDepth;
  auto depth_of = [&](const FieldDescriptor* field) { return IsMessage(field) ? DepthOf(field->message_type()) + 1 : 0; };
  for (int i = 0; i < oneof->field_count(); ++i)
    if (!IsLeftOut(oneof->field(i))) least = std::min(least, depth_of(oneof->field(i)));
  for (int i = 0; i < oneof->field_count(); ++i) {
    const FieldDescriptor* field = oneof->field(i);
    if (!IsLeftOut(field) && (depth < kDeepEnough || depth_of(field) == least)) choices.push_back(field);
  }
  return choices.empty() ? nullptr : random->OneOf(choices);
}

std::string RandomMessages::TextOf(RandomSource* random, const FieldDescriptor* field) const {
  if (auto words = words_.find(field->full_name()); words != words_.end()) return random->OneOf(words->second);
  auto spelling = spellings_.find(field->full_name());
  if (spelling == spellings_.end()) return random->Text();
  switch (spelling->second) {
    case Spelling::kPath: return random->Path();
    case Spelling::kDatetime: return random->Datetime();
    case Spelling::kUuid: return random->Uuid();
  }
  return {};
}

void RandomMessages::FillMapEntry(RandomSource* random, pb::Message* entry, int depth) const {
  const pb::Descriptor* type = entry->GetDescriptor();
  entry->GetReflection()->SetString(entry, type->map_key(), random->Text());
  FillField(random, entry, type->map_value(), depth);
}

void RandomMessages::FillField(RandomSource* random, pb::Message* message, const FieldDescriptor* field, int depth) const {
  const pb::Reflection* reflection = message->GetReflection();
  const bool many = field->is_repeated();
  // Values are drawn in one place for singular and repeated fields.
#define VECGATE_PUT(Type, value)                                          \
  do {                                                                    \
    if (many) reflection->Add##Type(message, field, value);               \
    else reflection->Set##Type(message, field, value);                    \
  } while (false)
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: VECGATE_PUT(Bool, random->Chance(50)); break;
    case FieldDescriptor::CPPTYPE_INT32: VECGATE_PUT(Int32, static_cast<int32_t>(random->Signed(32))); break;
    case FieldDescriptor::CPPTYPE_INT64: VECGATE_PUT(Int64, random->Signed(64)); break;
    case FieldDescriptor::CPPTYPE_UINT32: VECGATE_PUT(UInt32, static_cast<uint32_t>(random->Unsigned(32))); break;
    case FieldDescriptor::CPPTYPE_UINT64: VECGATE_PUT(UInt64, random->Unsigned(64)); break;
    case FieldDescriptor::CPPTYPE_FLOAT: VECGATE_PUT(Float, random->Float()); break;
    case FieldDescriptor::CPPTYPE_DOUBLE: VECGATE_PUT(Double, random->Double()); break;
    case FieldDescriptor::CPPTYPE_ENUM: VECGATE_PUT(EnumValue, random->OneOf(enum_numbers_.at(field->enum_type()->full_name()))); break;
    case FieldDescriptor::CPPTYPE_STRING: VECGATE_PUT(String, TextOf(random, field)); break;
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      pb::Message* below = many ? reflection->AddMessage(message, field) : reflection->MutableMessage(message, field);
      if (field->is_map()) FillMapEntry(random, below, depth);
      else Fill(random, below, depth + 1);
      break;
    }
  }
#undef VECGATE_PUT
}

}  // namespace vecgate::property
