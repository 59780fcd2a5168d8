#include "metrics/metrics.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <thread>

namespace vecgate::metrics {
namespace {

// The value of a sample in the text; "" when there is none.
std::string Sample(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + " ")) return line.substr(name.size() + 1);
  }
  return "";
}

TEST(MetricsTest, AddsUpTheThreads) {
  Metrics metrics({{"GET", "/a/{b}"}}, 2, "1.0");
  metrics.thread(0).Responded(0, 200, std::chrono::microseconds(40));
  metrics.thread(1).Responded(0, 200, std::chrono::microseconds(60));
  metrics.thread(1).Responded(1, 404, std::chrono::seconds(100));
  const std::string text = metrics.Text();
  EXPECT_EQ(Sample(text, R"(rest_responses_total{method="GET",endpoint="/a/{b}",status="200"})"), "2");
  EXPECT_EQ(Sample(text, R"(rest_responses_total{method="other",endpoint="unmatched",status="404"})"), "1");
  const std::string histogram = R"(rest_responses_duration_seconds_bucket{method="GET",endpoint="/a/{b}",status="200",le=)";
  EXPECT_EQ(Sample(text, histogram + "\"5e-05\"}"), "1") << text;
  EXPECT_EQ(Sample(text, histogram + "\"0.0001\"}"), "2");
  EXPECT_EQ(Sample(text, histogram + "\"+Inf\"}"), "2");
  EXPECT_EQ(Sample(text, R"(vecgate_build_info{version="1.0"})"), "1");
}

TEST(MetricsTest, CountsCodesRefusalsBytesAndGauges) {
  Metrics metrics({}, 1, "1.0");
  ThreadMetrics& thread = metrics.thread(0);
  thread.UpstreamResponded(0);
  thread.UpstreamResponded(14);
  thread.UpstreamResponded(99);
  thread.Refused(431);
  thread.in_flight.Add(3);
  thread.in_flight.Subtract(1);
  thread.request_bytes.Add(10);
  thread.Staged(Stage::kUpstream, std::chrono::milliseconds(2));
  metrics.AddGauge("own", "A number", [] { return 5.0; });
  const std::string text = metrics.Text();
  EXPECT_EQ(Sample(text, R"(vecgate_upstream_responses_total{code="OK"})"), "1");
  EXPECT_EQ(Sample(text, R"(vecgate_upstream_responses_total{code="UNAVAILABLE"})"), "1");
  EXPECT_EQ(Sample(text, R"(vecgate_upstream_responses_total{code="UNKNOWN"})"), "1");
  EXPECT_EQ(Sample(text, R"(vecgate_refusals_total{status="431"})"), "1");
  EXPECT_EQ(Sample(text, "vecgate_requests_in_flight"), "2");
  EXPECT_EQ(Sample(text, "vecgate_request_bytes_total"), "10");
  EXPECT_EQ(Sample(text, R"(vecgate_stage_seconds_count{stage="upstream"})"), "1");
  EXPECT_EQ(Sample(text, "own"), "5");
}

TEST(MetricsTest, CanBeReadWhileItIsWritten) {
  Metrics metrics({{"GET", "/"}}, 1, "1.0");
  std::thread writer([&] {
    for (int i = 0; i < 100'000; ++i) metrics.thread(0).Responded(0, 200 + i % 300, std::chrono::nanoseconds(i));
  });
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(metrics.Text().empty());
  writer.join();
}

TEST(StatusSlotTest, UnknownStatusesCountForTheirClass) {
  EXPECT_EQ(kStatuses[StatusSlot(422)], 422);
  EXPECT_EQ(kStatuses[StatusSlot(418)], 400);
  EXPECT_EQ(kStatuses[StatusSlot(299)], 200);
  EXPECT_EQ(kStatuses[StatusSlot(599)], 500);
  EXPECT_EQ(kStatuses[StatusSlot(100)], 500);
  EXPECT_EQ(kStatuses[StatusSlot(308)], 300);
}

}  // namespace
}  // namespace vecgate::metrics
