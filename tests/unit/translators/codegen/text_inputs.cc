#include "text_inputs.h"

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace vecgate::codegen {

TemporaryFolder::TemporaryFolder() {
  path_ = testing::TempDir() + "codegenXXXXXX";
  if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "no temporary folder " << path_;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::Path(std::string_view name) const { return path_ + "/" + std::string(name); }

std::string TemporaryFolder::Write(std::string_view name, std::string_view text) const {
  const std::string path = Path(name);
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string WriteDescriptors(const TemporaryFolder& folder, NamedTexts files) {
  const std::string descriptors = folder.Path("schema.descriptors.pb");
  std::string command = absl::StrCat(VECGATE_PROTOC " --include_imports --descriptor_set_out=", descriptors,
                                     " --proto_path=", folder.Path("proto"));
  for (const auto& [name, text] : files) {
    folder.Write("proto/" + std::string(name), text);
    command += " " + std::string(name);
  }
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  return descriptors;
}

std::unique_ptr<Schema> SchemaOf(NamedTexts files, std::string_view package) {
  TemporaryFolder folder;
  std::string error;
  auto schema = Schema::Load(WriteDescriptors(folder, files), {package.data(), package.size()}, &error);
  EXPECT_NE(schema, nullptr) << error;
  return schema;
}

std::unique_ptr<Schema> SchemaOf(std::string_view proto) {
  const std::string text = "syntax = \"proto3\"; package test.v1;\n" + std::string(proto);
  return SchemaOf({{"test/v1/test.proto", text}}, "test.v1");
}

Planned PlanOf(std::string_view proto, std::string_view rules) {
  Planned planned;
  planned.schema = SchemaOf(proto);
  TemporaryFolder folder;
  const std::string api = folder.Write("api.textproto", R"(api { name: "test" package: "test.v1" })");
  for (const std::string& path : {folder.Write("rules.textproto", rules), api})
    if (auto source = RuleSource::Load(path, &planned.complaints)) planned.sources.push_back(std::move(source));
  if (planned.schema != nullptr && planned.complaints.empty())
    planned.plan = MakePlan(*planned.schema, planned.sources, &planned.complaints);
  return planned;
}

std::vector<std::string> ComplaintsAbout(std::string_view proto, std::string_view rules) {
  return PlanOf(proto, rules).complaints.Sorted();
}

}  // namespace vecgate::codegen
