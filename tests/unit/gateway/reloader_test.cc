#include "app/reloader.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace vecgate::app {
namespace {

class ReloaderTest : public testing::Test {
 protected:
  ReloaderTest() { Write("first"); }
  ~ReloaderTest() override { std::remove(path_.c_str()); }

  void Write(const std::string& text) { std::ofstream(path_) << text; }
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

  const std::string path_ = testing::TempDir() + "reloader_test.yaml";
  boost::asio::io_context io_{1};
  absl::StatusOr<config::Config> loaded_ = *Quick();
  int loads_ = 0;
  Reloader reloader_{io_, Quick(), path_, [this] {
                       ++loads_;
                       return loaded_;
                     }};
  std::vector<std::string> steps_;
};

TEST_F(ReloaderTest, PreparesAllBeforeItCommitsAny) {
  reloader_.Add(Part("a"));
  reloader_.Add(Part("b"));
  reloader_.Reload("test");
  EXPECT_EQ(steps_, (std::vector<std::string>{"prepare a", "prepare b", "commit a", "commit b"}));
  EXPECT_EQ(reloader_.succeeded(), 1u);
  EXPECT_EQ(reloader_.failed(), 0u);
}

TEST_F(ReloaderTest, APartThatCannotLeavesAllAsItWas) {
  const double before = reloader_.last_success();
  reloader_.Add(Part("a"));
  reloader_.Add(Part("b", absl::NotFoundError("no such key")));
  reloader_.Reload("test");
  EXPECT_EQ(steps_, (std::vector<std::string>{"prepare a", "prepare b"}));
  EXPECT_EQ(reloader_.succeeded(), 0u);
  EXPECT_EQ(reloader_.failed(), 1u);
  EXPECT_EQ(reloader_.last_success(), before);
}

TEST_F(ReloaderTest, AFaultyFileReachesNoPart) {
  reloader_.Add(Part("a"));
  loaded_ = absl::InvalidArgumentError("f.yaml:3: limits.body_byte: unknown key");
  reloader_.Reload("test");
  EXPECT_TRUE(steps_.empty());
  EXPECT_EQ(reloader_.failed(), 1u);
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
  io_.run_for(std::chrono::milliseconds(200));
  EXPECT_EQ(reloader_.failed(), 1u);
  reloader_.Stop();
  io_.run_for(std::chrono::seconds(5));
  EXPECT_TRUE(io_.stopped());
}

}  // namespace
}  // namespace vecgate::app
