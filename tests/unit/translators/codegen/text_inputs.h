// Schemas and rules given as texts, for the tests of this folder.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codegen/plan.h"

namespace vecgate::codegen {

// A folder of its own that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;

  std::string Path(std::string_view name) const;
  // Returns the path written to.
  std::string Write(std::string_view name, std::string_view text) const;

 private:
  std::string path_;
};

using NamedTexts = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Descriptors of .proto texts, written by protoc. Fails the test when they do not parse.
std::string WriteDescriptors(const TemporaryFolder& folder, NamedTexts files);
std::unique_ptr<Schema> SchemaOf(NamedTexts files, std::string_view package);

// Body of "test/v1/test.proto", whose package is test.v1.
std::unique_ptr<Schema> SchemaOf(std::string_view proto);

// A plan of such a schema by the rules of one file, "rules.textproto". The api block stands in another one.
struct Planned {
  std::unique_ptr<Schema> schema;
  std::vector<std::unique_ptr<RuleSource>> sources;
  Complaints complaints;
  std::unique_ptr<Plan> plan;
};
Planned PlanOf(std::string_view proto, std::string_view rules);

// What is complained about: "rules.textproto:3: no message X".
std::vector<std::string> ComplaintsAbout(std::string_view proto, std::string_view rules);

inline std::vector<std::string> Texts(auto... texts) { return {texts...}; }

}  // namespace vecgate::codegen
