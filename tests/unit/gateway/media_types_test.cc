#include "pipeline/media_types.h"

#include <gtest/gtest.h>

namespace vecgate::pipeline {
namespace {

http::RequestHead Head(std::string_view name, std::string_view value) {
  http::RequestHead head;
  head.headers.push_back({name, value});
  return head;
}

TEST(MediaTypesTest, TheTypeOfABodyHasNoParameters) {
  EXPECT_EQ(BodyTypeOf(Head("Content-Type", "application/json; charset=utf-8")), "application/json");
  EXPECT_EQ(BodyTypeOf(Head("content-type", "text/plain")), "text/plain");
}

TEST(MediaTypesTest, ABodyWithoutTypeIsBytes) {
  EXPECT_EQ(BodyTypeOf({}), "application/octet-stream");
  EXPECT_EQ(BodyTypeOf(Head("content-type", " ;charset=utf-8")), "application/octet-stream");
}

TEST(MediaTypesTest, TypesAreComparedInAnyCase) {
  EXPECT_TRUE(IsJson("Application/JSON"));
  EXPECT_FALSE(IsJson("application/jsonp"));
}

TEST(MediaTypesTest, WhoSaysNothingTakesJson) {
  EXPECT_TRUE(TakesJson({}));
  EXPECT_TRUE(TakesJson(Head("accept", "")));
}

TEST(MediaTypesTest, RangesTakeJson) {
  for (const std::string_view accept :
       {"application/json", "*/*", "application/*;q=0.1", "text/html, application/json;q=0.5", "text/html,*/*; q=0.8"}) {
    EXPECT_TRUE(TakesJson(Head("Accept", accept))) << accept;
  }
}

TEST(MediaTypesTest, OtherTypesAndRefusedOnesDoNot) {
  for (const std::string_view accept : {"text/html", "application/xml, text/*", "application/json;q=0", "*/*;q=0.000"}) {
    EXPECT_FALSE(TakesJson(Head("Accept", accept))) << accept;
  }
}

}  // namespace
}  // namespace vecgate::pipeline
