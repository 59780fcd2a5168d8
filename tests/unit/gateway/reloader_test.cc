#include "app/reloader.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "support/temp_path.h"

namespace vecgate::app {
namespace {

class ReloaderTest : public testing::Test {
 protected:
  ~ReloaderTest() override { std::remove(path_.c_str()); }

  bool Write(const std::string& text) const { return static_cast<bool>(std::ofstream(path_) << text); }
  static std::shared_ptr<const config::Config> Quick() {
    config::Config config;
    config.reload.watch = std::chrono::milliseconds(5);
    return std::make_shared<const config::Config>(config);
  }
  Reloader::Prepare Part(const std::string& name, absl::Status status = absl::OkStatus()) {
    return [this, name, status](const std::shared_ptr<const config::Config>&) -> absl::StatusOr<Reloader::Commit> {
      steps_.push_back("prepare " + name);
      if (!status.ok()) return status;
      return [this, name] { steps_.push_back("commit " + name); };
    };
  }

  // What a scrape shows behind `series`.
  std::string Value(const std::string& series) const {
    const std::string text = metrics_.Text();
    const size_t begin = text.find("\n" + series);
    if (begin == std::string::npos) return "none";
    const size_t value = begin + 1 + series.size();
    return text.substr(value, text.find('\n', value) - value);
  }
  std::string Count(const std::string& result) const {
    return Value("vecgate_config_reloads_total{result=\"" + result + "\"} ");
  }

  const std::string path_ = TempPath("reloader_test.yaml");
  const bool written_ = Write("first");  // before the reloader looks at it
  boost::asio::io_context io_{1};
  absl::StatusOr<config::Config> loaded_ = *Quick();
  int loads_ = 0;
  metrics::Metrics metrics_{{}, 1, "test"};
  Reloader reloader_{io_, Quick(), path_,
                     [this] {
                       ++loads_;
                       return loaded_;
                     },
                     metrics_};
  std::vector<std::string> steps_;
};

TEST_F(ReloaderTest, PreparesAllBeforeItCommitsAny) {
  reloader_.Add(Part("a"));
  reloader_.Add(Part("b"));
  reloader_.Reload("test");
  EXPECT_EQ(steps_, (std::vector<std::string>{"prepare a", "prepare b", "commit a", "commit b"}));
  EXPECT_EQ(Count("success"), "1");
  EXPECT_EQ(Count("failure"), "0");
}

TEST_F(ReloaderTest, APartThatCannotLeavesAllAsItWas) {
  const std::string before = Value("vecgate_config_last_reload_success_timestamp_seconds ");
  reloader_.Add(Part("a"));
  reloader_.Add(Part("b", absl::NotFoundError("no such key")));
  reloader_.Reload("test");
  EXPECT_EQ(steps_, (std::vector<std::string>{"prepare a", "prepare b"}));
  EXPECT_EQ(Count("success"), "0");
  EXPECT_EQ(Count("failure"), "1");
  EXPECT_EQ(Value("vecgate_config_last_reload_success_timestamp_seconds "), before);
}

TEST_F(ReloaderTest, AFaultyFileReachesNoPart) {
  reloader_.Add(Part("a"));
  loaded_ = absl::InvalidArgumentError("f.yaml:3: limits.body_byte: unknown key");
  reloader_.Reload("test");
  EXPECT_TRUE(steps_.empty());
  EXPECT_EQ(Count("failure"), "1");
}

TEST_F(ReloaderTest, NoticesAFileThatChanges) {
  reloader_.Add([this](const std::shared_ptr<const config::Config>&) -> absl::StatusOr<Reloader::Commit> {
    return [this] { reloader_.Stop(); };
  });
  boost::asio::co_spawn(io_, reloader_.Watch(), boost::asio::detached);
  io_.run_for(std::chrono::milliseconds(50));
  EXPECT_EQ(loads_, 0);
  Write("second, of another size");
  io_.run_for(std::chrono::seconds(5));
  EXPECT_EQ(loads_, 1);
  EXPECT_TRUE(io_.stopped());  // it ended long before
}

TEST_F(ReloaderTest, AFaultyFileIsReadOnce) {
  loaded_ = absl::InvalidArgumentError("faulty");
  boost::asio::co_spawn(io_, reloader_.Watch(), boost::asio::detached);
  Write("second, of another size");
  while (loads_ == 0) io_.run_one();
  io_.run_for(std::chrono::milliseconds(200));  // many times the interval of looking
  EXPECT_EQ(Count("failure"), "1");
  reloader_.Stop();
  io_.run_for(std::chrono::seconds(5));
  EXPECT_TRUE(io_.stopped());
}

}  // namespace
}  // namespace vecgate::app
