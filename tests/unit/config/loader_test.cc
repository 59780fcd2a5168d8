#include "config/loader.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/text.h"
#include "config/settings.h"
#include "support/temp_path.h"

namespace vecgate::config {
namespace {

std::string ErrorOf(const std::string& yaml) {
  Config config;
  Places places;
  return std::string(base::MessageOf(LoadYaml("f.yaml", yaml, config, places)));
}

TEST(LoaderTest, ReadsNestedKeysAndLists) {
  Config config;
  Places places;
  const std::string yaml =
      "listen: 0.0.0.0:80\nadmin: \"\"\nupstream:\n  address: [10.0.0.1:1, 10.0.0.2:2]\n  tls: {enabled: true}\n"
      "limits:\n  body_bytes: 1MiB\nlog:\n  access: false\n";
  ASSERT_TRUE(LoadYaml("f.yaml", yaml, config, places).ok());
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
  EXPECT_EQ(ErrorOf("limits:\n  json_depth: 128\n"),
            "f.yaml:2: limits.json_depth: must be a whole number from 0 to 127");
  EXPECT_EQ(ErrorOf("limits: 5\n"), "f.yaml:1: limits: must be a mapping of keys to values");
  EXPECT_EQ(ErrorOf("listen: [a:1]\n"), "f.yaml:1: listen: must be a plain value");
  EXPECT_EQ(ErrorOf("upstream:\n  rest_groups:\n    - a\n    - b,c\n"),
            "f.yaml:4: upstream.rest_groups: elements must not hold a comma");
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
  Places places;
  ASSERT_TRUE(LoadEnvironment(environment, config, places).ok());
  EXPECT_EQ(config.listen.port, 1);
  EXPECT_EQ(config.limits.in_flight, 7u);

  const Environment bad = [](const char* name) { return std::string_view(name) == "VECGATE_THREADS" ? "x" : nullptr; };
  EXPECT_TRUE(base::MessageOf(LoadEnvironment(bad, config, places)).starts_with("VECGATE_THREADS: must be"));
}

TEST(LoaderTest, FollowsTheKindOfUpstreamWhereNothingIsSaid) {
  const auto load = [](std::vector<const char*> arguments) {
    const auto line = ParseCommandLine(arguments);
    return *Load(*line, [](const char*) -> const char* { return nullptr; });
  };
  const Config other = load({"--upstream-kind", "weaviate"});
  EXPECT_EQ(other.upstream.addresses, (std::vector<std::string>{"127.0.0.1:50051"}));
  EXPECT_EQ(other.upstream.keepalive, std::chrono::minutes(6));
  const Config told = load({"--upstream-kind", "weaviate", "--upstream", "db:6334"});
  EXPECT_EQ(told.upstream.addresses, (std::vector<std::string>{"db:6334"}));
  EXPECT_EQ(load({}).upstream.addresses, (std::vector<std::string>{"127.0.0.1:6334"}));
}

// The whole of a configuration in a file; what is wrong with it, or nothing.
absl::StatusOr<Config> LoadWhole(const std::string& yaml, std::vector<const char*> more = {}) {
  const std::string path = TempPath("whole.yaml");
  std::ofstream(path) << yaml;
  std::vector<const char*> arguments = {"--config", path.c_str()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto line = ParseCommandLine(arguments);
  return Load(*line, [](const char*) -> const char* { return nullptr; });
}

TEST(UpstreamsTest, StandInPlaceOfTheOne) {
  const auto config = LoadWhole(
      "upstreams:\n"
      "  - {name: a, address: [h:1, h:2], tls: {enabled: true}, hosts: [a.example, b]}\n"
      "  - {name: b, kind: weaviate}\n"
      "listeners:\n"
      "  - {name: l, address: 'h:3', upstream: b}\n");
  ASSERT_TRUE(config.ok()) << config.status();
  const std::vector<Upstream> upstreams = config->Upstreams();
  ASSERT_EQ(upstreams.size(), 2u);
  EXPECT_EQ(upstreams[0].addresses, (std::vector<std::string>{"h:1", "h:2"}));
  EXPECT_TRUE(upstreams[0].tls.enabled);
  EXPECT_EQ(upstreams[0].hosts, (std::vector<std::string>{"a.example", "b"}));
  // What is usual of a kind holds for each of them.
  EXPECT_EQ(upstreams[1].addresses, (std::vector<std::string>{"127.0.0.1:50051"}));
  EXPECT_EQ(config->listeners[0].upstream, "b");
  const Config only = config->With(upstreams[1]);
  EXPECT_EQ(only.Upstreams().size(), 1u);
  EXPECT_EQ(only.upstream.kind, "weaviate");
  // Alone, there is the one.
  ASSERT_EQ(Config().Upstreams().size(), 1u);
  EXPECT_EQ(Config().Upstreams()[0].addresses, Config().upstream.addresses);
}

TEST(UpstreamsTest, RefusesWhatMakesNoSense) {
  const auto fault = [](const std::string& yaml, std::vector<const char*> more = {}) {
    const auto config = LoadWhole(yaml, std::move(more));
    const std::string text = config.ok() ? "" : std::string(base::MessageOf(config.status()));
    return text.substr(std::min(text.size(), text.find("whole.yaml") + std::string_view("whole.yaml").size()));
  };
  const std::string two = "upstreams:\n  - {name: a}\n  - {name: b}\n";
  EXPECT_EQ(fault(two), "");
  EXPECT_EQ(fault("upstreams:\n  - {kind: qdrant}\n"), ":2: upstreams[0].name: must be given");
  EXPECT_EQ(fault("upstreams:\n  - {name: a}\n  - {name: a}\n"), ":3: upstreams[1].name: given twice");
  EXPECT_EQ(fault("upstreams:\n  - {name: a, hosts: [x]}\n  - {name: b, hosts: [X]}\n"),
            ":3: upstreams[1].hosts: 'X' is given twice");
  EXPECT_EQ(fault(two + "listeners:\n  - {name: l, address: 'h:1', upstream: c}\n"),
            ":5: listeners[0].upstream: there is no upstream 'c'");
  EXPECT_EQ(fault("upstreams:\n  - name: a\n    tls:\n      ca: /x\n"),
            ":3: upstreams[0].tls: settings are given, but tls.enabled is false");
  EXPECT_EQ(fault("upstreams:\n  - {name: a, credentials: {source: key, key: secret}}\n").substr(0, 40),
            ":2: upstreams[0].credentials.source: wou");
  EXPECT_EQ(fault(two + "upstream:\n  kind: weaviate\n"),
            ":5: upstream.kind: must not be given beside upstreams");
  const auto beside = LoadWhole(two, {"--upstream", "h:1"});
  EXPECT_EQ(base::MessageOf(beside.status()), "--upstream: upstream.address: must not be given beside upstreams");
}

TEST(LoaderTest, MissingFilesAreNamed) {
  Config config;
  Places places;
  EXPECT_EQ(base::MessageOf(LoadFile("/nonexistent/a.yaml", config, places)), "/nonexistent/a.yaml: No such file or directory");
}

TEST(SectionTest, ReadsElements) {
  Config config;
  Places places;
  config.listeners = {{"gone", {}}};
  const std::string yaml =
      "listeners:\n  - name: public\n    address: 0.0.0.0:80\n  -\n    name: local\n    address: '[::1]:81'\n";
  ASSERT_TRUE(LoadYaml("f.yaml", yaml, config, places).ok());
  ASSERT_EQ(config.listeners.size(), 2u);
  EXPECT_EQ(config.listeners[0].name, "public");
  EXPECT_EQ(config.listeners[1].address.ToString(), "[::1]:81");
  EXPECT_EQ(places["listeners[1].address"], "f.yaml:6");
}

TEST(SectionTest, ErrorsNameTheElement) {
  EXPECT_EQ(ErrorOf("listeners: 5\n"), "f.yaml:1: listeners: must be a list of mappings");
  EXPECT_EQ(ErrorOf("listeners:\n  - a\n"), "f.yaml:2: listeners[0]: must be a mapping of keys to values");
  const std::string start = "listeners:\n  - {name: a, address: 'h:1'}\n  - name: b\n";
  EXPECT_EQ(ErrorOf(start + "    adress: h:2\n"), "f.yaml:4: listeners[1].adress: unknown key");
  EXPECT_EQ(ErrorOf(start + "    address: h\n"),
            "f.yaml:4: listeners[1].address: must be host:port, as 127.0.0.1:6333 or [::1]:6333");
  EXPECT_EQ(ErrorOf(start + "    name: c\n"), "f.yaml:4: listeners[1].name: given twice");
  EXPECT_EQ(ErrorOf(start), "f.yaml:3: listeners[1].address: must be given");
}

TEST(SectionTest, ChecksTheTlsOfAListener) {
  const auto fault = [](const std::string& tls) {
    return ErrorOf("listeners:\n  - {name: a, address: 'h:1', tls: {" + tls + "}}\n");
  };
  const std::string pair = "certificates: [/a.pem, /b.pem], keys: [/a.key, /b.key]";
  EXPECT_EQ(fault(pair), "");
  EXPECT_EQ(fault(pair + ", client_certificates: optional, client_ca: /c.pem, client_crl: /d.pem"), "");
  EXPECT_NE(fault("certificates: [/a.pem, /b.pem], keys: [/a.key]").find("tls.keys: must be as many"), std::string::npos);
  EXPECT_NE(fault("keys: [/a.key]").find("tls.keys"), std::string::npos);
  EXPECT_NE(fault("client_certificates: required, client_ca: /c.pem").find("needs tls.certificates"), std::string::npos);
  EXPECT_NE(fault(pair + ", client_certificates: required").find("tls.client_ca: must be given"), std::string::npos);
  EXPECT_NE(fault(pair + ", client_ca: /c.pem").find("tls.client_ca: must be given"), std::string::npos);
  EXPECT_NE(fault(pair + ", client_crl: /c.pem").find("tls.client_crl: needs"), std::string::npos);
  EXPECT_NE(fault(pair + ", minimum_version: TLSv1.1").find("must be TLSv1.2 or TLSv1.3"), std::string::npos);
  EXPECT_NE(fault(pair + ", client_certificates: maybe").find("must be off, optional or required"), std::string::npos);
}

TEST(SectionTest, NamesTheFilesOfListeners) {
  Config config;
  config.listeners.emplace_back();
  config.listeners[0].tls.certificates = {"/a.pem", "/b.pem"};
  config.listeners[0].tls.keys = {"/a.key", "/b.key"};
  config.listeners[0].tls.client_ca = "/c.pem";
  EXPECT_EQ(NamedFiles(config), (std::vector<std::string>{"/a.pem", "/b.pem", "/a.key", "/b.key", "/c.pem"}));
}

TEST(SectionTest, PrintedFormReadsBack) {
  Config config;
  config.listen = {};
  config.listeners = {{"a", {"127.0.0.1", 1}}, {"b", {"::1", 2}}};
  config.upstream.addresses = {"10.0.0.1:1", "10.0.0.2:2"};
  config.timeouts.head = std::chrono::milliseconds(77);
  Config read;
  Places places;
  ASSERT_TRUE(LoadYaml("f.yaml", Print(config), read, places).ok()) << Print(config);
  EXPECT_EQ(read.listeners.size(), 2u);
  EXPECT_EQ(read.listeners[1].address.ToString(), "[::1]:2");
  EXPECT_EQ(Print(read), Print(config));
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

  Config config;
  Places places;
  ASSERT_TRUE(LoadFile(VECGATE_EXAMPLE, config, places).ok());
  EXPECT_EQ(Print(config), Print(Config()));
}

// The example of a section is a comment, "# listeners:" and what is indented below it: a file of its own.
std::string ExampleOf(const std::string& word) {
  std::ifstream file(VECGATE_EXAMPLE);
  std::string out;
  size_t indent = std::string::npos;
  for (std::string line; std::getline(file, line);) {
    const size_t hash = line.find('#');
    if (indent == std::string::npos) {
      if (hash != std::string::npos && line.substr(hash) == "# " + word + ":") indent = hash;
      continue;
    }
    if (hash != indent || line.substr(hash).rfind("#   ", 0) != 0) break;
    out += line.substr(hash + 2) + "\n";
  }
  return out;
}

TEST(ExampleTest, ShowsEveryKeyOfEverySection) {
  for (const Section& section : Sections()) {
    const std::string key(section.key);
    const std::string example = ExampleOf(key.substr(key.rfind('.') + 1));
    std::set<std::string> in_file;
    const YAML::Node elements = YAML::Load(example);
    ASSERT_TRUE(elements.IsSequence()) << key;
    for (const auto& element : elements) CollectKeys(element, "", &in_file);
    for (const Setting& setting : section.settings) {
      // A database among several has the keys of one that is alone.
      const bool shown = FindSetting(Settings(), base::Concat("upstream.", setting.key)) != nullptr;
      if (key == "upstreams" && shown) continue;
      EXPECT_TRUE(in_file.contains(std::string(setting.key))) << key << "." << setting.key;
    }
    EXPECT_EQ(ErrorOf("\"" + key + "\":\n" + example), "");
  }
}

TEST(SchemaTest, TheFileIsWhatTheTablesSay) {
  std::stringstream file;
  file << std::ifstream(VECGATE_SCHEMA).rdbuf();
  EXPECT_EQ(file.str(), Schema()) << "write it anew: vecgate --print-schema > config/vecgate.schema.json";
}

TEST(SettingsTest, EverySettingIsExplained) {
  const auto check = [](const Setting& setting) {
    EXPECT_FALSE(setting.help.empty()) << setting.key;
    EXPECT_TRUE(setting.read != nullptr && setting.write != nullptr) << setting.key;
  };
  std::ranges::for_each(Settings(), check);
  for (const Section& section : Sections()) {
    EXPECT_FALSE(section.help.empty());
    std::ranges::for_each(section.settings, check);
  }
}

TEST(SettingsTest, PrintedValuesReadBack) {
  const Config defaults;
  for (const Setting& setting : Settings()) {
    Config config;
    EXPECT_TRUE(setting.set(&config, setting.get(&defaults)).ok()) << setting.key;
    EXPECT_EQ(setting.get(&config), setting.get(&defaults)) << setting.key;
  }
}

TEST(SettingsTest, KnowsWhatNeedsARestart) {
  Config running;
  running.listeners = {{"a", {"h", 1}}, {"b", {"h", 2}}};
  Config wanted = running;
  EXPECT_TRUE(NeedRestart(running, wanted).empty());
  wanted.limits.in_flight = 5;
  wanted.log.level = "debug";
  EXPECT_TRUE(NeedRestart(running, wanted).empty());
  wanted.threads = 5;
  wanted.listeners[1].address.port = 3;
  EXPECT_EQ(NeedRestart(running, wanted), (std::vector<std::string>{"threads", "listeners[1].address"}));
  wanted.listeners.pop_back();
  EXPECT_EQ(NeedRestart(running, wanted), (std::vector<std::string>{"threads", "listeners"}));
}

TEST(SettingsTest, KnowsTheFilesThatAreNamed) {
  Config config;
  EXPECT_TRUE(NamedFiles(config).empty());
  config.upstream.tls.ca = "/etc/ca.pem";
  config.upstream.tls.key = "/etc/key.pem";
  EXPECT_EQ(NamedFiles(config), (std::vector<std::string>{"/etc/ca.pem", "/etc/key.pem"}));
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
