#include "runtime/named/json_path_text.h"

#include <gtest/gtest.h>

#include "parsed_body.h"

namespace vecgate::runtime {
namespace {

TEST(JsonPathTextTest, Paths) {
  for (const char* text : {"a", "a.b", "a[0].b", "a[]", "a[].b[]", "a-b_c", "0", "\"a b\"", "a.\"b.c\"[3]",
                           "\xC3\xA9t\xC3\xA9", "a[18446744073709551615]"}) {
    EXPECT_TRUE(IsJsonPath(text)) << text;
  }
  for (const char* text : {"", "a[", "a]", "a.", ".a", "a..b", "a[-1]", "a[*]", "a[x]", "a[1", "a b", "a[0]b", "\"a",
                           "*", "a[18446744073709551616]", "a[ 1]", "[0]"}) {
    EXPECT_FALSE(IsJsonPath(text)) << text;
  }
}

TEST(JsonPathTextTest, StoresTheTextAsGiven) {
  ParsedBody parsed(R"("a.\"b\"")", Source::kFast);
  JsonReader reader(false, kTestTexts);
  std::string path;
  ASSERT_TRUE(ReadJsonPathText(reader, parsed.root(), &path));
  EXPECT_EQ(path, "a.\"b\"");
}

// Recorded.
TEST(JsonPathTextTest, Refusal) {
  ParsedBody parsed(R"({"key": "a["})", Source::kExact);
  JsonReader reader(true, kTestTexts);
  std::string path;
  EXPECT_FALSE(ReadJsonPathText(reader, ObjectCursor(parsed.root()).value(), &path));
  EXPECT_EQ(reader.error_text(), "Invalid json path: 'a['");
  EXPECT_EQ(Column(reader, parsed), 13u);
}

}  // namespace
}  // namespace vecgate::runtime
