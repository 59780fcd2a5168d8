#include "tracing/otlp_json.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>
#include <vector>

#include "tracing/span_queue.h"

namespace vecgate::tracing {
namespace {

Span Example() {
  Span span;
  span.trace = {0x5b, 0x8e, 0xff, 0xf7, 0x98, 0x03, 0x81, 0x03, 0xd2, 0x69, 0xb6, 0x33, 0x81, 0x3f, 0xc6, 0x0c};
  span.id = {0xee, 0xe1, 0x9b, 0x7e, 0xc3, 0xc1, 0xb1, 0x74};
  span.parent = SpanId{0xee, 0xe1, 0x9b, 0x7e, 0xc3, 0xc1, 0xb1, 0x73};
  span.name = "POST /x";
  span.start = 1544712660000000000;
  span.end = 1544712661000000000;
  span.attributes = {{"text", "a\"b"}, {"number", int64_t{9007199254740993}}};
  return span;
}

// The form is that of the example in OpenTelemetry's protocol repository: hexadecimal ids, 64-bit numbers as texts.
TEST(OtlpJsonTest, IsTheCollectorsForm) {
  const std::vector<Span> spans = {Example()};
  EXPECT_EQ(OtlpJson({"edge", "1.2", "host:1"}, spans),
            R"({"resourceSpans":[{"resource":{"attributes":[)"
            R"({"key":"service.name","value":{"stringValue":"edge"}},)"
            R"({"key":"service.version","value":{"stringValue":"1.2"}},)"
            R"({"key":"service.instance.id","value":{"stringValue":"host:1"}}]},)"
            R"("scopeSpans":[{"scope":{"name":"vecgate","version":"1.2"},"spans":[)"
            R"({"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174",)"
            R"("parentSpanId":"eee19b7ec3c1b173","name":"POST /x","kind":2,)"
            R"("startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000",)"
            R"("attributes":[{"key":"text","value":{"stringValue":"a\"b"}},)"
            R"({"key":"number","value":{"intValue":"9007199254740993"}}],"status":{}}]}]}]})");
}

TEST(OtlpJsonTest, FailuresAndRootsAndStates) {
  Span span = Example();
  span.parent.reset();
  span.failed = true;
  span.state = "a=1";
  span.kind = Span::Kind::kClient;
  const std::string text = OtlpJson({}, std::vector{span});
  EXPECT_EQ(text.find("parentSpanId"), std::string::npos);
  EXPECT_NE(text.find(R"("status":{"code":2})"), std::string::npos);
  EXPECT_NE(text.find(R"("traceState":"a=1")"), std::string::npos);
  EXPECT_NE(text.find(R"("kind":3)"), std::string::npos);
}

TEST(OtlpJsonTest, BytesThatAreNoTextDoNotSpoilTheBatch) {
  Span span = Example();
  span.attributes = {{"good", "g\u00fct"}, {"bad", "b\xff\xfe"}};
  const std::string text = OtlpJson({}, std::vector{span});
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(text.c_str());
  ASSERT_FALSE(document.HasParseError());
  EXPECT_NE(text.find("g\u00fct"), std::string::npos);
  EXPECT_NE(text.find("b??"), std::string::npos);
}

TEST(SpanQueueTest, HasABound) {
  SpanQueue queue(3);
  EXPECT_EQ(queue.Put({Example(), Example()}), 0u);
  EXPECT_EQ(queue.Put({Example(), Example()}), 1u);
  std::vector<Span> out;
  queue.TakeAll(&out);
  EXPECT_EQ(out.size(), 3u);
  queue.TakeAll(&out);
  EXPECT_EQ(out.size(), 3u);
  EXPECT_EQ(queue.Put({Example(), Example(), Example()}), 0u);
}

}  // namespace
}  // namespace vecgate::tracing
