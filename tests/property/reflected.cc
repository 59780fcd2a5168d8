#include "reflected.h"

#include <absl/strings/str_split.h>
#include <google/protobuf/util/message_differencer.h>

#include <limits>

namespace vecgate::property {
namespace pb = google::protobuf;
using pb::FieldDescriptor;

namespace {

template <class T>
std::pair<long double, long double> Range() {
  return {std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
}

bool IsString(const FieldDescriptor* field) { return field->cpp_type() == FieldDescriptor::CPPTYPE_STRING; }

bool AreEqualMessages(const Message& a, const Message& b) { return pb::util::MessageDifferencer::Equals(a, b); }

}  // namespace

const FieldDescriptor* FieldAt(const pb::Descriptor* message, const std::string& path) {
  const FieldDescriptor* field = nullptr;
  const std::vector<std::string> steps = absl::StrSplit(path, '.');
  for (const std::string& step : steps) {
    field = message->FindFieldByName(step);
    message = field->message_type();
  }
  return field;
}

Message* OwnerAt(Message* message, const std::string& path) {
  const size_t dot = path.find('.');
  if (dot == std::string::npos) return message;
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(path.substr(0, dot));
  return OwnerAt(message->GetReflection()->MutableMessage(message, field), path.substr(dot + 1));
}

const Message& OwnerIn(const Message& message, const std::string& path) {
  const size_t dot = path.find('.');
  if (dot == std::string::npos) return message;
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(path.substr(0, dot));
  return OwnerIn(message.GetReflection()->GetMessage(message, field), path.substr(dot + 1));
}

Message* MapEntry(Message* owner, const FieldDescriptor* field, const std::string& key) {
  const pb::Reflection* reflection = owner->GetReflection();
  for (int i = 0; i < reflection->FieldSize(*owner, field); ++i) {
    Message* entry = reflection->MutableRepeatedMessage(owner, field, i);
    const FieldDescriptor* name = entry->GetDescriptor()->map_key();
    if (entry->GetReflection()->GetString(*entry, name) != key) continue;
    entry->GetReflection()->ClearField(entry, entry->GetDescriptor()->map_value());
    return entry;
  }
  Message* entry = reflection->AddMessage(owner, field);
  entry->GetReflection()->SetString(entry, entry->GetDescriptor()->map_key(), key);
  return entry;
}

bool IsNumber(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return true;
    default:
      return false;
  }
}

std::pair<long double, long double> RangeOf(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return Range<int32_t>();
    case FieldDescriptor::CPPTYPE_UINT32:
      return Range<uint32_t>();
    case FieldDescriptor::CPPTYPE_INT64:
      return Range<int64_t>();
    default:
      return Range<uint64_t>();
  }
}

void StoreNumber(Message* owner, const FieldDescriptor* field, long double number) {
  const pb::Reflection* reflection = owner->GetReflection();
  const auto store = [&](auto set, auto add, auto value) {
    (reflection->*(field->is_repeated() ? add : set))(owner, field, value);
  };
  using R = pb::Reflection;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return store(&R::SetInt32, &R::AddInt32, static_cast<int32_t>(number));
    case FieldDescriptor::CPPTYPE_INT64:
      return store(&R::SetInt64, &R::AddInt64, static_cast<int64_t>(number));
    case FieldDescriptor::CPPTYPE_UINT32:
      return store(&R::SetUInt32, &R::AddUInt32, static_cast<uint32_t>(number));
    case FieldDescriptor::CPPTYPE_UINT64:
      return store(&R::SetUInt64, &R::AddUInt64, static_cast<uint64_t>(number));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return store(&R::SetFloat, &R::AddFloat, static_cast<float>(number));
    default:
      return store(&R::SetDouble, &R::AddDouble, static_cast<double>(number));
  }
}

void SetNumber(Message* message, const std::string& field, long double number) {
  StoreNumber(message, message->GetDescriptor()->FindFieldByName(field), number);
}

