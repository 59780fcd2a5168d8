#include "runtime/add_numbers.h"

#include <google/protobuf/descriptor.h>

#include <vector>

namespace vecgate::runtime {
namespace pb = google::protobuf;

void AddNumbers(const pb::Message& from, pb::Message* to) {
  const pb::Reflection* reflection = from.GetReflection();
  std::vector<const pb::FieldDescriptor*> given;
  reflection->ListFields(from, &given);
  for (const pb::FieldDescriptor* field : given) {
    if (field->is_repeated()) continue;
    switch (field->cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_UINT64:
        reflection->SetUInt64(to, field, reflection->GetUInt64(*to, field) + reflection->GetUInt64(from, field));
        break;
      case pb::FieldDescriptor::CPPTYPE_UINT32:
        reflection->SetUInt32(to, field, reflection->GetUInt32(*to, field) + reflection->GetUInt32(from, field));
        break;
      case pb::FieldDescriptor::CPPTYPE_DOUBLE:
        reflection->SetDouble(to, field, reflection->GetDouble(*to, field) + reflection->GetDouble(from, field));
        break;
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        AddNumbers(reflection->GetMessage(from, field), reflection->MutableMessage(to, field));
        break;
      default:
        break;
    }
  }
}

}  // namespace vecgate::runtime
