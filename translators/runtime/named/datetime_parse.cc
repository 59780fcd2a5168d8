#include "runtime/named/datetime_parse.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>

namespace vecgate::runtime {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr sys_seconds kFirst = sys_days(std::chrono::year(1) / 1 / 1);
constexpr sys_seconds kEnd = sys_days(std::chrono::year(10000) / 1 / 1);

constexpr std::string_view kBlanks = " \t\n\v\f\r";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return kBlanks.find(c) != std::string_view::npos; }

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool AtEnd() const { return text_.empty(); }
  // NUL at the end.
  char Peek() const { return text_.empty() ? '\0' : text_.front(); }
  bool Take(char c) {
    if (Peek() != c || AtEnd()) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool TakeWord(std::string_view word) {
    if (text_.size() < word.size()) return false;
    for (size_t i = 0; i < word.size(); ++i) {
      if ((text_[i] | 0x20) != (word[i] | 0x20)) return false;
    }
    text_.remove_prefix(word.size());
    return true;
  }
  // True when there were any.
  bool SkipBlanks() {
    const size_t before = text_.size();
    while (!AtEnd() && IsBlank(Peek())) text_.remove_prefix(1);
    return text_.size() != before;
  }
  // Up to `width` digits behind optional blanks.
  std::optional<int> Number(int width) {
    SkipBlanks();
    return Digits(1, width);
  }
  std::optional<int> Digits(int least, int most) {
    int value = 0;
    int count = 0;
    for (; count < most && IsDigit(Peek()); ++count) {
      value = value * 10 + (Peek() - '0');
      text_.remove_prefix(1);
    }
    if (count < least) return std::nullopt;
    return value;
  }
  // Behind the point: nanoseconds.
  std::optional<int32_t> Fraction() {
    if (!IsDigit(Peek())) return std::nullopt;
    int32_t nanos = 0;
    int32_t unit = 100'000'000;
    for (; IsDigit(Peek()); unit /= 10) {
      nanos += unit * (Peek() - '0');
      text_.remove_prefix(1);
    }
    return nanos;
  }

 private:
  std::string_view text_;
};

enum class Zone { kNone, kHours, kFull, kUtcWord };

// The reading of one text. The server tries several formats in turn; the differences between them are kept as
// marks and judged at the end.
class DatetimeReader {
 public:
  explicit DatetimeReader(std::string_view text) : cursor_(text) {}

  bool Read() {
    if (!ReadDate()) return false;
    if (cursor_.AtEnd()) return !needs_zone_;
    if (!ReadTime()) return false;
    // Minutes without seconds stand alone.
    if (!has_seconds_) return cursor_.AtEnd() && !needs_zone_;
    if (!ReadZone() || !cursor_.AtEnd()) return false;
    if (needs_zone_ && (zone_ == Zone::kNone || zone_ == Zone::kHours)) return false;
    return true;
  }

  bool Result(int64_t* whole, int32_t* nanos) const {
    const std::chrono::year_month_day date(std::chrono::year(year_), std::chrono::month(static_cast<unsigned>(month_)),
                                           std::chrono::day(static_cast<unsigned>(day_)));
    if (!date.ok() || hour_ > 23 || minute_ > 59 || second_ > 60) return false;
    const sys_seconds time = sys_days(date) + std::chrono::hours(hour_) + std::chrono::minutes(minute_) +
                             seconds(second_) - std::chrono::minutes(offset_minutes_);
    // A Timestamp holds the years 1 to 9999; what lies outside is as early or as late as it can say.
    const bool early = time < kFirst, late = time >= kEnd;
    *whole = (early ? kFirst : late ? kEnd - std::chrono::seconds(1) : time).time_since_epoch().count();
    *nanos = early ? 0 : late ? 999'999'999 : nanos_;
    return true;
  }

 private:
  static bool Store(std::optional<int> number, int* out) {
    if (number) *out = *number;
    return number.has_value();
  }