long double NumberIn(const Message& owner, const FieldDescriptor* field) {
  const pb::Reflection* reflection = owner.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(owner, field) ? 1 : 0;
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->GetInt32(owner, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->GetInt64(owner, field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->GetUInt32(owner, field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection->GetUInt64(owner, field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection->GetFloat(owner, field);
    default:
      return reflection->GetDouble(owner, field);
  }
}

long double NumberAt(const Message& message, const std::string& path) {
  return NumberIn(OwnerIn(message, path), FieldAt(message.GetDescriptor(), path));
}

std::vector<long double> NumbersAt(const Message& message, const std::string& path) {
  const Message& owner = OwnerIn(message, path);
  const FieldDescriptor* field = FieldAt(message.GetDescriptor(), path);
  const pb::Reflection* reflection = owner.GetReflection();
  std::vector<long double> numbers;
  for (int i = 0; i < reflection->FieldSize(owner, field); ++i)
    numbers.push_back(field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32
                          ? static_cast<long double>(reflection->GetRepeatedUInt32(owner, field, i))
                          : static_cast<long double>(reflection->GetRepeatedUInt64(owner, field, i)));
  return numbers;
}

int SizeAt(const Message& message, const std::string& path) {
  const Message& owner = OwnerIn(message, path);
  const FieldDescriptor* field = FieldAt(message.GetDescriptor(), path);
  if (field->is_repeated()) return owner.GetReflection()->FieldSize(owner, field);
  return static_cast<int>(owner.GetReflection()->GetString(owner, field).size());
}

std::vector<int> RowSizesAt(const Message& message, const std::string& path) {
  const Message& owner = OwnerIn(message, path);
  const FieldDescriptor* field = FieldAt(message.GetDescriptor(), path);
  std::vector<int> sizes;
  for (int i = 0; i < owner.GetReflection()->FieldSize(owner, field); ++i) {
    const Message& row = owner.GetReflection()->GetRepeatedMessage(owner, field, i);
    sizes.push_back(row.GetReflection()->FieldSize(row, row.GetDescriptor()->field(0)));
  }
  return sizes;
}

bool IsSet(const Message& message, const std::string& path) {
  const Message* owner = &message;
  const std::vector<std::string> steps = absl::StrSplit(path, '.');
  for (size_t i = 0; i < steps.size(); ++i) {
    const FieldDescriptor* field = owner->GetDescriptor()->FindFieldByName(steps[i]);
    const pb::Reflection* reflection = owner->GetReflection();
    if (field->is_repeated()) return reflection->FieldSize(*owner, field) > 0;
    if (field->has_presence() && !reflection->HasField(*owner, field)) return false;
    if (!field->has_presence() && IsString(field)) return !reflection->GetString(*owner, field).empty();
    if (i + 1 < steps.size()) owner = &reflection->GetMessage(*owner, field);
  }
  return true;
}

bool AreEqual(const Message& message, const std::string& a, const std::string& b) {
  const FieldDescriptor* field = FieldAt(message.GetDescriptor(), a);
  if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return NumberAt(message, a) == NumberAt(message, b);
  const Message& owner_a = OwnerIn(message, a);
  const Message& owner_b = OwnerIn(message, b);
  return AreEqualMessages(owner_a.GetReflection()->GetMessage(owner_a, field),
                          owner_b.GetReflection()->GetMessage(owner_b, FieldAt(message.GetDescriptor(), b)));
}

bool IsClosedRing(const Message& message, const std::string& path) {
  const Message& owner = OwnerIn(message, path);
  const FieldDescriptor* field = FieldAt(message.GetDescriptor(), path);
  const pb::Reflection* reflection = owner.GetReflection();
  const int size = reflection->FieldSize(owner, field);
  return size == 0 || AreEqualMessages(reflection->GetRepeatedMessage(owner, field, 0),
                                       reflection->GetRepeatedMessage(owner, field, size - 1));
}

}  // namespace vecgate::property
