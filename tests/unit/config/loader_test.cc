#include "config/loader.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <set>
#include <string>

#include "base/status.h"
#include "config/settings.h"

namespace vecgate::config {
namespace {

std::string ErrorOf(const std::string& yaml) {
  Config config;
  return std::string(base::MessageOf(LoadYaml("f.yaml", yaml, config)));
}

TEST(LoaderTest, ReadsNestedKeysAndLists) {
  Config config;
  const std::string yaml =
      "listen: 0.0.0.0:80\nadmin: \"\"\nupstream:\n  address: [10.0.0.1:1, 10.0.0.2:2]\n  tls: {enabled: true}\n"
      "limits:\n  body_bytes: 1MiB\nlog:\n  access: false\n";
  ASSERT_TRUE(LoadYaml("f.yaml", yaml, config).ok());
  EXPECT_EQ(config.listen.ToString(), "0.0.0.0:80");
  EXPECT_TRUE(config.admin.empty());
  EXPECT_EQ(config.upstream.addresses, (std::vector<std::string>{"10.0.0.1:1", "10.0.0.2:2"}));
  EXPECT_TRUE(config.upstream.tls.enabled);
  EXPECT_EQ(config.limits.body_bytes, 1048576u);
  EXPECT_FALSE(config.log.access);
}

TEST(LoaderTest, AcceptsAnEmptyFile) { EXPECT_EQ(ErrorOf(""), ""); }

TEST(LoaderTest, ErrorsNameFileLineAndKey) {
  EXPECT_EQ(ErrorOf("threads: 2\nlimits:\n  body_byte: 1\n"), "f.yaml:3: limits.body_byte: unknown key");
  EXPECT_EQ(ErrorOf("\n\nthreads: many\n"), "f.yaml:3: threads: must be a whole number from 0 to 1024");
  EXPECT_EQ(ErrorOf("threads: 1\nthreads: 2\n"), "f.yaml:2: threads: given twice");
  EXPECT_EQ(ErrorOf("limits: 5\n"), "f.yaml:1: limits: must be a mapping of keys to values");
  EXPECT_EQ(ErrorOf("listen: [a:1]\n"), "f.yaml:1: listen: must be a plain value");
  EXPECT_EQ(ErrorOf("listen:\n"), "f.yaml:1: listen: has no value");
  EXPECT_EQ(ErrorOf("- a\n"), "f.yaml:1: must be a mapping of keys to values");
  EXPECT_TRUE(ErrorOf("threads: 1\n  listen: [").starts_with("f.yaml:2: "));
  EXPECT_EQ(ErrorOf("log:\n  level: loud\n"), "f.yaml:2: log.level: must be debug, info, warning or error");
}

TEST(LoaderTest, TheEnvironmentOverrides) {
  const std::map<std::string, std::string> variables = {
      {"VECGATE_LISTEN", "127.0.0.1:1"}, {"VECGATE_LIMITS_IN_FLIGHT", "7"}, {"VECGATE_PORT", "tcp://10.0.0.1:80"}};
  const Environment environment = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  Config config;
  ASSERT_TRUE(LoadEnvironment(environment, config).ok());
  EXPECT_EQ(config.listen.port, 1);
  EXPECT_EQ(config.limits.in_flight, 7u);

  const Environment bad = [](const char* name) { return std::string_view(name) == "VECGATE_THREADS" ? "x" : nullptr; };
  EXPECT_TRUE(base::MessageOf(LoadEnvironment(bad, config)).starts_with("VECGATE_THREADS: must be"));
}

TEST(LoaderTest, MissingFilesAreNamed) {
  Config config;
  EXPECT_EQ(base::MessageOf(LoadFile("/nonexistent/a.yaml", config)), "/nonexistent/a.yaml: No such file or directory");
}

void CollectKeys(const YAML::Node& node, const std::string& prefix, std::set<std::string>* keys) {
  for (const auto& entry : node) {
    const std::string key = prefix + entry.first.Scalar();
    if (entry.second.IsMap()) {
      CollectKeys(entry.second, key + ".", keys);
    } else {
      keys->insert(key);
    }
  }
}

TEST(ExampleTest, HoldsEveryKeyWithItsDefault) {
  std::set<std::string> in_file;
  CollectKeys(YAML::LoadFile(VECGATE_EXAMPLE), "", &in_file);
  std::set<std::string> known;
  for (const Setting& setting : Settings()) known.emplace(setting.key);
  EXPECT_EQ(in_file, known);

  // Loaded over a configuration in which everything differs, the file brings all defaults back.
  Config config;
  config.listen = {"x", 1};
  config.admin = {};
  config.threads = 9;
  config.upstream.addresses = {"x:1"};
  config.upstream.channels = 9;
  config.upstream.tls = {true, "x", "x", "x", "x"};
  config.upstream.check_compatibility = false;
  config.upstream.max_metadata_bytes = 9;
  config.upstream.keepalive = std::chrono::milliseconds(9);
  config.upstream.rest = {true, {"x", 1}, "x", {"x"}};
  config.limits = {9, 9, 9, 9, 9, 9};
  config.compression = {false, 9};
  config.timeouts.head = config.timeouts.body_progress = config.timeouts.write_progress = config.timeouts.keep_alive =
      config.timeouts.drain = config.timeouts.rest_connect = config.timeouts.rest_answer = std::chrono::milliseconds(9);
  config.log = {"debug", false};
  ASSERT_TRUE(LoadFile(VECGATE_EXAMPLE, config).ok());
  EXPECT_EQ(Print(config), Print(Config()));
}

TEST(SettingsTest, PrintedValuesReadBack) {
  const Config defaults;
  for (const Setting& setting : Settings()) {
    Config config;
    EXPECT_TRUE(setting.set(config, setting.get(defaults)).ok()) << setting.key;
    EXPECT_EQ(setting.get(config), setting.get(defaults)) << setting.key;
  }
}

TEST(SettingsTest, DefaultsStayOnLoopback) {
  EXPECT_EQ(Config().listen.host, "127.0.0.1");
  EXPECT_EQ(Config().admin.host, "127.0.0.1");
  EXPECT_TRUE(Validate(Config()).ok());
}

TEST(SettingsTest, RefusesCombinationsThatMakeNoSense) {
  Config config;
  config.upstream.tls.certificate = "c.pem";
  EXPECT_FALSE(Validate(config).ok());
  config = Config();
  config.upstream.tls.ca = "ca.pem";
  EXPECT_FALSE(Validate(config).ok());
  config = Config();
  config.upstream.addresses = {"10.0.0.1:1", "db.example.org:1"};
  EXPECT_FALSE(Validate(config).ok());
  config.upstream.addresses = {"10.0.0.1:1", "[::1]:1"};
  EXPECT_FALSE(Validate(config).ok());
  config = Config();
  config.upstream.rest.endpoint = {"a", 1};
  EXPECT_FALSE(Validate(config).ok());
  config.upstream.rest.groups = {"snapshots"};
  EXPECT_TRUE(Validate(config).ok());
  config.upstream.rest.ca = "ca.pem";
  EXPECT_FALSE(Validate(config).ok());
  config = Config();
  config.admin = config.listen;
  EXPECT_FALSE(Validate(config).ok());
}

}  // namespace
}  // namespace vecgate::config
