// Logs: one JSON object a line, built here and handed to spdlog in one call.
//
//   {"ts":"2024-05-01T10:00:00.123Z","level":"info","event":"started","listen":"127.0.0.1:6333"}
//
// Lines are queued and written by spdlog's own thread; when the queue is full the oldest line is dropped, so a slow
// terminal never holds a request. No line holds a body, a key or a token.
#pragma once

#include <absl/status/status.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace vecgate::base {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

// Which log a line belongs to.
enum class LogKind : uint8_t { kEvents, kAccess, kAudit };

struct LogFiles {
  std::string events;  // empty: standard output
  std::string access;  // empty: with the events, as are
  std::string audit;   // ... these
};

// Starts the logs. Called once, before any thread logs; fails when a file cannot be opened. Events below `level` are
// dropped; whether there are lines of the other kinds is decided by who writes them. Before this call, and after
// StopLog, nothing is written.
absl::Status StartLog(LogLevel level, const LogFiles& files);
// Opens the files anew, at their paths: after they were moved away. From any thread.
void ReopenLogs();
// Writes what is queued and ends the log's thread.
void StopLog();
// Lines that found the queue full and are lost. From any thread.
uint64_t LostLogLines();
bool Logs(LogLevel level);
// Lines below `level` are dropped from now on. From any thread, while the log runs.
void SetLogLevel(LogLevel level);

// One line; written when it goes out of scope.
//
//   LogLine(LogLevel::kInfo, "started").Add("listen", address).Add("threads", 2);
class LogLine {
 public:
  LogLine(LogLevel level, std::string_view event, LogKind kind = LogKind::kEvents);
  ~LogLine();
  LogLine(const LogLine&) = delete;
  LogLine& operator=(const LogLine&) = delete;

  LogLine& Add(std::string_view key, std::string_view value);
  LogLine& Add(std::string_view key, const char* value) { return Add(key, std::string_view(value)); }
  LogLine& Add(std::string_view key, const std::string& value) { return Add(key, std::string_view(value)); }
  LogLine& Add(std::string_view key, bool value);
  template <std::integral T>
  LogLine& Add(std::string_view key, T value) {
    if (on_) {
      Key(key);
      writer_.Int64(static_cast<int64_t>(value));
    }
    return *this;
  }

 private:
  void Key(std::string_view key) { writer_.Key(key.data(), static_cast<rapidjson::SizeType>(key.size())); }

  const LogLevel level_;
  const LogKind kind_;
  const bool on_;
  rapidjson::StringBuffer& buffer_;  // of this thread
  rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::CrtAllocator,
                    rapidjson::kWriteValidateEncodingFlag>
      writer_;
};

}  // namespace vecgate::base