  // Blanks before a separator are taken only where a zone follows.
  bool Separator(char c) {
    if (cursor_.SkipBlanks()) needs_zone_ = true;
    return cursor_.Take(c);
  }

  bool ReadYear() {
    cursor_.SkipBlanks();
    const bool negative = cursor_.Peek() == '-';
    const bool has_sign = cursor_.Take('-') || cursor_.Take('+');
    if (!Store(cursor_.Digits(1, has_sign ? 6 : 4), &year_)) return false;
    // What std::chrono can count with; far beyond what is kept.
    year_ = std::min(year_, static_cast<int>(std::chrono::year::max()));
    if (negative) year_ = -year_;
    return true;
  }

  bool ReadDate() {
    return ReadYear() && Separator('-') && Store(cursor_.Number(2), &month_) && Separator('-') &&
           Store(cursor_.Number(2), &day_);
  }

  bool ReadTime() {
    if (cursor_.Take('t')) {
      needs_zone_ = true;
    } else if (!cursor_.Take('T') && !cursor_.SkipBlanks()) {
      return false;
    }
    if (!Store(cursor_.Number(2), &hour_) || !Separator(':') || !Store(cursor_.Number(2), &minute_)) return false;
    Cursor minutes_end = cursor_;
    minutes_end.SkipBlanks();
    if (minutes_end.Peek() != ':') return true;
    has_seconds_ = true;
    if (!Separator(':') || !Store(cursor_.Number(2), &second_)) return false;
    if (!cursor_.Take('.')) return true;
    const std::optional<int32_t> fraction = cursor_.Fraction();
    nanos_ = fraction.value_or(0);
    return fraction.has_value();
  }

  bool ReadZone() {
    if (cursor_.AtEnd()) return true;
    cursor_.SkipBlanks();
    if (cursor_.TakeWord("utc")) {
      zone_ = Zone::kUtcWord;
    } else if (cursor_.TakeWord("z")) {
      zone_ = Zone::kFull;
    } else if (!ReadOffset()) {
      return false;
    }
    if (zone_ != Zone::kHours) cursor_.SkipBlanks();
    return true;
  }

  bool ReadOffset() {
    const bool west = cursor_.Peek() == '-';
    if (!cursor_.Take('-') && !cursor_.Take('+')) return false;
    const std::optional<int> hours = cursor_.Digits(2, 2);
    if (!hours || *hours > 23) return false;
    zone_ = Zone::kHours;
    int minutes = 0;
    if (!cursor_.AtEnd()) {
      while (cursor_.Take(':') || cursor_.SkipBlanks()) {
      }
      if (!Store(cursor_.Digits(2, 2), &minutes) || minutes > 59) return false;
      zone_ = Zone::kFull;
    }
    const int offset = *hours * 60 + minutes;
    offset_minutes_ = west ? -offset : offset;
    return true;
  }

  Cursor cursor_;
  bool needs_zone_ = false;  // spelled as only formats with a zone allow
  bool has_seconds_ = false;
  Zone zone_ = Zone::kNone;
  int year_ = 0, month_ = 0, day_ = 0, hour_ = 0, minute_ = 0, second_ = 0;
  int32_t nanos_ = 0;
  int offset_minutes_ = 0;
};

}  // namespace

bool ParseDatetime(std::string_view text, int64_t* seconds, int32_t* nanos) {
  DatetimeReader reader(text);
  return reader.Read() && reader.Result(seconds, nanos);
}

std::string DatetimeDisplay(int64_t whole, int32_t nanos) {
  const sys_seconds time{seconds(whole)};
  const sys_days day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[64];
  int size = std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                           static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                           static_cast<int>(clock.seconds().count()));
  if (nanos != 0) {
    int digits = 9;
    for (; nanos % 1000 == 0; nanos /= 1000) digits -= 3;
    size += std::snprintf(text + size, sizeof(text) - static_cast<size_t>(size), ".%0*d", digits, nanos);
  }
  return {text, static_cast<size_t>(size)};
}

}  // namespace vecgate::runtime
