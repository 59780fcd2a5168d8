#include "any_json.h"

#include <cerrno>
#include <cstdlib>
#include <string>

#include "reflected.h"

namespace vecgate::property {
namespace {

// False: the lexeme is no integer, or beyond i64.
bool ReadInteger(const JsonTree& number, int64_t* integer) {
  if (!number.IsInteger()) return false;
  errno = 0;
  *integer = std::strtoll(number.text.c_str(), nullptr, 10);
  return errno == 0;
}

}  // namespace

void MakeValue(const JsonTree& tree, Message* value) {
  const google::protobuf::Reflection& reflection = *value->GetReflection();
  const auto field = [&](const char* name) { return value->GetDescriptor()->FindFieldByName(name); };
  switch (tree.type) {
    case JsonTree::Type::kNull:
      return reflection.SetEnumValue(value, field("null_value"), 0);
    case JsonTree::Type::kBool:
      return reflection.SetBool(value, field("bool_value"), tree.boolean);
    case JsonTree::Type::kNumber:
      if (int64_t integer; ReadInteger(tree, &integer)) {
        return reflection.SetInt64(value, field("integer_value"), integer);
      }
      return reflection.SetDouble(value, field("double_value"), std::strtod(tree.text.c_str(), nullptr));
    case JsonTree::Type::kString:
      return reflection.SetString(value, field("string_value"), tree.text);
    case JsonTree::Type::kList: {
      Message* const list = reflection.MutableMessage(value, field("list_value"));
      const auto* const values = list->GetDescriptor()->FindFieldByName("values");
      for (const JsonTree& element : tree.elements) MakeValue(element, list->GetReflection()->AddMessage(list, values));
      return;
    }
    case JsonTree::Type::kObject: {
      Message* const object = reflection.MutableMessage(value, field("struct_value"));
      const auto* const fields = object->GetDescriptor()->FindFieldByName("fields");
      for (const auto& [key, member] : tree.members) {
        Message* const entry = MapEntry(object, fields, key);
        MakeValue(member, entry->GetReflection()->MutableMessage(entry, entry->GetDescriptor()->map_value()));
      }
    }
  }
}

}  // namespace vecgate::property
