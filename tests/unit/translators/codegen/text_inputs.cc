#include "text_inputs.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace vecgate::codegen {
namespace pb = google::protobuf;

namespace {

class FailingCollector : public pb::io::ErrorCollector {
 public:
  explicit FailingCollector(std::string_view file) : file_(file) {}
  void AddError(int line, int /*column*/, const std::string& message) override {
    ADD_FAILURE() << file_ << ":" << line + 1 << ": " << message;
  }

 private:
  std::string file_;
};

}  // namespace

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
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::string WriteDescriptors(const TemporaryFolder& folder, NamedTexts files) {
  pb::FileDescriptorSet set;
  for (const auto& [name, text] : files) {
    FailingCollector errors(name);
    pb::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
    pb::io::Tokenizer tokens(&input, &errors);
    pb::compiler::Parser parser;
    parser.RecordErrorsTo(&errors);
    pb::FileDescriptorProto* file = set.add_file();
    EXPECT_TRUE(parser.Parse(&tokens, file)) << name;
    file->set_name(std::string(name));
  }
  return folder.Write("schema.descriptors.pb", set.SerializeAsString());
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
