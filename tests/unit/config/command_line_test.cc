#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "base/status.h"
#include "config/loader.h"

namespace vecgate::config {
namespace {

const char* NoEnvironment(const char*) { return nullptr; }

absl::StatusOr<CommandLine> Parse(std::vector<const char*> arguments, const Environment& environment = NoEnvironment) {
  return ParseCommandLine(arguments, environment);
}

std::string ErrorOf(std::vector<const char*> arguments) {
  return std::string(base::MessageOf(Parse(std::move(arguments)).status()));
}

TEST(CommandLineTest, TakesBothForms) {
  const auto line = Parse({"--listen", "0.0.0.0:1", "--threads=3", "--upstream=10.0.0.1:1", "--upstream", "10.0.0.2:2",
                           "--upstream-kind", "qdrant", "--admin=", "--port-file", "/tmp/p"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->config.listen.ToString(), "0.0.0.0:1");
  EXPECT_EQ(line->config.threads, 3u);
  EXPECT_EQ(line->config.upstream.addresses.size(), 2u);
  EXPECT_TRUE(line->config.admin.empty());
  EXPECT_EQ(line->port_file, "/tmp/p");
  EXPECT_EQ(line->action, CommandLine::Action::kServe);
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
  EXPECT_EQ(Parse({"--help", "--nonsense"})->action, CommandLine::Action::kHelp);
  EXPECT_EQ(Parse({"--version"})->action, CommandLine::Action::kVersion);
  EXPECT_EQ(Parse({"--check-config"})->action, CommandLine::Action::kCheckConfig);
}

TEST(CommandLineTest, OptionsWinOverTheEnvironmentAndThatOverTheFile) {
  const std::string path = testing::TempDir() + "command_line_test.yaml";
  std::ofstream(path) << "listen: 127.0.0.1:1\nadmin: 127.0.0.1:2\nthreads: 3\n";
  const Environment environment = [](const char* name) -> const char* {
    if (std::string_view(name) == "VECGATE_LISTEN") return "127.0.0.1:11";
    if (std::string_view(name) == "VECGATE_ADMIN") return "127.0.0.1:12";
    return nullptr;
  };
  const auto line = Parse({"--config", path.c_str(), "--listen=127.0.0.1:21"}, environment);
  std::remove(path.c_str());
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->config.listen.port, 21);
  EXPECT_EQ(line->config.admin.port, 12);
  EXPECT_EQ(line->config.threads, 3u);
}

TEST(CommandLineTest, HelpNamesEveryOption) {
  for (const char* option : {"--config", "--listen", "--upstream", "--admin", "--threads", "--upstream-kind",
                             "--port-file", "--check-config", "--version", "--help"}) {
    EXPECT_NE(HelpText().find(option), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace vecgate::config
