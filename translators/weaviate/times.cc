#include "weaviate/times.h"

#include <charconv>
#include <cstdint>

#include "runtime/named/datetime_parse.h"

namespace vecgate::translators::weaviate {
namespace {

constexpr int64_t kYear1 = -62'135'596'800;
constexpr int64_t kYear9999End = 253'402'300'799;
constexpr int64_t kMillisecond = 1'000'000;  // nanoseconds

}  // namespace

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
