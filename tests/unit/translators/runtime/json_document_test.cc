#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "parsed_body.h"

namespace vecgate::runtime {
namespace {

bool AcceptedFast(std::string_view text) {
  std::string padded(text);
  padded.append(kBodyPadding, ' ');
  JsonDocument document(kTestDepth);
  return document.ParseFast(std::string_view(padded).substr(0, text.size()));
}

bool AcceptedExact(std::string_view text) {
  JsonDocument document(kTestDepth);
  SyntaxError error;
  return document.ParseExact(text, &error);
}

void ExpectEqual(const JsonValue& fast, const JsonValue& exact) {
  ASSERT_EQ(fast.kind(), exact.kind());
  switch (fast.kind()) {
    case Kind::kNull:
      break;
    case Kind::kBool:
      EXPECT_EQ(fast.AsBool(), exact.AsBool());
      break;
    case Kind::kInteger:
      EXPECT_EQ(fast.AsInteger(), exact.AsInteger());
      break;
    case Kind::kUnsigned:
      EXPECT_EQ(fast.AsUnsigned(), exact.AsUnsigned());
      break;
    case Kind::kDouble:
      EXPECT_EQ(fast.AsDouble(), exact.AsDouble());
      EXPECT_EQ(std::signbit(fast.AsDouble()), std::signbit(exact.AsDouble()));
      break;
    case Kind::kString:
      EXPECT_EQ(fast.AsString(), exact.AsString());
      break;
    case Kind::kArray: {
      EXPECT_EQ(fast.size(), exact.size());
      ArrayCursor b(exact);
      for (ArrayCursor a(fast); !a.Done(); a.Advance(), b.Advance()) {
        ASSERT_FALSE(b.Done());
        ExpectEqual(a.value(), b.value());
      }
      EXPECT_TRUE(b.Done());
      break;
    }
    case Kind::kObject: {
      EXPECT_EQ(fast.size(), exact.size());
      ObjectCursor b(exact);
      for (ObjectCursor a(fast); !a.Done(); a.Advance(), b.Advance()) {
        ASSERT_FALSE(b.Done());
        EXPECT_EQ(a.key(), b.key());
        ExpectEqual(a.value(), b.value());
      }
      EXPECT_TRUE(b.Done());
      break;
    }
  }
}

// Makes JSON texts of everything, blanks and repeated keys included.
class TextMaker {
 public:
  explicit TextMaker(unsigned seed) : random_(seed) {}

  std::string Value(int depth) {
    switch (Below(depth > 0 ? 9 : 7)) {
      case 0:
        return Pick({"null", "true", "false"});
      case 1:
        return Pick({"0", "-1", "42", "9223372036854775807", "-9223372036854775808", "9223372036854775808"});
      case 2:
        return Pick({"1.0", "-0.0", "1e-7", "2.5E+10", "0.1", "123456789.123456789", "5e-324", "1e22"});
      case 3:
      case 4:
        return std::to_string(static_cast<int64_t>(random_()));
      case 5:
      case 6:
        return Text();
      case 7:
        return List(depth);
      default:
        return Object(depth);
    }
  }

  char Byte() { return static_cast<char>(Below(256)); }
  size_t Below(size_t bound) { return random_() % bound; }

 private:
  std::string Pick(std::vector<std::string> words) { return words[Below(words.size())]; }
  std::string Text() {
    return Pick({"\"\"", "\"a\"", "\"\\n\\u0041\\ud83d\\ude00\"", "\"\xC3\xA9\"", "\"long enough to fill a register\"",
                 "\"\\\"\\\\/\\b\"", "\"\\u0000\""});
  }
  std::string Blank() { return Pick({"", "", " ", "\n\t", "\r\n"}); }
  std::string List(int depth) {
    std::string text = "[" + Blank();
    for (size_t i = Below(4); i > 0; --i) text += Value(depth - 1) + Blank() + (i > 1 ? "," + Blank() : "");
    return text + "]";
  }
  std::string Object(int depth) {
    std::string text = "{" + Blank();
    for (size_t i = Below(4); i > 0; --i) {
      text += Text() + Blank() + ":" + Blank() + Value(depth - 1) + Blank() + (i > 1 ? "," + Blank() : "");
    }
    return text + "}";
  }

