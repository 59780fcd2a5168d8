// The program translator-gen, run as the build runs it.
#include <gtest/gtest.h>
#include <stdio.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "text_inputs.h"

namespace vecgate::codegen {
namespace {

struct Outcome {
  int status;
  std::string output;  // both streams
};

Outcome Generate(const std::string& arguments) {
  Outcome outcome{-1, {}};
  FILE* pipe = popen((VECGATE_GENERATOR " " + arguments + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return outcome;
  char block[4096];
  while (size_t size = fread(block, 1, sizeof(block), pipe)) outcome.output.append(block, size);
  const int status = pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

class GeneratorTest : public testing::Test {
 protected:
  const TemporaryFolder folder_;
  const std::string schema_ =
      "--package=p --schema=" +
      WriteDescriptors(folder_, {{"p/a.proto", "syntax = 'proto3'; package p; message A { bytes raw = 1; }"}});
  const std::string api_ = folder_.Write("api.textproto", "api { name: 'p' package: 'p' }\n");
  const std::string good_ =
      folder_.Write("good.textproto", "shape { message: 'A' key { value { field: 'raw' } not_in_json: 'bytes' } }\n");
};

TEST_F(GeneratorTest, WrongArgumentsAreTold) {
  EXPECT_EQ(Generate("").status, 2);
  EXPECT_EQ(Generate("").output.substr(0, 22), "usage: translator-gen ");
  EXPECT_EQ(Generate("--what").status, 2);
  EXPECT_EQ(Generate("--what").output, "translator-gen: unknown argument --what\n");
}

TEST_F(GeneratorTest, MissingSchemaIsTold) {
  const Outcome outcome = Generate("--schema=/none --rules=" + api_ + " --report");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "/none: not a readable descriptor set\n");
}

TEST_F(GeneratorTest, ReportFailsOnWhatIsNotMapped) {
  const Outcome outcome = Generate(schema_ + " --rules=" + api_ + " --report");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output, "p/a.proto:0: field raw holds bytes: it needs a rule\n");
}

TEST_F(GeneratorTest, FaultsOfAllFilesAreToldTogetherAndNothingIsWritten) {
  const std::string bad = folder_.Write("bad.textproto", "shape {\n  massage: 'A'\n}\n");
  const std::string worse = folder_.Write("worse.textproto", "\nrule {}\n");
  const Outcome outcome =
      Generate(schema_ + " --rules=" + api_ + "," + worse + "," + bad + " --out=" + folder_.Path("out"));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.output,
            "bad.textproto:2: Message type \"vecgate.rules.Shape\" has no field named \"massage\".\n"
            "worse.textproto:2: Message type \"vecgate.rules.RuleFile\" has no field named \"rule\".\n");
  EXPECT_FALSE(std::filesystem::exists(folder_.Path("out")));
}

TEST_F(GeneratorTest, ReportTellsWhatIsMapped) {
  const Outcome outcome = Generate(schema_ + " --rules=" + api_ + "," + good_ + " --report");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output,
            "A: object (rule)\n  raw: not in JSON: bytes\n1 messages, 1 fields, 0 routes, 0 runtime functions, 0 operations; none "
            "unmapped\n");
}

TEST_F(GeneratorTest, WritesAFolderPerApiAndOnlyWhatChanged) {
  const std::string arguments = schema_ + " --rules=" + api_ + "," + good_ + " --out=" + folder_.Path("out");
  ASSERT_EQ(Generate(arguments).status, 0);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.Path("out/p")))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, Texts("a.translate.cc", "a.translate.h", "api.cc", "api.h", "words.h"));

  const std::filesystem::path kept = folder_.Path("out/p/api.cc"), changed = folder_.Path("out/p/words.h");
  const auto long_ago = std::filesystem::last_write_time(kept) - std::chrono::hours(1);
  folder_.Write("out/p/words.h", "other");
  for (const auto& path : {kept, changed}) std::filesystem::last_write_time(path, long_ago);
  ASSERT_EQ(Generate(arguments).status, 0);
  EXPECT_EQ(std::filesystem::last_write_time(kept), long_ago);
  EXPECT_NE(std::filesystem::last_write_time(changed), long_ago);
}

}  // namespace
}  // namespace vecgate::codegen
