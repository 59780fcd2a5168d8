#include "base/log.h"

#include <spdlog/async.h>
#include <spdlog/details/file_helper.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>
#include <memory>
#include <mutex>

#include "base/text.h"

namespace vecgate::base {
namespace {

constexpr size_t kQueuedLines = 8192;

constexpr size_t kKinds = 3;
constexpr std::array<const char*, kKinds> kKindNames = {"events", "access", "audit"};

// A file that can be opened anew.
class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(const std::string& path) { file_.open(path); }

  void Reopen() {
    const std::lock_guard lock(mutex_);
    file_.reopen(false);
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    file_.write(line);
  }
  void flush_() override { file_.flush(); }

  spdlog::details::file_helper file_;
};

std::shared_ptr<spdlog::details::thread_pool> g_pool;
std::array<std::shared_ptr<spdlog::async_logger>, kKinds> g_loggers;
std::map<std::string, std::shared_ptr<FileSink>> g_files;  // by path
constexpr int kOff = 100;  // above every level
std::atomic<int> g_level{kOff};

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warning", "error"};

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// RFC 3339, UTC, milliseconds. The part up to the second is kept per thread: it changes once a second.
std::string_view Timestamp() {
  thread_local std::time_t second = -1;
  thread_local char text[40];
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  if (const std::time_t current = milliseconds / 1000; current != second) {
    second = current;
    std::tm parts{};
    gmtime_r(&second, &parts);
    std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S.000Z", &parts);
  }
  const int rest = static_cast<int>(milliseconds % 1000);
  text[20] = static_cast<char>('0' + rest / 100);
  text[21] = static_cast<char>('0' + rest / 10 % 10);
  text[22] = static_cast<char>('0' + rest % 10);
  return {text, 24};
}

rapidjson::StringBuffer& ThreadBuffer() {
  thread_local rapidjson::StringBuffer buffer;
  return buffer;
}

}  // namespace

absl::Status StartLog(LogLevel level, const LogFiles& files) {
  g_pool = std::make_shared<spdlog::details::thread_pool>(kQueuedLines, 1);
  const std::array<const std::string*, kKinds> paths = {&files.events, &files.access, &files.audit};
  std::array<spdlog::sink_ptr, kKinds> sinks;
  try {
    for (size_t i = 0; i < kKinds; ++i) {
      const std::string& path = *paths[i];
      if (path.empty()) {
        sinks[i] = i == 0 ? std::make_shared<spdlog::sinks::stdout_sink_mt>() : sinks[0];
        continue;
      }
      std::shared_ptr<FileSink>& file = g_files[path];
      if (file == nullptr) file = std::make_shared<FileSink>(path);
      sinks[i] = file;
    }
  } catch (const spdlog::spdlog_ex& error) {
    g_files.clear();
    g_pool.reset();
    return absl::InvalidArgumentError(error.what());
  }
  for (size_t i = 0; i < kKinds; ++i) {
    g_loggers[i] = std::make_shared<spdlog::async_logger>(kKindNames[i], sinks[i], g_pool,
                                                          spdlog::async_overflow_policy::overrun_oldest);
    g_loggers[i]->set_pattern("%v");
    g_loggers[i]->set_level(spdlog::level::trace);
    // What was done shall be on record even if the process dies in the next moment.
    const bool at_once = static_cast<LogKind>(i) == LogKind::kAudit;
    g_loggers[i]->flush_on(at_once ? spdlog::level::info : spdlog::level::warn);
    spdlog::register_logger(g_loggers[i]);
  }
  spdlog::flush_every(std::chrono::seconds(1));
  g_level.store(static_cast<int>(level), std::memory_order_release);
  return absl::OkStatus();
}

void ReopenLogs() {
  for (const auto& [path, file] : g_files) {
    try {
      file->Reopen();
    } catch (const spdlog::spdlog_ex& error) {
      LogLine(LogLevel::kError, "log_not_reopened").Add("path", path).Add("error", error.what());
    }
  }
}

void StopLog() {
  g_level.store(kOff, std::memory_order_release);
  if (g_pool == nullptr) return;
  for (const auto& logger : g_loggers) logger->flush();
  spdlog::drop_all();
  spdlog::shutdown();
  for (auto& logger : g_loggers) logger.reset();
  g_pool.reset();  // its thread writes what is queued first
  g_files.clear();
}

uint64_t LostLogLines() { return g_pool == nullptr ? 0 : g_pool->overrun_counter(); }

void SetLogLevel(LogLevel level) { g_level.store(static_cast<int>(level), std::memory_order_release); }

bool Logs(LogLevel level) { return static_cast<int>(level) >= g_level.load(std::memory_order_acquire); }

LogLine::LogLine(LogLevel level, std::string_view event, LogKind kind)
    : level_(level),
      kind_(kind),
      on_(kind == LogKind::kEvents ? Logs(level) : g_level.load(std::memory_order_acquire) != kOff),
      buffer_(ThreadBuffer()),
      writer_(buffer_) {
  if (!on_) return;
  buffer_.Clear();
  writer_.StartObject();
  Add("ts", Timestamp());
  Add("level", kLevelNames[static_cast<size_t>(level)]);
  Add("event", event);
}

LogLine::~LogLine() {
  if (!on_) return;
  writer_.EndObject();
  g_loggers[static_cast<size_t>(kind_)]->log(SpdlogLevel(level_), spdlog::string_view_t(buffer_.GetString(), buffer_.GetSize()));
}

LogLine& LogLine::Add(std::string_view key, std::string_view value) {
  if (!on_) return *this;
  Key(key);
  const size_t before = buffer_.GetSize();
  if (!writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()))) {
    // Not UTF-8: the writer stopped midway. Keep the line whole.
    buffer_.Pop(buffer_.GetSize() - before);
    constexpr std::string_view kUnreadable = ":\"?\"";
    for (const char c : kUnreadable) buffer_.Put(c);
  }
  return *this;
}

LogLine& LogLine::Add(std::string_view key, bool value) {
  if (!on_) return *this;
  Key(key);
  writer_.Bool(value);
  return *this;
}

}  // namespace vecgate::base
