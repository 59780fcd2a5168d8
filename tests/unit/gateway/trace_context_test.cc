#include "tracing/trace_context.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace vecgate::tracing {
namespace {

// The example of the W3C recommendation.
constexpr std::string_view kTrace = "0af7651916cd43dd8448eb211c80319c";
constexpr std::string_view kParent = "b7ad6b7169203331";
constexpr std::string_view kGiven = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TraceContext Begin(std::vector<base::Header> headers, Sampling sampling = {}) { return BeginTrace(headers, sampling); }

std::string Field(const base::Metadata& metadata, std::string_view name) {
  std::string found;
  for (const auto& [key, value] : metadata) {
    if (key == name) found += value;
  }
  return found;
}

TEST(TraceContextTest, ContinuesTheClientsTrace) {
  const TraceContext context = Begin({{"Traceparent", kGiven}, {"tracestate", "rojo=00f067aa0ba902b7"}});
  EXPECT_EQ(Hex(context.trace), kTrace);
  ASSERT_TRUE(context.parent.has_value());
  EXPECT_EQ(Hex(*context.parent), kParent);
  EXPECT_TRUE(context.sampled);
  EXPECT_NE(Hex(context.span), kParent);
  EXPECT_EQ(context.state, "rojo=00f067aa0ba902b7");
}

TEST(TraceContextTest, BrokenParentsAreNone) {
  for (const std::string_view given : {
           "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",      // capitals
           "00-00000000000000000000000000000000-b7ad6b7169203331-01",      // no trace
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",      // no span
           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",      // the version that is none
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",  // nothing follows in version 00
           "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
           "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
       }) {
    const TraceContext context = Begin({{"traceparent", given}, {"tracestate", "a=1"}});
    EXPECT_FALSE(context.parent.has_value()) << given;
    EXPECT_NE(Hex(context.trace), kTrace) << given;
    EXPECT_NE(context.trace, TraceId{}) << given;
    EXPECT_EQ(context.state, "") << given;
    EXPECT_FALSE(context.sampled) << given;
  }
  EXPECT_FALSE(Begin({{"traceparent", kGiven}, {"traceparent", kGiven}}).parent.has_value()) << "two are as good as none";
}

TEST(TraceContextTest, LaterVersionsMayHaveMore) {
  for (const std::string_view given : {"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                       "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what.the.future.brings"}) {
    const TraceContext context = Begin({{"traceparent", given}});
    EXPECT_EQ(Hex(context.trace), kTrace) << given;
    EXPECT_TRUE(context.sampled) << given;
  }
}

TEST(TraceContextTest, StateIsJoinedOrDropped) {
  const auto state = [](std::vector<base::Header> headers) {
    headers.push_back({"traceparent", kGiven});
    return Begin(std::move(headers)).state;
  };
  EXPECT_EQ(state({{"tracestate", "a=1, b=2"}, {"tracestate", "t@c=3"}}), "a=1,b=2,t@c=3");
  EXPECT_EQ(state({{"tracestate", "a=1,,"}}), "a=1");
  EXPECT_EQ(state({{"tracestate", "a=1,B=2"}}), "");
  EXPECT_EQ(state({{"tracestate", "a"}}), "");
  EXPECT_EQ(state({{"tracestate", "a=x=y"}}), "");
  EXPECT_EQ(state({{"tracestate", "a=\x01"}}), "");
  std::string many = "k0=v";
  for (int i = 1; i <= 32; ++i) many += ",k" + std::to_string(i) + "=v";
  EXPECT_EQ(state({{"tracestate", many}}), "");
  const std::string long_value = "a=" + std::string(250, 'x') + ",b=" + std::string(250, 'x') + ",c=" + std::string(20, 'x');
  EXPECT_EQ(state({{"tracestate", long_value}}), "");
}

TEST(SamplingTest, ParentDecidesUnlessToldOtherwise) {
  const std::string unsampled = std::string(kGiven.substr(0, 53)) + "00";
  EXPECT_TRUE(Begin({{"traceparent", kGiven}}, {0, true}).sampled);
  EXPECT_FALSE(Begin({{"traceparent", unsampled}}, {1, true}).sampled);
  EXPECT_FALSE(Begin({{"traceparent", kGiven}}, {0, false}).sampled);
  EXPECT_TRUE(Begin({{"traceparent", unsampled}}, {1, false}).sampled);
}

TEST(SamplingTest, RatioIsMet) {
  constexpr int kTraces = 20'000;
  int sampled = 0;
  for (int i = 0; i < kTraces; ++i) sampled += Begin({}, {0.1, true}).sampled ? 1 : 0;
  // Ten standard deviations of a binomial distribution are 424.
  EXPECT_NEAR(sampled, kTraces / 10, 424);
  // The same for one trace wherever it is asked: 0x0448eb211c80319c is 1.67 % of 2^64.
  EXPECT_TRUE(Begin({{"traceparent", "00-0af7651916cd43dd0448eb211c80319c-b7ad6b7169203331-00"}}, {0.04, false}).sampled);
  EXPECT_FALSE(Begin({{"traceparent", "00-0af7651916cd43dd0448eb211c80319c-b7ad6b7169203331-00"}}, {0.01, false}).sampled);
}

TEST(TraceContextTest, IdsAreNotRepeated) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const TraceContext context = Begin({});
    ids.insert(Hex(context.trace));
    ids.insert(Hex(context.span));
  }
  EXPECT_EQ(ids.size(), 2000u);
}

TEST(TraceContextTest, TellsTheUpstream) {
  TraceContext context = Begin({{"traceparent", kGiven}, {"tracestate", "a=1"}});
  base::Metadata metadata = {{"api-key", "k"}, {"traceparent", "old"}, {"x-request-id", "old"}, {"traceparent", "older"}};
  const SpanId span = NewSpanId();
  Propagate(context, span, "id-1", &metadata);
  EXPECT_EQ(Field(metadata, "traceparent"), "00-" + std::string(kTrace) + "-" + Hex(span) + "-01");
  EXPECT_EQ(Field(metadata, "tracestate"), "a=1");
  EXPECT_EQ(Field(metadata, "x-request-id"), "id-1");
  EXPECT_EQ(Field(metadata, "api-key"), "k");
  context = Begin({});
  Propagate(context, context.span, "id-2", &metadata);
  EXPECT_EQ(Field(metadata, "tracestate"), "") << "of another trace";
  EXPECT_TRUE(Field(metadata, "traceparent").ends_with("-00"));
}

TEST(RequestIdTest, IsTheClientsWhenItIsFit) {
  const TraceContext context = Begin({});
  const auto id = [&](std::vector<base::Header> headers) { return RequestId(headers, context); };
  EXPECT_EQ(id({{"X-Request-Id", "abc-1"}}), "abc-1");
  EXPECT_EQ(id({{"x-tracing-id", "t"}}), "t");
  EXPECT_EQ(id({{"x-tracing-id", "t"}, {"x-request-id", "r"}}), "r");
  EXPECT_EQ(id({{"x-request-id", "two words"}}), Hex(context.trace));
  EXPECT_EQ(id({{"x-request-id", "tab\t"}}), Hex(context.trace));
  EXPECT_EQ(id({{"x-request-id", std::string(129, 'a')}}), Hex(context.trace));
  EXPECT_EQ(id({}), Hex(context.trace));
}

}  // namespace
}  // namespace vecgate::tracing
