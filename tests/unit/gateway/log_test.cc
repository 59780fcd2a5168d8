#include "base/log.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace vecgate::base {
namespace {

TEST(LogTest, LinesAreJsonObjects) {
  const std::string path = testing::TempDir() + "log_test.log";
  std::remove(path.c_str());
  LogLine(LogLevel::kError, "before the start");
  StartLog(LogLevel::kInfo, path);
  LogLine(LogLevel::kDebug, "too low").Add("a", 1);
  LogLine(LogLevel::kInfo, "event").Add("text", "a\"b\n").Add("number", -5).Add("flag", true).Add("bad", "\xff\xfe");
  LogLine(LogLevel::kWarning, "second");
  StopLog();
  LogLine(LogLevel::kError, "after the end");

  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  std::remove(path.c_str());
  ASSERT_EQ(lines.size(), 2u);
  rapidjson::Document first;
  first.Parse(lines[0].c_str());
  ASSERT_FALSE(first.HasParseError()) << lines[0];
  EXPECT_STREQ(first["event"].GetString(), "event");
  EXPECT_STREQ(first["level"].GetString(), "info");
  EXPECT_STREQ(first["text"].GetString(), "a\"b\n");
  EXPECT_EQ(first["number"].GetInt(), -5);
  EXPECT_TRUE(first["flag"].GetBool());
  EXPECT_STREQ(first["bad"].GetString(), "?");
  EXPECT_EQ(std::string(first["ts"].GetString()).size(), 24u);
}

}  // namespace
}  // namespace vecgate::base
