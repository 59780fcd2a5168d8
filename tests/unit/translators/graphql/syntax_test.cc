// Texts of syntax faults. Those that name a recording were answered by a real server; the others follow from graphql-go.
#include "printed.h"

namespace vecgate::graphql {
namespace {

TEST(SyntaxTest, RecordedFaults) {
  EXPECT_EQ(SyntaxFaultOf("{Get{Article{title}}"),
            "Syntax Error GraphQL request (1:21) Expected Name, found EOF\n\n1: {Get{Article{title}}\n"
            "                       ^\n");
  EXPECT_EQ(SyntaxFaultOf("hello"), "Syntax Error GraphQL request (1:1) Unexpected Name \"hello\"\n\n1: hello\n   ^\n");
  EXPECT_EQ(SyntaxFaultOf("{Get{Article(nearObject: {id: \"abc}){title}}}"),
            "Syntax Error GraphQL request (1:46) Unterminated string.\n\n"
            "1: {Get{Article(nearObject: {id: \"abc}){title}}}\n"
            "                                                ^\n");
  EXPECT_EQ(SyntaxFaultOf("{Get{Article{}}}"),
            "Syntax Error GraphQL request (1:13) Unexpected empty IN {}\n\n1: {Get{Article{}}}\n               ^\n");
}

TEST(SyntaxTest, ShowsTheLinesAround) {
  EXPECT_EQ(SyntaxFaultOf("{\r\n  a\tb c: }\r  d\n}"),
            "Syntax Error GraphQL request (2:10) Expected Name, found }\n\n"
            "1: {\n2:   a\\u0009b c: }\n            ^\n3:   d\n");
  std::string nine_lines(9, '\n');
  EXPECT_EQ(SyntaxFaultOf(nine_lines + "?"),
            "Syntax Error GraphQL request (10:1) Unexpected character \"?\".\n\n 9: \n10: ?\n    ^\n");
}

struct Case {
  std::string_view text;
  std::string_view description;  // with its place
};

TEST(SyntaxTest, Descriptions) {
  constexpr Case kCases[] = {
      {"{ a @ }", "(1:7) Expected Name, found }"},
      {"{ a(b: null) }", "(1:8) Unexpected Name \"null\""},
      {"{ a(b: ) }", "(1:8) Unexpected )"},
      {"{ a() }", "(1:4) Unexpected empty IN ()"},
      {"query Q() { a }", "(1:8) Unexpected empty IN ()"},
      {"query($a: Int = $b) { a }", "(1:17) Unexpected $"},
      {"query($a Int) { a }", "(1:10) Expected :, found Name \"Int\""},
      {"query($a: [Int) { a }", "(1:15) Expected ], found )"},
      {"query Q a", "(1:9) Expected {, found Name \"a\""},
      {"fragment on on T { a }", "(1:10) Unexpected Name \"on\""},
      {"fragment F in T { a }", "(1:12) Expected \"on\", found Name \"in\""},
      {"{ ... on { a } }", "(1:10) Expected Name, found {"},
      {"{ a(b: 01) }", "(1:9) Invalid number, unexpected digit after 0: \"1\"."},
      {"{ a(b: 1.) }", "(1:10) Invalid number, expected digit but got: \")\"."},
      {"{ a(b: -) }", "(1:9) Invalid number, expected digit but got: \")\"."},
      {"{ a(b: 1e", "(1:10) Invalid number, expected digit but got: <EOF>."},
      {"{ a(b: .5) }", "(1:8) Unexpected character \".\"."},
      {"{ a(b: \"\\x\") }", "(1:10) Invalid character escape sequence: \\\\x."},
      {"{ a(b: \"\\u12g4\") }", "(1:10) Invalid character escape sequence: \\u12g4"},
      {"{ a(b: \"\\u12\") }", "(1:10) Invalid character escape sequence: \\u12\")"},
      {"{ a(b: \"x\n\") }", "(1:10) Unterminated string."},
      {"{ a(b: \"x\x01\") }", "(1:10) Invalid character within String: \"\\\\u0001\"."},
      {"{ a(b: \"\"\"x\x01\"\"\") }", "(1:12) Invalid character within String: \"\\\\u0001\"."},
      {"{ a(b: \"\"\"x", "(1:12) Unterminated string."},
      {"\x01", "(1:1) Invalid character \"\\\\u0001\""},
      {"{ \xC3\xA6 }", "(1:3) Unexpected character \"\\\\u00E6\"."},
      {"\"described\" type T { a: Int }", "(1:13) Unexpected Name \"type\""},
      {"type T { a: Int }", "(1:1) Unexpected Name \"type\""},
      {"{ a } }", "(1:7) Unexpected }"},
      // Characters, not bytes, are counted within a string.
      {"{ a(b: \"\xC3\xA6\xC3\xA6\\x\") }", "(1:12) Invalid character escape sequence: \\\\x."},
  };
  Options options;
  options.null_literals = false;
  for (const Case& c : kCases) {
    const std::string fault = SyntaxFaultOf(c.text, options);
    EXPECT_EQ(fault.substr(0, fault.find("\n\n")), "Syntax Error GraphQL request " + std::string(c.description)) << c.text;
  }
}

TEST(SyntaxTest, ReadsWhatIsIgnored) {
  EXPECT_EQ(SyntaxFaultOf("\xEF\xBB\xBF#top \xC3\xA6\n{\n\tGet {,,\n Article ( limit : 1 ,) { # inside\n title , } } }\n"), "");
  EXPECT_EQ(SyntaxFaultOf("  ,\n# nothing\r"), "");
}

TEST(SyntaxTest, HoldsItsBounds) {
  Options options;
  options.max_depth = 3;
  options.max_bytes = 40;
  EXPECT_EQ(SyntaxFaultOf("{ a { b { c } } }", options), "");
  EXPECT_EQ(SyntaxFaultOf("{ a { b { c { d } } } }", options), "Document is nested too deeply.");
  EXPECT_EQ(SyntaxFaultOf("{ a(b: [1]) }", options), "");
  EXPECT_EQ(SyntaxFaultOf("{ a(b: [[1]]) }", options), "Document is nested too deeply.");
  EXPECT_EQ(SyntaxFaultOf("{ a(b: \"0123456789012345678901234567890123456789\") }", options), "Document is too large.");
  const std::string deep(1'000'000, '[');
  EXPECT_EQ(SyntaxFaultOf("{ a(b: " + deep), "Document is nested too deeply.");
  EXPECT_EQ(SyntaxFaultOf("query($a: " + deep), "Document is nested too deeply.");
}

}  // namespace
}  // namespace vecgate::graphql
