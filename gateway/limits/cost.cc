#include "limits/cost.h"

#include <absl/container/flat_hash_map.h>
#include <google/protobuf/descriptor.h>

#include <memory>
#include <set>
#include <vector>

namespace vecgate::limits {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

struct Field {
  const FieldDescriptor* descriptor;
  bool lists_points;
};
using Fields = std::vector<Field>;

bool HoldsValues(const FieldDescriptor* field) {
  return field->is_repeated() && (field->cpp_type() == FieldDescriptor::CPPTYPE_FLOAT ||
                                  field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE);
}

bool LeadsToValues(const Descriptor* type, std::set<const Descriptor*>* seen) {
  if (!seen->insert(type).second) return false;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* const field = type->field(i);
    if (HoldsValues(field)) return true;
    if (field->message_type() != nullptr && LeadsToValues(field->message_type(), seen)) return true;
  }
  return false;
}

bool LeadsToValues(const FieldDescriptor* field) {
  std::set<const Descriptor*> seen;
  return HoldsValues(field) || (field->message_type() != nullptr && LeadsToValues(field->message_type(), &seen));
}

// Vectors and something else at a time; in an operation one thing excludes the other.
bool IsPoint(const Descriptor* type) {
  bool vectors = false;
  bool something_else = false;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* const field = type->field(i);
    if (LeadsToValues(field)) {
      vectors = true;
    } else if (field->real_containing_oneof() == nullptr) {
      something_else = true;
    }
  }
  return vectors && something_else;
}

// The fields of a type that are worth looking at.
const Fields& FieldsOf(const Descriptor* type) {
  thread_local absl::flat_hash_map<const Descriptor*, std::unique_ptr<Fields>> known;
  std::unique_ptr<Fields>& fields = known[type];
  if (fields == nullptr) {
    fields = std::make_unique<Fields>();
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* const field = type->field(i);
      if (!LeadsToValues(field)) continue;
      const bool list = field->is_repeated() && !field->is_map() && field->message_type() != nullptr;
      fields->push_back({field, list && IsPoint(field->message_type())});
    }
  }
  return *fields;
}

// The sum over the messages that a field holds.
uint64_t OverMessages(const Message& message, const FieldDescriptor* field, uint64_t (*count)(const Message&)) {
  const Reflection& reflection = *message.GetReflection();
  if (!field->is_repeated()) {
    return reflection.HasField(message, field) ? count(reflection.GetMessage(message, field)) : 0;
  }
  uint64_t sum = 0;
  const int size = reflection.FieldSize(message, field);
  for (int i = 0; i < size; ++i) sum += count(reflection.GetRepeatedMessage(message, field, i));
  return sum;
}

}  // namespace

uint64_t VectorValues(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  uint64_t sum = 0;
  for (const auto& [field, lists_points] : FieldsOf(message.GetDescriptor())) {
    if (HoldsValues(field)) {
      sum += static_cast<uint64_t>(reflection.FieldSize(message, field));
    } else {
      sum += OverMessages(message, field, VectorValues);
    }
  }
  return sum;
}

uint64_t Points(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  uint64_t sum = 0;
  for (const auto& [field, lists_points] : FieldsOf(message.GetDescriptor())) {
    if (lists_points) {
      sum += static_cast<uint64_t>(reflection.FieldSize(message, field));
    } else if (!HoldsValues(field)) {
      sum += OverMessages(message, field, Points);
    }
  }
  return sum;
}

}  // namespace vecgate::limits
