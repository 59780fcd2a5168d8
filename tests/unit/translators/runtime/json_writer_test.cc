#include "runtime/json_writer.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <limits>
#include <string>

namespace vecgate::runtime {
namespace {

std::string Written(const std::function<void(JsonWriter&)>& write, JsonStyle style = JsonStyle::kSerde) {
  OutputBuffer out;
  JsonWriter writer(out, style);
  write(writer);
  return std::string(out.view());
}

TEST(JsonWriterTest, FramesValues) {
  EXPECT_EQ(Written([](JsonWriter& w) {
              w.StartObject();
              w.Key("a");
              w.Int64(INT64_MIN);
              w.Key("b");
              w.StartArray();
              w.Uint64(UINT64_MAX);
              w.Float(0.5f);
              w.Double(1);
              w.Null();
              w.Bool(true);
              w.String("x");
              w.Raw("{\"y\":[1]}");
              w.EndArray();
              w.DataKey("c\n");
              w.StartObject();
              w.EndObject();
              w.EndObject();
            }),
            R"({"a":-9223372036854775808,"b":[18446744073709551615,0.5,1.0,null,true,"x",{"y":[1]}],"c\n":{}})");
}

TEST(JsonWriterTest, ListsOfFloats) {
  const auto written = [](std::initializer_list<float> values) {
    return Written([&](JsonWriter& w) {
      w.StartArray();
      w.Floats(google::protobuf::RepeatedField<float>(values.begin(), values.end()));
      w.Floats({});
      w.EndArray();
    });
  };
  EXPECT_EQ(written({}), "[[],[]]");
  EXPECT_EQ(written({1, -0.0f, 1e-7f, std::numeric_limits<float>::infinity()}), "[[1.0,-0.0,1e-7,null],[]]");
}

TEST(JsonWriterTest, LongListsOfFloats) {
  google::protobuf::RepeatedField<float> values;
  std::string expected = "[";
  for (int i = 0; i < 1000; ++i) {
    values.Add(static_cast<float>(i) + 0.5f);
    expected += (i == 0 ? "" : ",") + std::to_string(i) + ".5";
  }
  EXPECT_EQ(Written([&](JsonWriter& w) { w.Floats(values); }), expected + "]");
}

// The escapes of serde_json; all other text goes out as it is.
TEST(JsonWriterTest, EscapesOnlyWhatMustBe) {
  const auto quoted = [](std::string_view text) { return Written([&](JsonWriter& w) { w.String(text); }); };
  EXPECT_EQ(quoted(""), R"("")");
  EXPECT_EQ(quoted("a/b\x7f \xE2\x80\xA8 \xC3\xA9"), "\"a/b\x7f \xE2\x80\xA8 \xC3\xA9\"");
  EXPECT_EQ(quoted("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
  EXPECT_EQ(quoted(std::string_view("\0\x01\x1f", 3)), R"("\u0000\u0001\u001f")");
}

// An escape at each place of texts of every length around the width of a register.
TEST(JsonWriterTest, FindsEscapesAnywhere) {
  for (size_t size = 1; size < 40; ++size) {
    for (size_t at = 0; at < size; ++at) {
      for (const auto& [byte, escape] : {std::pair{'"', "\\\""}, {'\\', "\\\\"}, {'\x1f', "\\u001f"}, {'\n', "\\n"}}) {
        std::string text(size, '\xC3');
        text[at] = byte;
        const std::string expected = std::string(at, '\xC3') + escape + std::string(size - at - 1, '\xC3');
        EXPECT_EQ(Written([&](JsonWriter& w) { w.String(text); }), "\"" + expected + "\"");
      }
    }
  }
}

TEST(JsonWriterTest, EscapesAsGoDoes) {
  const auto quoted = [](std::string_view text) {
    return Written([text](JsonWriter& w) { w.String(text); }, JsonStyle::kGo);
  };
  EXPECT_EQ(quoted("<b> & \"q\" \\ \n\x01"), R"("\u003cb\u003e \u0026 \"q\" \\ \n\u0001")");
  EXPECT_EQ(quoted("a\u2028b\u2029c"), R"("a\u2028b\u2029c")");
  // Characters that begin with the same byte.
  EXPECT_EQ(quoted("\u201cquoted\u201d \u20ac"), "\"\u201cquoted\u201d \u20ac\"");
  EXPECT_EQ(quoted("plain text that is longer than eight \u00e6\u00f8\u00e5 bytes"),
            "\"plain text that is longer than eight \u00e6\u00f8\u00e5 bytes\"");
}

TEST(JsonWriterTest, FindsGoEscapesAnywhere) {
  for (size_t at = 0; at < 20; ++at) {
    for (const auto& [character, escape] : {std::pair<std::string, std::string>{"&", "\\u0026"}, {"\u2028", "\\u2028"}}) {
      std::string text(20, 'x');
      std::string expected = text;
      text.replace(at, 1, character);
      expected.replace(at, 1, escape);
      EXPECT_EQ(Written([&](JsonWriter& w) { w.String(text); }, JsonStyle::kGo), "\"" + expected + "\"") << at;
    }
  }
}

TEST(JsonWriterTest, PackedFloats) {
  std::string bytes("x");
  std::string expected;
  for (int i = 0; i < 150; ++i) {
    const float value = static_cast<float>(i) / 2;
    bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
    expected += (i == 0 ? "" : ",") + std::to_string(i / 2) + (i % 2 == 0 ? "" : ".5");
  }
  bytes += "ab";
  const std::string_view unaligned = std::string_view(bytes).substr(1);
  EXPECT_EQ(Written([&](JsonWriter& w) { w.PackedFloats(unaligned); }, JsonStyle::kGo), "[" + expected + "]");
  EXPECT_EQ(Written([](JsonWriter& w) { w.PackedFloats({}); }, JsonStyle::kGo), "[]");
}

TEST(JsonWriterTest, FlagsOfItems) {
  OutputBuffer out;
  JsonWriter writer(out);
  constexpr std::array<Flags, 2> kItems{1, 2};
  writer.set_flags(4);
  writer.set_item_flags(kItems);
  EXPECT_TRUE(writer.Shows(4));
  writer.EnterItem(1);
  EXPECT_TRUE(writer.Shows(2));
  EXPECT_FALSE(writer.Shows(4));
  writer.EnterItem(2);  // no flags of its own
  EXPECT_EQ(writer.flags(), 2u);
}

}  // namespace
}  // namespace vecgate::runtime
