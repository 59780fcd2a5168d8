#include "weaviate/times.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "runtime/concat.h"
#include "runtime/named/datetime_parse.h"

namespace vecgate::translators::weaviate {
namespace {

constexpr int64_t kYear1 = -62'135'596'800;
constexpr int64_t kYear9999End = 253'402'300'799;
constexpr int64_t kMillisecond = 1'000'000;  // nanoseconds

}  // namespace

std::string GoDate(std::string_view date) {
  constexpr size_t kSeconds = sizeof("2006-01-02T15:04:05") - 1;
  constexpr size_t kMostDigits = 9;
  const size_t zone = date.find_first_of("Zz+-", std::min(kSeconds, date.size()));
  if (zone == std::string_view::npos) return std::string(date);
  std::string_view fraction = date.substr(kSeconds, zone - kSeconds);
  if (!fraction.empty() && fraction.front() != '.') return std::string(date);
  fraction = fraction.substr(0, kMostDigits + 1);
  while (!fraction.empty() && (fraction.back() == '0' || fraction.back() == '.')) fraction.remove_suffix(1);
  const std::string_view offset = date.substr(zone);
  return runtime::Concat(date.substr(0, kSeconds), fraction, offset == "+00:00" || offset == "-00:00" ? "Z" : offset);
}

std::optional<std::string> DateFromMilliseconds(std::string_view digits) {
  int64_t milliseconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), milliseconds);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  int64_t seconds = milliseconds / 1000;
  int64_t rest = milliseconds % 1000;
  if (rest < 0) {
    rest += 1000;
    --seconds;
  }
  if (seconds < kYear1 || seconds > kYear9999End) return std::nullopt;
  const std::string text = runtime::DatetimeDisplay(seconds, static_cast<int32_t>(rest * kMillisecond));
  return text + (rest == 0 ? ".000Z" : "Z");
}

}  // namespace vecgate::translators::weaviate
