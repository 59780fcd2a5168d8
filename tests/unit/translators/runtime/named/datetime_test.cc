#include "runtime/named/datetime.h"

#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include "parsed_body.h"

namespace vecgate::runtime {
namespace {

using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

// The time read, printed by protobuf; empty when refused.
std::string Read(std::string_view text) {
  Timestamp timestamp;
  int64_t seconds;
  int32_t nanos;
  if (!ParseDatetime(text, &seconds, &nanos)) return "";
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(nanos);
  return TimeUtil::ToString(timestamp);
}

// Recorded: each text and the Timestamp that was sent for it.
TEST(DatetimeTest, RecordedSpellings) {
  EXPECT_EQ(Read("2024-01-02T03:04:05Z"), "2024-01-02T03:04:05Z");
  EXPECT_EQ(Read("2024-01-02T04:04:05+01:00"), "2024-01-02T03:04:05Z");
  EXPECT_EQ(Read("2024-01-02 03:04:05"), "2024-01-02T03:04:05Z");
  EXPECT_EQ(Read("2024-01-02T03:04:04.123456789Z"), "2024-01-02T03:04:04.123456789Z");
  EXPECT_EQ(Read("2024-01-02T03:04"), "2024-01-02T03:04:00Z");
  EXPECT_EQ(Read("2024-01-02"), "2024-01-02T00:00:00Z");
  EXPECT_EQ(Read("2024-1-2"), "2024-01-02T00:00:00Z");
  EXPECT_EQ(Read("2024-01-02 04:04:05+01"), "2024-01-02T03:04:05Z");
  EXPECT_EQ(Read("2024-01-02 03:04:05 UTC"), "2024-01-02T03:04:05Z");
  EXPECT_EQ(Read("1969-12-31T23:59:58.25Z"), "1969-12-31T23:59:58.250Z");
  EXPECT_EQ(Read("0001-01-01"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(Read("9999-12-31T23:59:59.999999Z"), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(Read("2024-06-01T00:00:00.000001Z"), "2024-06-01T00:00:00.000001Z");
}

TEST(DatetimeTest, OtherSpellings) {
  EXPECT_EQ(Read("2024-01-02t03:04:05z"), "2024-01-02T03:04:05Z");
  EXPECT_EQ(Read("2024-01-02 03:04:05.5+0530"), "2024-01-01T21:34:05.500Z");
  EXPECT_EQ(Read("2024-01-02T03:04:05 -01:30"), "2024-01-02T04:34:05Z");
  EXPECT_EQ(Read("  2024-01-02"), "2024-01-02T00:00:00Z");
  EXPECT_EQ(Read("2024-01-02 03:04"), "2024-01-02T03:04:00Z");
  EXPECT_EQ(Read("2024-01-02T03:04:05.1234567891"), "2024-01-02T03:04:05.123456789Z");
  EXPECT_EQ(Read("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
  EXPECT_EQ(Read("2024-02-29"), "2024-02-29T00:00:00Z");
}

TEST(DatetimeTest, RecordedRefusals) {
  for (const char* text : {"2024-01-01T00", "20240101", "2024-13-01", "2024-02-30", "10000-01-01",
                           "Mon, 01 Jan 2024 00:00:00 GMT", "2024-01-01T00:00Z", "", "yesterday"}) {
    EXPECT_EQ(Read(text), "") << text;
  }
}

TEST(DatetimeTest, OtherRefusals) {
  for (const char* text :
       {"2024-01-01T24:00:00", "2024-01-01T00:60:00", "2024-01-01T00:00:61", "2024-01-01T00:00:00,5Z", "2023-02-29",
        "2024-00-01", "2024-01-00", "2024-01-01T00:00:00.", "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+01:60",
        "2024-01-01t00:00:00", "2024-01-01Z", "2024-01-01T00:00:00Zx", "2024/01/01", "2024-01-01 ", "--1-01-01",
        "1000000-01-01", "+1000000-01-01"}) {
    EXPECT_EQ(Read(text), "") << text;
  }
}

// Recorded: the server takes the year 0, which a Timestamp cannot hold.
TEST(DatetimeTest, TimesBeyondATimestampAreItsEnds) {
  const std::string first = "0001-01-01T00:00:00Z";
  const std::string last = "9999-12-31T23:59:59.999999999Z";
  EXPECT_EQ(Read("0000-01-01T00:00:00Z"), first);
  EXPECT_EQ(Read("0000-12-31T23:59:59.5Z"), first);
  EXPECT_EQ(Read("0001-01-01T00:00:00+00:01"), first);
  EXPECT_EQ(Read("-0044-03-15"), first);
  EXPECT_EQ(Read("9999-12-31T23:59:59-00:01"), last);
  EXPECT_EQ(Read("+12024-01-01"), last);
  EXPECT_EQ(Read("+2024-01-02"), "2024-01-02T00:00:00Z");
}

TEST(DatetimeTest, CountsUpwardsBefore1970) {
  int64_t seconds;
  int32_t nanos;
  ASSERT_TRUE(ParseDatetime("1969-12-31T23:59:58.25Z", &seconds, &nanos));
  EXPECT_EQ(seconds, -2);
  EXPECT_EQ(nanos, 250000000);
}

TEST(DatetimeTest, PrintsWithoutZone) {
  EXPECT_EQ(DatetimeDisplay(0, 0), "1970-01-01T00:00:00");
  EXPECT_EQ(DatetimeDisplay(-2, 250000000), "1969-12-31T23:59:58.250");
  EXPECT_EQ(DatetimeDisplay(1704164645, 1000), "2024-01-02T03:04:05.000001");
  EXPECT_EQ(DatetimeDisplay(1704164645, 123456789), "2024-01-02T03:04:05.123456789");
  EXPECT_EQ(DatetimeDisplay(-62135596800, 0), "0001-01-01T00:00:00");
}

TEST(DatetimeTest, EverySecondOfSomeDaysComesBack) {
  for (int64_t day : {int64_t{-719162}, int64_t{-1}, int64_t{0}, int64_t{19722}, int64_t{19782}}) {
    for (int64_t second = 0; second < 86400; second += 61) {
      const int64_t time = day * 86400 + second;
      int64_t seconds;
      int32_t nanos;
      ASSERT_TRUE(ParseDatetime(DatetimeDisplay(time, 0), &seconds, &nanos));
      EXPECT_EQ(seconds, time);
      EXPECT_EQ(TimeUtil::ToString(TimeUtil::SecondsToTimestamp(time)), DatetimeDisplay(time, 0) + "Z");
    }
  }
}

TEST(DatetimeTest, FieldFunctions) {
  ParsedBody parsed(R"({"gt":"x"})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  const JsonValue bound = ObjectCursor(parsed.root()).value();
  Timestamp timestamp;
  EXPECT_FALSE(ReadTimestamp(reader, bound, &timestamp));
  EXPECT_EQ(reader.error_text(),
            "'x' does not match accepted datetime format (RFC3339). Example: 2014-01-01T00:00:00Z");

  ParsedBody good(R"("2024-1-2")", Source::kFast);
  std::string text;
  JsonReader again(false, kTestTexts);
  EXPECT_TRUE(ReadDatetimeText(again, good.root(), &text));
  EXPECT_EQ(text, "2024-1-2");
  EXPECT_TRUE(ReadTimestamp(again, good.root(), &timestamp));
  OutputBuffer out;
  JsonWriter writer(out);
  WriteTimestamp(timestamp, writer);
  EXPECT_EQ(out.view(), "\"2024-01-02T00:00:00\"");
}

// Recorded: {"gt": "2024-01-01", "lt": 5}.
TEST(DatetimeTest, NumberIsNoDatetime) {
  ParsedBody parsed("5", Source::kExact);
  JsonReader reader(true, kTestTexts);
  Timestamp timestamp;
  EXPECT_FALSE(ReadTimestamp(reader, parsed.root(), &timestamp));
  EXPECT_EQ(reader.error_text(), "invalid type: integer `5`, expected a string");
}

}  // namespace
}  // namespace vecgate::runtime
