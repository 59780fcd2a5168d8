#include "printed.h"

namespace vecgate::graphql {
namespace {

// Text of the value `literal`.
std::string Read(const std::string& literal) {
  const std::string source = "{a(b:" + literal + ")}";
  Document document;
  if (const auto fault = document.Parse(source)) return fault->message;
  return std::string(document.operations().first()->selections.first()->arguments.first()->text);
}

TEST(StringValueTest, Escapes) {
  EXPECT_EQ(Read("\"\""), "");
  EXPECT_EQ(Read("\"plain \xC3\xA6 # , {\""), "plain \xC3\xA6 # , {");
  EXPECT_EQ(Read(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(Read(R"("a\u0041\u00e6\u20AC.")"), "aA\xC3\xA6\xE2\x82\xAC.");
  EXPECT_EQ(Read(R"("\ud83d\ude00")"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(Read(R"("\ud83dx\ude00\ud83d\u0041")"), "\xEF\xBF\xBDx\xEF\xBF\xBD\xEF\xBF\xBD" "A");
  EXPECT_EQ(Read("\"tab\there\""), "tab\there");
}

TEST(StringValueTest, Blocks) {
  EXPECT_EQ(Read("\"\"\"\"\"\""), "");
  EXPECT_EQ(Read("\"\"\"one \\n \\\"\"\" \" \"\" line\"\"\""), "one \\n \"\"\" \" \"\" line");
  // From the specification: indentation that all lines share is dropped, and blank lines at the ends.
  EXPECT_EQ(Read("\"\"\"\n    Hello,\r\n      World!\r\r    Yours,\n      GraphQL.\n  \"\"\""),
            "Hello,\n  World!\n\nYours,\n  GraphQL.");
  EXPECT_EQ(Read("\"\"\"  first\n    second\n   third\"\"\""), "  first\n second\nthird");
  EXPECT_EQ(Read("\"\"\" \n \t \n \"\"\""), "");
}

}  // namespace
}  // namespace vecgate::graphql
