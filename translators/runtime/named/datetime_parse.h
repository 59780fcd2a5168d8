// Dates and times in the spellings that the first upstream's server takes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vecgate::runtime {

// Accepts
//   RFC 3339                        2024-01-02T03:04:05.25+01:00, also with t, z or a space
//   looser spellings with a zone    2024-1-2 3:4:5 +0100, ... +01, ... UTC, blanks before numbers and signs
//   without a zone, which is UTC    2024-01-02T03:04:05.25, 2024-01-02 03:04, 2024-01-02
// A year has up to four digits, behind a sign up to six. Seconds may be 60 (the next second); a fraction is cut
// after nine digits. Times before the year 1 and after 9999, which a Timestamp cannot hold, become its ends.
// `nanos` counts upwards from `seconds`, before 1970 too.
bool ParseDatetime(std::string_view text, int64_t* seconds, int32_t* nanos);

// YYYY-MM-DDTHH:MM:SS, then a fraction of 3, 6 or 9 digits unless it is zero; in UTC, without a zone.
std::string DatetimeDisplay(int64_t seconds, int32_t nanos);

}  // namespace vecgate::runtime
