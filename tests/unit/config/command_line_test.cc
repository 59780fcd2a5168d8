#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "base/status.h"
#include "config/loader.h"
#include "support/temp_path.h"

namespace vecgate::config {
namespace {

const char* NoEnvironment(const char*) { return nullptr; }

absl::StatusOr<Config> Read(std::vector<const char*> arguments, const Environment& environment = NoEnvironment) {
  const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  if (!line.ok()) return line.status();
  return Load(*line, environment);
}

std::string ErrorOf(std::vector<const char*> arguments) {
  return std::string(base::MessageOf(Read(std::move(arguments)).status()));
}

CommandLine::Action ActionOf(std::vector<const char*> arguments) { return ParseCommandLine(arguments)->action; }

TEST(CommandLineTest, TakesBothForms) {
  const std::vector<const char*> arguments = {
      "--listen",        "0.0.0.0:1", "--threads=3", "--upstream=10.0.0.1:1", "--upstream", "10.0.0.2:2",
      "--upstream-kind", "qdrant",    "--admin=",    "--port-file",           "/tmp/p"};
  const auto line = ParseCommandLine(arguments);
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->port_file, "/tmp/p");
  EXPECT_EQ(line->action, CommandLine::Action::kServe);
  const auto config = Load(*line, NoEnvironment);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->listen.ToString(), "0.0.0.0:1");
  EXPECT_EQ(config->threads, 3u);
  EXPECT_EQ(config->upstream.addresses.size(), 2u);
  EXPECT_TRUE(config->admin.empty());
}

TEST(CommandLineTest, ErrorsAreClear) {
  EXPECT_EQ(ErrorOf({"--lisen", "x"}), "unknown option '--lisen'; see --help");
  EXPECT_EQ(ErrorOf({"serve"}), "unexpected argument 'serve'; see --help");
  EXPECT_EQ(ErrorOf({"--listen"}), "--listen needs a value");
  EXPECT_EQ(ErrorOf({"--listen", "x"}), "--listen: must be host:port, as 127.0.0.1:6333 or [::1]:6333");
  EXPECT_EQ(ErrorOf({"--threads=1", "--threads=2"}), "--threads is given twice");
  EXPECT_EQ(ErrorOf({"--check-config=yes"}), "--check-config takes no value");
}

TEST(CommandLineTest, HelpAndVersionWin) {
  EXPECT_EQ(ActionOf({"--help", "--nonsense"}), CommandLine::Action::kHelp);
  EXPECT_EQ(ActionOf({"--version"}), CommandLine::Action::kVersion);
  EXPECT_EQ(ActionOf({"--check-config"}), CommandLine::Action::kCheckConfig);
  EXPECT_EQ(ActionOf({"--print-config"}), CommandLine::Action::kPrintConfig);
  EXPECT_EQ(ActionOf({"--print-schema"}), CommandLine::Action::kPrintSchema);
}

TEST(CommandLineTest, OptionsWinOverTheEnvironmentAndThatOverTheFile) {
  const std::string path = TempPath("command_line_test.yaml");
  std::ofstream(path) << "listen: 127.0.0.1:1\nadmin: 127.0.0.1:2\nthreads: 3\n";
  const Environment environment = [](const char* name) -> const char* {
    if (std::string_view(name) == "VECGATE_LISTEN") return "127.0.0.1:11";
    if (std::string_view(name) == "VECGATE_ADMIN") return "127.0.0.1:12";
    return nullptr;
  };
  const auto config = Read({"--config", path.c_str(), "--listen=127.0.0.1:21"}, environment);
  std::remove(path.c_str());
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->listen.port, 21);
  EXPECT_EQ(config->admin.port, 12);
  EXPECT_EQ(config->threads, 3u);
}

TEST(CommandLineTest, CombinationsAreBlamedOnTheSourceOfTheKey) {
  const std::string path = TempPath("combinations_test.yaml");
  std::ofstream(path) << "threads: 1\nadmin: 127.0.0.1:6333\n";
  EXPECT_EQ(ErrorOf({"--config", path.c_str()}), path + ":2: admin: must not be the address of listen");
  EXPECT_EQ(ErrorOf({"--config", path.c_str(), "--admin=127.0.0.1:5", "--listen=127.0.0.1:5"}),
            "--admin: admin: must not be the address of listen");
  std::ofstream(path) << "listeners:\n  - {name: a, address: '127.0.0.1:1'}\n  - {name: b, address: '127.0.0.1:1'}\n";
  EXPECT_EQ(ErrorOf({"--config", path.c_str()}), path + ":3: listeners[1].address: given twice");
  EXPECT_EQ(ErrorOf({"--config", path.c_str(), "--listen=127.0.0.1:5"}),
            "--listen: listen: must not be given beside listeners");
  std::remove(path.c_str());
  EXPECT_EQ(ErrorOf({"--listen="}), "--listen: listen: must be given where there are no listeners");
}

TEST(CommandLineTest, HelpNamesEveryOption) {
  for (const char* option : {"--config", "--listen", "--upstream", "--admin", "--threads", "--upstream-kind",
                             "--port-file", "--check-config", "--print-config", "--print-schema", "--version",
                             "--help"}) {
    EXPECT_NE(HelpText().find(option), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace vecgate::config
