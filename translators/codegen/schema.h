// The gRPC schema as the generator sees it: descriptors of one package, and their C++ spelling.
#pragma once

#include <absl/strings/string_view.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <memory>
#include <string>
#include <vector>

namespace vecgate::codegen {

class Schema {
 public:
  // Reads serialized FileDescriptorSets: `paths` is a comma list. Null and `*error` when one cannot be read.
  static std::unique_ptr<Schema> Load(const std::string& paths, absl::string_view package, std::string* error);

  // Messages of the package in file order, nested ones after their outer one, map entries left out.
  const std::vector<const google::protobuf::Descriptor*>& messages() const { return messages_; }
  const std::vector<const google::protobuf::EnumDescriptor*>& enums() const { return enums_; }
  // Files of the package that have messages, in name order.
  const std::vector<const google::protobuf::FileDescriptor*>& files() const { return files_; }
  // `name` is relative to the package: "Filter", "Outer.Inner". Null when there is none.
  const google::protobuf::Descriptor* FindMessage(absl::string_view name) const;
  const google::protobuf::EnumDescriptor* FindEnum(absl::string_view name) const;
  // "Points/Query"; of another package: "grpc.health.v1.Health/Check".
  const google::protobuf::MethodDescriptor* FindMethod(absl::string_view service_and_method) const;
  bool Contains(const google::protobuf::Descriptor* message) const;

 private:
  google::protobuf::DescriptorPool pool_;
  std::string package_;
  std::vector<const google::protobuf::FileDescriptor*> files_;
  std::vector<const google::protobuf::Descriptor*> messages_;
  std::vector<const google::protobuf::EnumDescriptor*> enums_;
};

// Name relative to the package with dots dropped: "OuterInner".
std::string FlatName(const google::protobuf::Descriptor* message);
std::string FlatName(const google::protobuf::EnumDescriptor* type);
// "Outer.Inner".
std::string RelativeName(const google::protobuf::Descriptor* message);
std::string RelativeName(const google::protobuf::EnumDescriptor* type);
// "::qdrant::Outer_Inner".
std::string CppType(const google::protobuf::Descriptor* message);
std::string CppType(const google::protobuf::EnumDescriptor* type);
// Accessor stem: "float_" for a field called float.
std::string CppField(const google::protobuf::FieldDescriptor* field);
// "points" for "qdrant/points.proto".
std::string Stem(const google::protobuf::FileDescriptor* file);

}  // namespace vecgate::codegen
