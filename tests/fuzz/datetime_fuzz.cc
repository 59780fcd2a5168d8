// A date and time as text: what is accepted is an instant that a Timestamp can hold, and is read again from its own
// canonical spelling.
#include <string>

#include "runtime/named/datetime_parse.h"
#include "support/input.h"

namespace {

constexpr int64_t kFirst = -62'135'596'800;  // 0001-01-01T00:00:00
constexpr int64_t kLast = 253'402'300'799;   // 9999-12-31T23:59:59

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vecgate::fuzz::Require;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  int64_t seconds = 0;
  int32_t nanos = -1;
  if (!vecgate::runtime::ParseDatetime(text, &seconds, &nanos)) return 0;
  Require(seconds >= kFirst && seconds <= kLast, "the seconds are those of a Timestamp");
  Require(nanos >= 0 && nanos <= 999'999'999, "the nanos are those of a Timestamp");

  const std::string shown = vecgate::runtime::DatetimeDisplay(seconds, nanos);
  for (const char* zone : {"", "Z", "+00:00"}) {
    int64_t seconds_again = 0;
    int32_t nanos_again = -1;
    Require(vecgate::runtime::ParseDatetime(shown + zone, &seconds_again, &nanos_again), "the canonical text is read");
    Require(seconds_again == seconds && nanos_again == nanos, "the canonical text is the same instant");
  }
  return 0;
}
