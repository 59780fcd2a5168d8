#include "runtime/named/point_id.h"

#include <gtest/gtest.h>

#include "parsed_body.h"
#include "qdrant/qdrant_common.pb.h"

namespace vecgate::runtime {
namespace {

using qdrant::PointId;

std::string Read(std::string_view json) {
  ParsedBody parsed(json, Source::kExact);
  JsonReader reader(true, kTestTexts);
  PointId id;
  if (!ReadPointId(reader, parsed.root(), &id)) return reader.error_text();
  return id.ShortDebugString();
}

std::string Refusal(const std::string& shown) {
  return "value " + shown + " is not a valid point ID, valid values are either an unsigned integer or a UUID";
}

TEST(PointIdTest, TakesIntegersAndUuids) {
  EXPECT_EQ(Read("0"), "num: 0");
  EXPECT_EQ(Read("18446744073709551615"), "num: 18446744073709551615");
  EXPECT_EQ(Read(R"("{5F2B7D9E-3c1a-4f5e-9a77-0d3a1b2c4e5f}")"), R"(uuid: "{5F2B7D9E-3c1a-4f5e-9a77-0d3a1b2c4e5f}")");
}

// Recorded from Qdrant 1.19, the containers' parts after Rust's derived Debug.
TEST(PointIdTest, RefusalsShowTheValue) {
  EXPECT_EQ(Read("null"), Refusal("Unit"));
  EXPECT_EQ(Read(R"("12")"), Refusal("12"));
  EXPECT_EQ(Read("1.0"), Refusal("1"));
  EXPECT_EQ(Read("1.5"), Refusal("1.5"));
  EXPECT_EQ(Read("-1"), Refusal("-1"));
  EXPECT_EQ(Read("18446744073709551616"), Refusal("18446744073709552000"));
  EXPECT_EQ(Read("[]"), Refusal("[]"));
  EXPECT_EQ(Read("[1]"), Refusal("[U64(1)]"));
  EXPECT_EQ(Read("true"), Refusal("true"));
  EXPECT_EQ(Read(R"([-1,"a",1.0,null,false,[2]])"),
            Refusal(R"([I64(-1), String("a"), F64(1.0), Unit, Bool(false), Seq([U64(2)])])"));
  EXPECT_EQ(Read(R"({"b":1,"a":{}})"), Refusal(R"({String("a"): Map({}), String("b"): U64(1)})"));
}

TEST(PointIdTest, TextOfAUrl) {
  const auto read = [](const std::string& text) {
    ParsedBody parsed("\"" + text + "\"", Source::kFast);
    JsonReader reader(false, kTestTexts);
    PointId id;
    return ReadPointIdText(reader, parsed.root(), &id) ? PointIdDisplay(id) : "refused";
  };
  EXPECT_EQ(read("7"), "7");
  EXPECT_EQ(read("007"), "7");
  EXPECT_EQ(read("+1"), "1");
  EXPECT_EQ(read("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(read("5F2B7D9E3C1A4F5E9A770D3A1B2C4E5F"), "5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f");
  for (const char* text : {"", "+", "-1", "++1", "1.0", "scroll", "18446744073709551616", " 1"}) {
    EXPECT_EQ(read(text), "refused") << text;
  }
}

TEST(PointIdTest, Printing) {
  const auto written = [](const PointId& id) {
    OutputBuffer out;
    JsonWriter writer(out);
    WritePointId(id, writer);
    return std::string(out.view());
  };
  PointId id;
  EXPECT_EQ(written(id), "null");
  id.set_num(0);
  EXPECT_EQ(written(id), "0");
  id.set_uuid("5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f");
  EXPECT_EQ(written(id), "\"5f2b7d9e-3c1a-4f5e-9a77-0d3a1b2c4e5f\"");
}

}  // namespace
}  // namespace vecgate::runtime
