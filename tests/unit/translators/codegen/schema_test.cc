#include "codegen/schema.h"

#include <gtest/gtest.h>

#include "text_inputs.h"

namespace vecgate::codegen {
namespace {

std::vector<std::string> NamesOf(const auto& descriptors) {
  std::vector<std::string> names;
  for (const auto* descriptor : descriptors) names.push_back(descriptor->name());
  return names;
}

TEST(SchemaTest, NestedMessagesFollowTheirOuterOne) {
  const auto schema =
      SchemaOf("message A { message B { message C {} } message D {} map<string, B> m = 1; } message E {}");
  EXPECT_EQ(NamesOf(schema->messages()), Texts("A", "B", "C", "D", "E")) << "and map entries are no messages";
}

TEST(SchemaTest, EnumsAreThoseOfTheFileThenThoseOfMessages) {
  const auto schema = SchemaOf("message A { enum Inner { I = 0; } } enum Outer { O = 0; }");
  EXPECT_EQ(NamesOf(schema->enums()), Texts("Outer", "Inner"));
}

TEST(SchemaTest, FilesOfThePackageComeInOrderOfTheirNames) {
  const auto schema = SchemaOf(
      {
          {"other/o.proto", "syntax = 'proto3'; package other; message O {}"},
          {"z.proto", "syntax = 'proto3'; package p; import 'other/o.proto'; message Z { other.O o = 1; }"},
          {"services.proto", "syntax = 'proto3'; package p; import 'z.proto'; service S { rpc Do(Z) returns (Z); }"},
          {"a.proto", "syntax = 'proto3'; package p; import 'z.proto'; message A { Z z = 1; }"},
      },
      "p");
  EXPECT_EQ(NamesOf(schema->files()), Texts("a.proto", "z.proto")) << "those with messages";
  EXPECT_EQ(NamesOf(schema->messages()), Texts("A", "Z"));
  EXPECT_TRUE(schema->Contains(schema->FindMessage("Z")));
  EXPECT_FALSE(schema->Contains(schema->FindMessage("Z")->field(0)->message_type())) << "another package's";
  EXPECT_NE(schema->FindMethod("S/Do"), nullptr) << "services may stand in files of their own";
}

TEST(SchemaTest, FindsByNameWithinThePackage) {
  const auto schema = SchemaOf("message A { message B { enum E { Z = 0; } } } service S { rpc Do(A) returns (A.B); }");
  EXPECT_EQ(schema->FindMessage("A.B")->full_name(), "test.v1.A.B");
  EXPECT_EQ(schema->FindMessage("B"), nullptr);
  EXPECT_EQ(schema->FindEnum("A.B.E")->full_name(), "test.v1.A.B.E");
  EXPECT_EQ(schema->FindEnum("A.B"), nullptr);
  EXPECT_EQ(schema->FindMethod("S/Do")->output_type()->name(), "B");
  EXPECT_EQ(schema->FindMethod("S/Undo"), nullptr);
}

TEST(SchemaTest, NamesInRulesAndInCpp) {
  const auto schema = SchemaOf("message A { message B { enum E { Z = 0; } } }");
  const auto* message = schema->FindMessage("A.B");
  EXPECT_EQ(RelativeName(message), "A.B");
  EXPECT_EQ(FlatName(message), "AB");
  EXPECT_EQ(CppType(message), "::test::v1::A_B");
  EXPECT_EQ(RelativeName(message->enum_type(0)), "A.B.E");
  EXPECT_EQ(FlatName(message->enum_type(0)), "ABE");
  EXPECT_EQ(CppType(message->enum_type(0)), "::test::v1::A_B_E");
  EXPECT_EQ(Stem(message->file()), "test");
}

TEST(SchemaTest, WordsOfCppGetAnUnderscoreAsProtocGivesThem) {
  const auto schema = SchemaOf(
      "message class { message new {} } enum operator { O = 0; }"
      "message F { int32 namespace = 1; int32 mutable = 2; int32 alignas = 3; int32 not_eq = 4; int32 Union = 5;"
      "            int32 NULL = 6; int32 classes = 7; int32 assert = 8; int32 Camel = 9; }");
  EXPECT_EQ(CppType(schema->FindMessage("class")), "::test::v1::class_");
  EXPECT_EQ(CppType(schema->FindMessage("class.new")), "::test::v1::class_new");
  EXPECT_EQ(CppType(schema->FindEnum("operator")), "::test::v1::operator_");
  std::vector<std::string> names;
  const auto* message = schema->FindMessage("F");
  for (int i = 0; i < message->field_count(); ++i) names.push_back(CppField(message->field(i)));
  EXPECT_EQ(names,
            Texts("namespace_", "mutable_", "alignas_", "not_eq_", "union_", "null", "classes", "assert", "camel"));
}

TEST(SchemaTest, UnreadableDescriptorsAreToldOf) {
  TemporaryFolder folder;
  std::string error;
  EXPECT_EQ(Schema::Load(folder.Path("none"), "p", &error), nullptr);
  EXPECT_EQ(error, folder.Path("none") + ": not a readable descriptor set");
  const std::string broken = folder.Write("broken", "\xff\xff");
  EXPECT_EQ(Schema::Load(broken, "p", &error), nullptr);
  EXPECT_EQ(error, broken + ": not a readable descriptor set");
}

TEST(SchemaTest, FileThatDoesNotBuildIsToldOf) {
  TemporaryFolder folder;
  google::protobuf::FileDescriptorSet set;
  set.add_file()->set_name("a.proto");
  set.mutable_file(0)->add_dependency("missing.proto");
  const std::string path = folder.Write("broken", set.SerializeAsString());
  std::string error;
  EXPECT_EQ(Schema::Load(path, "p", &error), nullptr);
  EXPECT_EQ(error, path + ": a.proto does not build");
}

}  // namespace
}  // namespace vecgate::codegen
