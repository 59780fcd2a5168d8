#include "routing/route_table.h"

#include <gtest/gtest.h>

#include "routing/percent.h"

namespace vecgate::routing {
namespace {

// "3[a,b]": the route and its variables; "-" when nothing fits.
std::string Find(const RouteTable& table, std::string_view method, std::string_view path) {
  const auto match = table.Match(method, path);
  if (!match.has_value()) return "-";
  std::string text = std::to_string(match->route) + "[";
  for (const std::string& variable : match->variables) text += (text.back() == '[' ? "" : ",") + variable;
  return text + "]";
}

RouteTable Table() {
  RouteTableBuilder builder;
  EXPECT_TRUE(builder.Add("GET", "/", 0).ok());
  EXPECT_TRUE(builder.Add("GET", "/collections", 1).ok());
  EXPECT_TRUE(builder.Add("GET", "/collections/{name}", 2).ok());
  EXPECT_TRUE(builder.Add("POST", "/collections/{name}/points/scroll", 3).ok());
  EXPECT_TRUE(builder.Add("GET", "/collections/{name}/points/{id}", 4).ok());
  EXPECT_TRUE(builder.Add("PUT", "/collections/aliases", 5).ok());
  EXPECT_TRUE(builder.Add("GET", "/files/{rest=**}", 6).ok());
  EXPECT_TRUE(builder.Add("GET", "/files/{name}/info", 7).ok());
  EXPECT_TRUE(builder.Add("GET", "/{a}/x/{b}", 8).ok());
  return std::move(builder).Build();
}

TEST(RouteTableTest, FindsLiteralsAndVariables) {
  const RouteTable table = Table();
  EXPECT_EQ(Find(table, "GET", "/"), "0[]");
  EXPECT_EQ(Find(table, "GET", "/collections"), "1[]");
  EXPECT_EQ(Find(table, "GET", "/collections/a"), "2[a]");
  EXPECT_EQ(Find(table, "GET", "/collections/a/points/7"), "4[a,7]");
  EXPECT_EQ(Find(table, "GET", "/other"), "-");
  EXPECT_EQ(Find(table, "GET", "/Collections"), "-");
  EXPECT_EQ(Find(table, "GET", "/collections/a/points"), "-");
}

TEST(RouteTableTest, TellsTheMethodsOfAPath) {
  const RouteTable table = Table();
  EXPECT_EQ(table.MethodsAt("/collections/aliases"), (std::vector<std::string>{"GET", "PUT"}));
  EXPECT_EQ(table.MethodsAt("/collections/a/points/scroll/"), (std::vector<std::string>{"GET", "POST"}));
  EXPECT_EQ(table.MethodsAt("/other"), std::vector<std::string>{});
}

TEST(RouteTableTest, PrefersLiteralOverVariableWhenTheMethodFits) {
  const RouteTable table = Table();
  EXPECT_EQ(Find(table, "POST", "/collections/a/points/scroll"), "3[a]");
  EXPECT_EQ(Find(table, "GET", "/collections/a/points/scroll"), "4[a,scroll]");
  EXPECT_EQ(Find(table, "GET", "/collections/aliases"), "2[aliases]");
  EXPECT_EQ(Find(table, "PUT", "/collections/aliases"), "5[]");
}

TEST(RouteTableTest, TellsMethodsApart) {
  const RouteTable table = Table();
  for (const char* method : {"POST", "HEAD", "OPTIONS", "get", ""}) EXPECT_EQ(Find(table, method, "/collections"), "-");
}

TEST(RouteTableTest, GoesBackWhenALiteralLeadsNowhere) {
  EXPECT_EQ(Find(Table(), "GET", "/collections/x/y"), "8[collections,y]");
}

TEST(RouteTableTest, TheRestTakesAnyNumberOfSegments) {
  const RouteTable table = Table();
  EXPECT_EQ(Find(table, "GET", "/files"), "6[]");
  EXPECT_EQ(Find(table, "GET", "/files/a/b%2Fc"), "6[a/b/c]");
  EXPECT_EQ(Find(table, "GET", "/files/a/info"), "7[a]");
}

TEST(RouteTableTest, EmptySegmentsDoNotCount) {
  const RouteTable table = Table();
  EXPECT_EQ(Find(table, "GET", "//"), "0[]");
  EXPECT_EQ(Find(table, "GET", "//collections//a/"), "2[a]");
  EXPECT_EQ(Find(table, "GET", "/collections/"), "1[]");
}

TEST(RouteTableTest, DecodesSegmentsBeforeMatching) {
  const RouteTable table = Table();
  EXPECT_EQ(Find(table, "GET", "/%63ollections"), "1[]");
  EXPECT_EQ(Find(table, "GET", "/collections/a%2Fb"), "2[a/b]");
  EXPECT_EQ(Find(table, "GET", "/collections/a+b%20c"), "2[a+b c]");
  EXPECT_EQ(Find(table, "GET", "/collections/%C3%A4"), "2[\xC3\xA4]");
  EXPECT_EQ(Find(table, "GET", "/collections/%"), "-");
  EXPECT_EQ(Find(table, "GET", "/collections/%zz"), "-");
  EXPECT_EQ(Find(table, "GET", "/collections/%ff"), "-");
}

TEST(RouteTableTest, DotsAreOrdinarySegments) {
  const RouteTable table = Table();
  EXPECT_EQ(Find(table, "GET", "/a/../collections"), "-");
  EXPECT_EQ(Find(table, "GET", "/collections/."), "2[.]");
  EXPECT_EQ(Find(table, "GET", "collections"), "-");
  EXPECT_EQ(Find(table, "GET", "*"), "-");
}

TEST(RouteTableTest, RefusesBadTemplates) {
  RouteTableBuilder builder;
  EXPECT_FALSE(builder.Add("GET", "a", 0).ok());
  EXPECT_FALSE(builder.Add("GET", "/a{b}", 0).ok());
  EXPECT_FALSE(builder.Add("GET", "/{}", 0).ok());
  EXPECT_FALSE(builder.Add("GET", "/{a}{b}", 0).ok());
  EXPECT_FALSE(builder.Add("GET", "/{rest=**}/a", 0).ok());
  EXPECT_TRUE(builder.Add("GET", "/{a}", 0).ok());
  EXPECT_FALSE(builder.Add("GET", "/{other}", 1).ok());
  EXPECT_TRUE(builder.Add("PUT", "/{a}", 1).ok());
}

TEST(PercentTest, KeepsWhatNeedsNoDecoding) { EXPECT_EQ(DecodeSegment("a-b_c~+"), "a-b_c~+"); }

TEST(PercentTest, DecodesBytes) {
  EXPECT_EQ(DecodeSegment("%41%62"), "Ab");
  EXPECT_EQ(DecodeSegment("%2525"), "%25");
  EXPECT_EQ(DecodeSegment("%00"), std::string(1, '\0'));
}

TEST(PercentTest, RefusesBrokenEscapesAndBrokenUtf8) {
  for (const char* bad : {"%", "%4", "a%4", "%g0", "%0g", "%80", "%C3", "%C3%28", "%C0%80", "%ED%A0%80", "%F5%80%80%80",
                          "%E0%80%80", "%F4%90%80%80", "%F0%80%80%80"}) {
    EXPECT_FALSE(DecodeSegment(bad).has_value()) << bad;
  }
  for (const char* good : {"%C2%80", "%E0%A0%80", "%ED%9F%BF", "%F0%90%80%80", "%F4%8F%BF%BF"}) {
    EXPECT_TRUE(DecodeSegment(good).has_value()) << good;
  }
}

}  // namespace
}  // namespace vecgate::routing
