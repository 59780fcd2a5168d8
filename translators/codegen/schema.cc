#include "codegen/schema.h"

#include <absl/container/flat_hash_set.h>
#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include <algorithm>
#include <fstream>

namespace vecgate::codegen {
namespace pb = google::protobuf;

namespace {

void Collect(const pb::Descriptor* message, std::vector<const pb::Descriptor*>* messages,
             std::vector<const pb::EnumDescriptor*>* enums) {
  if (message->options().map_entry()) return;
  messages->push_back(message);
  for (int i = 0; i < message->enum_type_count(); ++i) enums->push_back(message->enum_type(i));
  for (int i = 0; i < message->nested_type_count(); ++i) Collect(message->nested_type(i), messages, enums);
}

// As protoc does it: a word of C++ gets an underscore.
std::string NotKeyword(std::string name) {
  static const auto& keywords = *new absl::flat_hash_set<std::string>{
      "alignas",   "alignof",  "and",           "and_eq",           "asm",        "auto",      "bitand",
      "bitor",     "bool",     "break",         "case",             "catch",      "char",      "class",
      "compl",     "const",    "constexpr",     "const_cast",       "continue",   "decltype",  "default",
      "delete",    "do",       "double",        "dynamic_cast",     "else",       "enum",      "explicit",
      "export",    "extern",   "false",         "float",            "for",        "friend",    "goto",
      "if",        "inline",   "int",           "long",             "mutable",    "namespace", "new",
      "noexcept",  "not",      "not_eq",        "nullptr",          "operator",   "or",        "or_eq",
      "private",   "protected", "public",       "register",         "reinterpret_cast", "return", "short",
      "signed",    "sizeof",   "static",        "static_assert",    "static_cast", "struct",   "switch",
      "template",  "this",     "thread_local",  "throw",            "true",       "try",       "typedef",
      "typeid",    "typename", "union",         "unsigned",         "using",      "virtual",   "void",
      "volatile",  "wchar_t",  "while",         "xor",              "xor_eq",     "NULL"};
  if (keywords.contains(name)) name += '_';
  return name;
}

std::string WithoutPackage(const std::string& full_name, const std::string& package) {
  return package.empty() ? full_name : full_name.substr(package.size() + 1);
}

std::string CppTypeName(const std::string& package, const std::string& relative) {
  return absl::StrCat("::", absl::StrReplaceAll(package, {{".", "::"}}), "::",
                      NotKeyword(absl::StrReplaceAll(relative, {{".", "_"}})));
}

}  // namespace

std::unique_ptr<Schema> Schema::Load(const std::string& paths, absl::string_view package, std::string* error) {
  pb::FileDescriptorSet set;
  for (absl::string_view path : absl::StrSplit(paths, ',')) {
    std::ifstream in(std::string(path), std::ios::binary);
    pb::FileDescriptorSet one;
    if (!in || !one.ParseFromIstream(&in)) {
      *error = absl::StrCat(path, ": not a readable descriptor set");
      return nullptr;
    }
    set.MergeFrom(one);
  }
  auto schema = std::make_unique<Schema>();
  schema->package_ = std::string(package);
  for (const pb::FileDescriptorProto& file : set.file()) {
    if (schema->pool_.FindFileByName(file.name()) != nullptr) continue;  // imported by several
    const pb::FileDescriptor* built = schema->pool_.BuildFile(file);
    if (built == nullptr) {
      *error = absl::StrCat(paths, ": ", file.name(), " does not build");
      return nullptr;
    }
    if (built->package() != package) continue;
    if (built->message_type_count() + built->enum_type_count() > 0) schema->files_.push_back(built);
  }
  std::sort(schema->files_.begin(), schema->files_.end(),
            [](const auto* a, const auto* b) { return a->name() < b->name(); });
  for (const pb::FileDescriptor* file : schema->files_) {
    for (int i = 0; i < file->enum_type_count(); ++i) schema->enums_.push_back(file->enum_type(i));
    for (int i = 0; i < file->message_type_count(); ++i)
      Collect(file->message_type(i), &schema->messages_, &schema->enums_);
  }
  return schema;
}

const pb::Descriptor* Schema::FindMessage(absl::string_view name) const {
  return pool_.FindMessageTypeByName(absl::StrCat(package_, ".", name));
}

const pb::EnumDescriptor* Schema::FindEnum(absl::string_view name) const {
  return pool_.FindEnumTypeByName(absl::StrCat(package_, ".", name));
}

const pb::MethodDescriptor* Schema::FindMethod(absl::string_view service_and_method) const {
  const std::string name = absl::StrReplaceAll(service_and_method, {{"/", "."}});
  const pb::MethodDescriptor* own = pool_.FindMethodByName(absl::StrCat(package_, ".", name));
  return own != nullptr ? own : pool_.FindMethodByName(name);
}

bool Schema::Contains(const pb::Descriptor* message) const {
  return std::find(messages_.begin(), messages_.end(), message) != messages_.end();
}

std::string RelativeName(const pb::Descriptor* message) {
  return WithoutPackage(message->full_name(), message->file()->package());
}

std::string RelativeName(const pb::EnumDescriptor* type) {
  return WithoutPackage(type->full_name(), type->file()->package());
}

std::string FlatName(const pb::Descriptor* message) {
  return absl::StrReplaceAll(RelativeName(message), {{".", ""}});
}

std::string FlatName(const pb::EnumDescriptor* type) {
  return absl::StrReplaceAll(RelativeName(type), {{".", ""}});
}

std::string CppType(const pb::Descriptor* message) {
  return CppTypeName(message->file()->package(), RelativeName(message));
}

std::string CppType(const pb::EnumDescriptor* type) {
  return CppTypeName(type->file()->package(), RelativeName(type));
}

std::string CppField(const pb::FieldDescriptor* field) { return NotKeyword(absl::AsciiStrToLower(field->name())); }

std::string Stem(const pb::FileDescriptor* file) {
  absl::string_view name = file->name();
  name = absl::StripSuffix(name, ".proto");
  return std::string(name.substr(name.rfind('/') + 1));
}

}  // namespace vecgate::codegen
