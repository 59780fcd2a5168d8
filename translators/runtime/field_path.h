// Fields named by dotted paths ("points_selector.filter"), resolved once and used through reflection. For what
// a route does once per request; the bodies of messages go through generated code.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vecgate::runtime {

class FieldPath {
 public:
  FieldPath() = default;
  // Stops the process when the path does not exist: rules were checked when the code was generated.
  FieldPath(const google::protobuf::Descriptor* message, std::string_view dotted);

  bool empty() const { return steps_.empty(); }
  const google::protobuf::FieldDescriptor* last() const { return steps_.back(); }

  // The message that holds the last field; made present on the way. No repeated field before the last.
  google::protobuf::Message* MutableOwner(google::protobuf::Message* root) const;
  // Null when a message on the way is unset.
  const google::protobuf::Message* Owner(const google::protobuf::Message& root) const;
  // The message at the end of the path; null when unset.
  const google::protobuf::Message* Find(const google::protobuf::Message& root) const;
  // Number of elements of the repeated field at the end.
  int Size(const google::protobuf::Message& root) const;
  // Calls `use` for every message that holds the last field, through repeated fields on the way.
  void ForEachOwner(google::protobuf::Message* root, const std::function<void(google::protobuf::Message*)>& use) const;

 private:
  std::vector<const google::protobuf::FieldDescriptor*> steps_;
};

// Sets the field at the end from JSON text; enum values by schema name; {} makes a message present.
void SetFromText(google::protobuf::Message* root, const FieldPath& path, std::string_view text);
void SetText(google::protobuf::Message* root, const FieldPath& path, std::string_view text, bool append);
void SetBool(google::protobuf::Message* root, const FieldPath& path, bool value);
void SetUnsigned(google::protobuf::Message* root, const FieldPath& path, uint64_t value);
void SetEnum(google::protobuf::Message* root, const FieldPath& path, int number);
void SetMessage(google::protobuf::Message* root, const FieldPath& path, const google::protobuf::Message& value, bool append);
// Copies a string, enum or message field from one message to another.
void CopyField(const google::protobuf::Message& from, const FieldPath& from_path, google::protobuf::Message* to,
               const FieldPath& to_path);

}  // namespace vecgate::runtime
