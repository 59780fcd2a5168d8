// Ids, beacons, times, numbers, and what Go says of broken JSON. Expected texts as recorded from the server.
#include <gtest/gtest.h>

#include "weaviate/beacon.h"
#include "weaviate/go_numbers.h"
#include "weaviate/go_scanner.h"
#include "weaviate/ids.h"
#include "weaviate/times.h"

namespace vecgate::translators::weaviate {
namespace {

TEST(IdTest, Spellings) {
  EXPECT_TRUE(IsId("5e1f0c00-7a3b-4d2e-9c11-000000000701"));
  EXPECT_TRUE(IsId("5E1F0C007A3B4D2E9C11000000000701"));
  EXPECT_FALSE(IsId("urn:uuid:5e1f0c00-7a3b-4d2e-9c11-000000000701"));
  EXPECT_FALSE(IsId("{5e1f0c00-7a3b-4d2e-9c11-000000000701}"));
  EXPECT_FALSE(IsId("nope"));
  EXPECT_FALSE(IsId(""));
  EXPECT_EQ(CanonicalId("5E1F0C007A3B4D2E9C11000000000701"), "5e1f0c00-7a3b-4d2e-9c11-000000000701");
}

TEST(IdTest, OfBytes) {
  EXPECT_EQ(IdFromBytes(std::string("\x5e\x1f\x0c\x00\x7a\x3b\x4d\x2e\x9c\x11\x00\x00\x00\x00\x07\x08", 16)),
            "5e1f0c00-7a3b-4d2e-9c11-000000000708");
  EXPECT_EQ(IdFromBytes("short"), "");
}

TEST(IdTest, NewOnesAreRandomOnes) {
  const std::string id = NewId();
  EXPECT_TRUE(IsId(id));
  EXPECT_EQ(id[14], '4');
  EXPECT_NE(std::string_view("89ab").find(id[19]), std::string_view::npos);
  EXPECT_NE(id, NewId());
}

TEST(BeaconTest, Targets) {
  Beacon beacon;
  EXPECT_EQ(ParseTarget("weaviate://localhost/Author/5e1f0c00-7a3b-4d2e-9c11-000000000012", &beacon), "");
  EXPECT_EQ(beacon.peer, "localhost");
  EXPECT_EQ(beacon.collection, "Author");
  EXPECT_EQ(beacon.id, "5e1f0c00-7a3b-4d2e-9c11-000000000012");
  EXPECT_EQ(ParseTarget("weaviate://localhost/5e1f0c00-7a3b-4d2e-9c11-000000000012", &beacon), "");
  EXPECT_EQ(beacon.collection, "");
  EXPECT_EQ(ParseTarget("weaviate://localhost/Author/nope", &beacon),
            "invalid cref URI: 2nd path segment must be uuid, but got 'nope'");
  EXPECT_EQ(ParseTarget("weaviate://localhost/a/b/c", &beacon),
            "invalid cref URI: path must be of format '<class>/<uuid>', but got '/a/b/c'");
}

TEST(BeaconTest, Sources) {
  Beacon beacon;
  EXPECT_EQ(ParseSource("weaviate://localhost/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000710/writtenBy", &beacon), "");
  EXPECT_EQ(beacon.collection, "Thing");
  EXPECT_EQ(beacon.property, "writtenBy");
  EXPECT_EQ(ParseSource("weaviate://localhost/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000714", &beacon),
            "invalid cref URI: must use long-form: path must be of format '/<className>/<uuid>/<propertyName>', but got "
            "'/Thing/5e1f0c00-7a3b-4d2e-9c11-000000000714'");
  EXPECT_EQ(ParseSource("weaviate://localhost/thing/5e1f0c00-7a3b-4d2e-9c11-000000000714/p", &beacon),
            "className must start with an uppercase letter, but got thing");
}

TEST(BeaconTest, Uris) {
  EXPECT_TRUE(IsUri("weaviate://localhost/x"));
  EXPECT_TRUE(IsUri("/x"));
  EXPECT_FALSE(IsUri("bogus"));
  EXPECT_FALSE(IsUri(""));
}

TEST(TimesTest, Milliseconds) {
  EXPECT_EQ(DateFromMilliseconds("1577836800000"), "2020-01-01T00:00:00.000Z");
  EXPECT_EQ(DateFromMilliseconds("1577836800123"), "2020-01-01T00:00:00.123Z");
  EXPECT_EQ(DateFromMilliseconds("-1"), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(DateFromMilliseconds("2020-01-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(DateFromMilliseconds(""), std::nullopt);
  EXPECT_EQ(DateFromMilliseconds("9223372036854775807"), std::nullopt);
}

TEST(GoNumbersTest, AsPercentV) {
  EXPECT_EQ(GoText(0.8358067f), "0.8358067");
  EXPECT_EQ(GoText(0.0f), "0");
  EXPECT_EQ(GoText(1.0f), "1");
  EXPECT_EQ(GoText(0.5), "0.5");
  EXPECT_EQ(GoText(1000000.0), "1e+06");
  EXPECT_EQ(GoText(123456.5), "123456.5");
  EXPECT_EQ(GoText(0.0001), "0.0001");
  EXPECT_EQ(GoText(0.00001), "1e-05");
  EXPECT_EQ(GoText(1234567.0), "1.234567e+06");
}

TEST(GoScannerTest, FirstValueOnly) {
  EXPECT_EQ(ScanFirstValue(R"({"a":[1,true,null,"x\u00e6\n",{}]} trailing)").end, 34u);
  EXPECT_EQ(ScanFirstValue("  12 34").end, 4u);
  EXPECT_EQ(ScanFirstValue("[]").end, 2u);
}

TEST(GoScannerTest, SaysWhatIsWrong) {
  EXPECT_EQ(ScanFirstValue("{bad").error, "invalid character 'b' looking for beginning of object key string");
  EXPECT_EQ(ScanFirstValue(R"({"objects": [})").error, "invalid character '}' looking for beginning of value");
  EXPECT_EQ(ScanFirstValue(R"({"class": "Thing", "vector": [NaN]})").error,
            "invalid character 'N' looking for beginning of value");
  EXPECT_EQ(ScanFirstValue(R"({"a" 1})").error, "invalid character '1' after object key");
  EXPECT_EQ(ScanFirstValue(R"({"a":1 "b"})").error, "invalid character '\"' after object key:value pair");
  EXPECT_EQ(ScanFirstValue("[1 2]").error, "invalid character '2' after array element");
  EXPECT_EQ(ScanFirstValue("[01]").error, "invalid character '1' after array element");
  EXPECT_EQ(ScanFirstValue("[1.x]").error, "invalid character 'x' after decimal point in numeric literal");
  EXPECT_EQ(ScanFirstValue("[tru]").error, "invalid character ']' in literal true (expecting 'e')");
  EXPECT_EQ(ScanFirstValue("\"a\nb\"").error, "invalid character '\\n' in string literal");
  EXPECT_EQ(ScanFirstValue(R"("\q")").error, "invalid character 'q' in string escape code");
  EXPECT_EQ(ScanFirstValue(R"({"a":)").error, "unexpected EOF");
  EXPECT_EQ(ScanFirstValue("  \n").error, "EOF");
}

}  // namespace
}  // namespace vecgate::translators::weaviate
