#include "runtime/utf8.h"

#include <gtest/gtest.h>

namespace vecgate::runtime {
namespace {

TEST(Utf8TextTest, KeepsWhatIsUtf8) {
  for (const std::string text : {"", "plain", "größe 名 \U0001F600", "\x7f\xC2\x80\xEF\xBF\xBF"}) EXPECT_EQ(Utf8Text(text), text);
  EXPECT_EQ(Utf8Text(std::string_view("\0", 1)), std::string(1, '\0'));
}

// Expected values: bytes.decode("utf-8", "replace") of Python.
TEST(Utf8TextTest, ReplacesEachBrokenPartOnce) {
  EXPECT_EQ(Utf8Text("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(Utf8Text("\x80\x80"), "\uFFFD\uFFFD");
  EXPECT_EQ(Utf8Text("\xE5\x90"), "\uFFFD");                      // breaks off
  EXPECT_EQ(Utf8Text("\xF0\x9F\x98z"), "\uFFFDz");                // goes on otherwise
  EXPECT_EQ(Utf8Text("\xC0\xAF"), "\uFFFD\uFFFD");                // overlong
  EXPECT_EQ(Utf8Text("\xE0\x80\xAF"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(Utf8Text("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");      // a surrogate
  EXPECT_EQ(Utf8Text("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond U+10FFFF
}

}  // namespace
}  // namespace vecgate::runtime
