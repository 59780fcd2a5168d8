#include "config/secret.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "base/status.h"
#include "config/rows.h"
#include "support/temp_path.h"

namespace vecgate::config {
namespace {

struct Holder {
  Secret key;
};
using Owner = Holder;
const Setting kKey = VECGATE_SECRET("key", "a key", key);

class SecretTest : public testing::Test {
 protected:
  ~SecretTest() override { std::remove(path_.c_str()); }

  std::string ErrorOf(const std::string& text) { return std::string(base::MessageOf(Secret::From(text).status())); }
  void Write(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }

  const std::string path_ = TempPath("secret_test");
};

TEST_F(SecretTest, IsTheTextItself) {
  EXPECT_EQ(Secret::From("k-1")->value(), "k-1");
  EXPECT_EQ(Secret::From("k-1")->Shown(), "***");
  EXPECT_TRUE(Secret::From("")->empty());
  EXPECT_EQ(Secret::From("")->Shown(), "");
}

TEST_F(SecretTest, ComesFromTheEnvironment) {
  setenv("VECGATE_TEST_SECRET", "k-2", 1);
  EXPECT_EQ(Secret::From("env:VECGATE_TEST_SECRET")->value(), "k-2");
  EXPECT_EQ(Secret::From("env:VECGATE_TEST_SECRET")->Shown(), "env:VECGATE_TEST_SECRET");
  unsetenv("VECGATE_TEST_SECRET");
  EXPECT_EQ(ErrorOf("env:VECGATE_TEST_SECRET"), "the environment has no VECGATE_TEST_SECRET");
}

TEST_F(SecretTest, ComesFromAFileWithoutItsLineEnd) {
  for (const char* text : {"k-3", "k-3\n", "k-3\r\n"}) {
    Write(text);
    EXPECT_EQ(Secret::From("file:" + path_)->value(), "k-3");
  }
  EXPECT_EQ(Secret::From("file:" + path_)->Shown(), "file:" + path_);
  Write("\n");
  EXPECT_EQ(ErrorOf("file:" + path_), path_ + " is empty");
  Write(std::string(65 * 1024, 'x'));
  EXPECT_EQ(ErrorOf("file:" + path_), path_ + " holds more than 65536 bytes");
  EXPECT_EQ(ErrorOf("file:/nonexistent/key"), "cannot read /nonexistent/key: No such file or directory");
  EXPECT_EQ(ErrorOf("file:/"), "cannot read /: Is a directory");
}

TEST_F(SecretTest, SettingsShowAndCompareIt) {
  Holder a;
  Holder b;
  ASSERT_TRUE(kKey.set(&a, "k-1").ok());
  ASSERT_TRUE(kKey.set(&b, "k-2").ok());
  EXPECT_EQ(kKey.get(&a), "***");
  EXPECT_FALSE(kKey.same(&a, &b));
  ASSERT_TRUE(kKey.set(&b, "k-1").ok());
  EXPECT_TRUE(kKey.same(&a, &b));
}

}  // namespace
}  // namespace vecgate::config