  std::mt19937_64 random_;
};

TEST(JsonDocumentTest, BothSourcesReadTheSame) {
  TextMaker maker(1);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = maker.Value(5);
    SCOPED_TRACE(text);
    ParsedBody fast(text, Source::kFast);
    ParsedBody exact(text, Source::kExact);
    ExpectEqual(fast.root(), exact.root());
  }
}

// Damaged texts: what the fast source takes, the exact one takes too, and every refusal has a text and a place.
TEST(JsonDocumentTest, SourcesAgreeOnDamagedTexts) {
  TextMaker maker(2);
  int refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = maker.Value(3);
    for (size_t damage = 1 + maker.Below(2); damage > 0 && !text.empty(); --damage) {
      const size_t at = maker.Below(text.size());
      if (maker.Below(2) == 0) {
        text.erase(at, 1);
      } else {
        text[at] = maker.Below(2) == 0 ? "{}[],:\"\\0-e. "[maker.Below(13)] : maker.Byte();
      }
    }
    SCOPED_TRACE(text);
    JsonDocument document(kTestDepth);
    SyntaxError error;
    if (document.ParseExact(text, &error)) continue;
    ++refused;
    EXPECT_FALSE(AcceptedFast(text));
    EXPECT_FALSE(error.text.empty());
    EXPECT_LE(error.offset, text.size());
  }
  EXPECT_GT(refused, 1000);
}

TEST(JsonDocumentTest, FastSourceLeavesWhatItCannotHold) {
  for (const char* text : {"-0", "[1,-0]", "18446744073709551616", "-9223372036854775809"}) {
    EXPECT_FALSE(AcceptedFast(text)) << text;
    EXPECT_TRUE(AcceptedExact(text)) << text;
  }
}

TEST(JsonDocumentTest, DepthLimitCountsContainers) {
  for (const std::string inner : {"", "1"}) {
    const std::string deepest = std::string(127, '[') + inner + std::string(127, ']');
    const std::string too_deep = std::string(128, '[') + inner + std::string(128, ']');
    EXPECT_TRUE(AcceptedExact(deepest));
    EXPECT_FALSE(AcceptedExact(too_deep));
    EXPECT_FALSE(AcceptedFast(too_deep));
  }
  EXPECT_TRUE(AcceptedFast(std::string(120, '[') + "1" + std::string(120, ']')));
}

TEST(JsonDocumentTest, ValuesKnowTheirPlace) {
  //                       0         1         2
  //                       0123456789012345678901234
  ParsedBody parsed(R"( {"a" : [1, "\u0041"] })", Source::kExact);
  const JsonValue root = parsed.root();
  EXPECT_EQ(root.begin_offset(), 1u);
  EXPECT_EQ(root.end_offset(), 23u);
  ObjectCursor member(root);
  EXPECT_EQ(member.key_end_offset(), 5u);
  EXPECT_EQ(member.key_resume_offset(), 6u);
  const JsonValue list = member.value();
  EXPECT_EQ(list.begin_offset(), 8u);
  EXPECT_EQ(list.end_offset(), 21u);
  EXPECT_EQ(list.resume_offset(), 23u);  // the brace is read with it
  ArrayCursor element(list);
  EXPECT_EQ(element.value().begin_offset(), 9u);
  EXPECT_EQ(element.value().end_offset(), 10u);
  EXPECT_EQ(element.value().resume_offset(), 12u);  // comma and blank
  element.Advance();
  EXPECT_EQ(element.value().AsString(), "A");
  EXPECT_EQ(element.value().begin_offset(), 12u);
  EXPECT_EQ(element.value().resume_offset(), 21u);
}

TEST(JsonDocumentTest, FindsTheLastOfEqualKeys) {
  for (const Source source : {Source::kFast, Source::kExact}) {
    ParsedBody parsed(R"({"a":1,"b":2,"a":3})", source);
    JsonValue found;
    ASSERT_TRUE(parsed.root().Find("a", &found));
    EXPECT_EQ(found.AsInteger(), 3);
    EXPECT_FALSE(parsed.root().Find("c", &found));
  }
}

TEST(JsonDocumentTest, IsReusedForManyBodies) {
  JsonDocument document(kTestDepth);
  for (int i = 0; i < 3; ++i) {
    const std::string number = std::to_string(i);
    std::string body = "[" + number + "]" + std::string(kBodyPadding, ' ');
    ASSERT_TRUE(document.ParseFast(std::string_view(body).substr(0, 3)));
    EXPECT_EQ(ArrayCursor(document.root()).value().AsInteger(), i);
    SyntaxError error;
    ASSERT_TRUE(document.ParseExact(number, &error));
    EXPECT_EQ(document.root().AsInteger(), i);
  }
}

TEST(LocateTest, CountsLinesAndBytes) {
  const std::string_view text = "ab\nc\n";
  EXPECT_EQ(Locate(text, 2).line, 1u);
  EXPECT_EQ(Locate(text, 2).column, 2u);
  EXPECT_EQ(Locate(text, 3).line, 2u);
  EXPECT_EQ(Locate(text, 3).column, 0u);
  EXPECT_EQ(Locate(text, 5).line, 3u);
}

}  // namespace
}  // namespace vecgate::runtime
