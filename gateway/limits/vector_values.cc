#include "limits/vector_values.h"

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

using Fields = std::vector<const FieldDescriptor*>;

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

// The fields of a type that are worth looking at.
const Fields& FieldsOf(const Descriptor* type) {
  thread_local absl::flat_hash_map<const Descriptor*, std::unique_ptr<Fields>> known;
  std::unique_ptr<Fields>& fields = known[type];
  if (fields == nullptr) {
    fields = std::make_unique<Fields>();
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* const field = type->field(i);
      std::set<const Descriptor*> seen;
      if (HoldsValues(field) || (field->message_type() != nullptr && LeadsToValues(field->message_type(), &seen))) {
        fields->push_back(field);
      }
    }
  }
  return *fields;
}

}  // namespace

uint64_t VectorValues(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  uint64_t sum = 0;
  for (const FieldDescriptor* const field : FieldsOf(message.GetDescriptor())) {
    if (HoldsValues(field)) {
      sum += static_cast<uint64_t>(reflection.FieldSize(message, field));
    } else if (field->is_repeated()) {
      const int size = reflection.FieldSize(message, field);
      for (int i = 0; i < size; ++i) sum += VectorValues(reflection.GetRepeatedMessage(message, field, i));
    } else if (reflection.HasField(message, field)) {
      sum += VectorValues(reflection.GetMessage(message, field));
    }
  }
  return sum;
}

}  // namespace vecgate::limits
