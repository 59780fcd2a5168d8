#include "runtime/field_path.h"

#include <cstdlib>
#include <iostream>

namespace vecgate::runtime {
namespace pb = google::protobuf;
using pb::FieldDescriptor;

FieldPath::FieldPath(const pb::Descriptor* message, std::string_view dotted) {
  while (!dotted.empty()) {
    std::string_view step = dotted.substr(0, dotted.find('.'));
    dotted.remove_prefix(step.size() == dotted.size() ? step.size() : step.size() + 1);
    const FieldDescriptor* field = message == nullptr ? nullptr : message->FindFieldByName(std::string(step));
    if (field == nullptr) {
      std::cerr << "rules name a field that the schema lacks: " << step << "\n";
      std::abort();
    }
    steps_.push_back(field);
    message = field->message_type();
  }
}

pb::Message* FieldPath::MutableOwner(pb::Message* root) const {
  for (size_t i = 0; i + 1 < steps_.size(); ++i) root = root->GetReflection()->MutableMessage(root, steps_[i]);
  return root;
}

const pb::Message* FieldPath::Owner(const pb::Message& root) const {
  const pb::Message* at = &root;
  for (size_t i = 0; i + 1 < steps_.size(); ++i) {
    if (!at->GetReflection()->HasField(*at, steps_[i])) return nullptr;
    at = &at->GetReflection()->GetMessage(*at, steps_[i]);
  }
  return at;
}

const pb::Message* FieldPath::Find(const pb::Message& root) const {
  const pb::Message* owner = Owner(root);
  if (owner == nullptr || !owner->GetReflection()->HasField(*owner, last())) return nullptr;
  return &owner->GetReflection()->GetMessage(*owner, last());
}

int FieldPath::Size(const pb::Message& root) const {
  const pb::Message* owner = Owner(root);
  return owner == nullptr ? 0 : owner->GetReflection()->FieldSize(*owner, last());
}

void FieldPath::ForEachOwner(pb::Message* root, const std::function<void(pb::Message*)>& use) const {
  std::vector<pb::Message*> owners{root};
  for (size_t i = 0; i + 1 < steps_.size(); ++i) {
    std::vector<pb::Message*> next;
    for (pb::Message* owner : owners) {
      const pb::Reflection* reflection = owner->GetReflection();
      if (!steps_[i]->is_repeated()) {
        next.push_back(reflection->MutableMessage(owner, steps_[i]));
        continue;
      }
      for (int j = 0; j < reflection->FieldSize(*owner, steps_[i]); ++j)
        next.push_back(reflection->MutableRepeatedMessage(owner, steps_[i], j));
    }
    owners = std::move(next);
  }
  for (pb::Message* owner : owners) use(owner);
}

void SetFromText(pb::Message* root, const FieldPath& path, std::string_view text) {
  pb::Message* owner = path.MutableOwner(root);
  const pb::Reflection* reflection = owner->GetReflection();
  const FieldDescriptor* field = path.last();
  std::string value(text);
  if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: reflection->SetBool(owner, field, value == "true"); break;
    case FieldDescriptor::CPPTYPE_INT32: reflection->SetInt32(owner, field, std::atoi(value.c_str())); break;
    case FieldDescriptor::CPPTYPE_INT64: reflection->SetInt64(owner, field, std::atoll(value.c_str())); break;
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection->SetUInt32(owner, field, static_cast<uint32_t>(std::strtoul(value.c_str(), nullptr, 10)));
      break;
    case FieldDescriptor::CPPTYPE_UINT64: reflection->SetUInt64(owner, field, std::strtoull(value.c_str(), nullptr, 10)); break;
    case FieldDescriptor::CPPTYPE_FLOAT: reflection->SetFloat(owner, field, std::strtof(value.c_str(), nullptr)); break;
    case FieldDescriptor::CPPTYPE_DOUBLE: reflection->SetDouble(owner, field, std::strtod(value.c_str(), nullptr)); break;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection->SetEnum(owner, field, field->enum_type()->FindValueByName(value));
      break;
    case FieldDescriptor::CPPTYPE_STRING: reflection->SetString(owner, field, value); break;
    case FieldDescriptor::CPPTYPE_MESSAGE: reflection->MutableMessage(owner, field); break;
  }
}

void SetText(pb::Message* root, const FieldPath& path, std::string_view text, bool append) {
  pb::Message* owner = path.MutableOwner(root);
  if (append) owner->GetReflection()->AddString(owner, path.last(), std::string(text));
  else owner->GetReflection()->SetString(owner, path.last(), std::string(text));
}

void SetBool(pb::Message* root, const FieldPath& path, bool value) {
  pb::Message* owner = path.MutableOwner(root);
  owner->GetReflection()->SetBool(owner, path.last(), value);
}

void SetUnsigned(pb::Message* root, const FieldPath& path, uint64_t value) {
  pb::Message* owner = path.MutableOwner(root);
  const FieldDescriptor* field = path.last();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32)
    owner->GetReflection()->SetUInt32(owner, field, value > UINT32_MAX ? UINT32_MAX : static_cast<uint32_t>(value));
  else
    owner->GetReflection()->SetUInt64(owner, field, value);
}

void SetEnum(pb::Message* root, const FieldPath& path, int number) {
  pb::Message* owner = path.MutableOwner(root);
  owner->GetReflection()->SetEnumValue(owner, path.last(), number);
}

void SetMessage(pb::Message* root, const FieldPath& path, const pb::Message& value, bool append) {
  pb::Message* owner = path.MutableOwner(root);
  pb::Message* target = append ? owner->GetReflection()->AddMessage(owner, path.last())
                               : owner->GetReflection()->MutableMessage(owner, path.last());
  target->CopyFrom(value);
}

void CopyField(const pb::Message& from, const FieldPath& from_path, pb::Message* to, const FieldPath& to_path) {
  const pb::Message* source = from_path.Owner(from);
  if (source == nullptr) return;
  const FieldDescriptor* field = from_path.last();
  const pb::Reflection* reflection = source->GetReflection();
  to_path.ForEachOwner(to, [&](pb::Message* owner) {
    const pb::Reflection* target = owner->GetReflection();
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        target->SetString(owner, to_path.last(), reflection->GetString(*source, field));
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        target->SetEnumValue(owner, to_path.last(), reflection->GetEnumValue(*source, field));
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (reflection->HasField(*source, field))
          target->MutableMessage(owner, to_path.last())->CopyFrom(reflection->GetMessage(*source, field));
        break;
      default: break;
    }
  });
}

}  // namespace vecgate::runtime
