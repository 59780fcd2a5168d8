#include "base/log.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "support/temp_path.h"

namespace vecgate::base {
namespace {

TEST(LogTest, LinesAreJsonObjects) {
  const std::string path = TempPath("log_test.log");
  std::remove(path.c_str());
  LogLine(LogLevel::kError, "before the start");
  ASSERT_TRUE(StartLog(LogLevel::kInfo, {path, "", ""}).ok());
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

std::vector<std::string> LinesOf(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

TEST(LogTest, KindsHaveFilesOfTheirOwn) {
  const std::string events = TempPath("log_test.events");
  const std::string requests = TempPath("log_test.requests");
  for (const std::string& path : {events, requests}) std::remove(path.c_str());
  ASSERT_TRUE(StartLog(LogLevel::kError, {events, requests, requests}).ok());
  LogLine(LogLevel::kInfo, "below the level");
  LogLine(LogLevel::kError, "event");
  LogLine(LogLevel::kInfo, "request", LogKind::kAccess);
  LogLine(LogLevel::kInfo, "audit", LogKind::kAudit);
  StopLog();
  EXPECT_EQ(LinesOf(events).size(), 1u);
  const std::vector<std::string> lines = LinesOf(requests);
  ASSERT_EQ(lines.size(), 2u) << "the level is that of events";
  EXPECT_NE(lines[0].find(R"("event":"request")"), std::string::npos);
  EXPECT_NE(lines[1].find(R"("event":"audit")"), std::string::npos);
  for (const std::string& path : {events, requests}) std::remove(path.c_str());
}

TEST(LogTest, FilesAreOpenedAnew) {
  const std::string path = TempPath("log_test.rotated");
  const std::string old = path + ".1";
  for (const std::string& file : {path, old}) std::remove(file.c_str());
  ASSERT_TRUE(StartLog(LogLevel::kInfo, {path, "", ""}).ok());
  LogLine(LogLevel::kWarning, "before");  // written at once
  while (LinesOf(path).empty()) std::this_thread::yield();
  ASSERT_EQ(std::rename(path.c_str(), old.c_str()), 0);
  ReopenLogs();
  LogLine(LogLevel::kInfo, "after");
  StopLog();
  EXPECT_EQ(LinesOf(old).size(), 1u);
  ASSERT_EQ(LinesOf(path).size(), 1u);
  EXPECT_NE(LinesOf(path)[0].find("after"), std::string::npos);
  for (const std::string& file : {path, old}) std::remove(file.c_str());
}

TEST(LogTest, AFileThatCannotBeOpenedIsAnError) {
  EXPECT_FALSE(StartLog(LogLevel::kInfo, {"/proc/nowhere/log", "", ""}).ok());
  StopLog();
  EXPECT_TRUE(StartLog(LogLevel::kInfo, {TempPath("log_test.again"), "", ""}).ok());
  StopLog();
  std::remove(TempPath("log_test.again").c_str());
}

}  // namespace
}  // namespace vecgate::base
