#include "base/log.h"

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>

namespace vecgate::base {
namespace {

constexpr size_t kQueuedLines = 8192;

std::shared_ptr<spdlog::details::thread_pool> g_pool;
std::shared_ptr<spdlog::async_logger> g_logger;
std::atomic<int> g_level{100};  // above every level: off

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

void StartLog(LogLevel level, const std::string& path) {
  g_pool = std::make_shared<spdlog::details::thread_pool>(kQueuedLines, 1);
  spdlog::sink_ptr sink;
  if (path.empty()) {
    sink = std::make_shared<spdlog::sinks::stdout_sink_mt>();
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
  }
  g_logger = std::make_shared<spdlog::async_logger>("vecgate", std::move(sink), g_pool,
                                                    spdlog::async_overflow_policy::overrun_oldest);
  g_logger->set_pattern("%v");
  g_logger->set_level(spdlog::level::trace);
  g_logger->flush_on(spdlog::level::warn);
  spdlog::flush_every(std::chrono::seconds(1));
  spdlog::register_logger(g_logger);
  g_level.store(static_cast<int>(level), std::memory_order_release);
}

void StopLog() {
  g_level.store(100, std::memory_order_release);
  if (g_logger == nullptr) return;
  g_logger->flush();
  spdlog::drop_all();
  spdlog::shutdown();
  g_logger.reset();
  g_pool.reset();  // its thread writes what is queued first
}

bool Logs(LogLevel level) { return static_cast<int>(level) >= g_level.load(std::memory_order_acquire); }

LogLine::LogLine(LogLevel level, std::string_view event)
    : level_(level), on_(Logs(level)), buffer_(ThreadBuffer()), writer_(buffer_) {
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
  g_logger->log(SpdlogLevel(level_), spdlog::string_view_t(buffer_.GetString(), buffer_.GetSize()));
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
