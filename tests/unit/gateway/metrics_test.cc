#include "metrics/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
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

TEST(MetricsTest, CountsRefusalsBytesAndOthers) {
  Metrics metrics({}, 1, "1.0");
  ThreadMetrics& thread = metrics.thread(0);
  thread.Refused(431);
  thread.in_flight.Add(3);
  thread.in_flight.Subtract(1);
  thread.request_bytes.Add(10);
  thread.Staged(Stage::kUpstream, std::chrono::milliseconds(2));
  metrics.AddGauge("own", "A number", [] { return 5.0; });
  metrics.AddReadCounters("labelled_total", "Numbers", {"a", "b"}, [] {
    return std::vector<metrics::Sample>{{{"x", "y"}, 7}, {{"z", "y"}, 8}};
  });
  const std::string text = metrics.Text();
  EXPECT_EQ(Sample(text, R"(labelled_total{a="x",b="y"})"), "7");
  EXPECT_EQ(Sample(text, R"(labelled_total{a="z",b="y"})"), "8");
  EXPECT_EQ(Sample(text, R"(vecgate_refusals_total{status="431"})"), "1");
  EXPECT_EQ(Sample(text, "vecgate_requests_in_flight"), "2");
  EXPECT_EQ(Sample(text, "vecgate_request_bytes_total"), "10");
  EXPECT_EQ(Sample(text, R"(vecgate_stage_seconds_count{stage="upstream"})"), "1");
  EXPECT_EQ(Sample(text, "own"), "5");
}

TEST(MetricsTest, RoomsCountForThemselves) {
  Metrics metrics({}, 1, "1.0");
  Counters& failures = metrics.AddCounters("failures_total", "Failures by reason", {"reason", "kind"}, 2);
  const size_t expired = failures.Series({"expired", "a"});
  const size_t unknown = failures.Series({"unknown", "b"});
  EXPECT_EQ(failures.Series({"expired", "a"}), expired);
  EXPECT_EQ(&metrics.AddCounters("failures_total", "", {}), &failures);
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) failures.Add(expired, 2);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::string text = metrics.Text();
  EXPECT_EQ(Sample(text, R"(failures_total{reason="expired",kind="a"})"), "24000");
  EXPECT_EQ(Sample(text, R"(failures_total{reason="unknown",kind="b"})"), "0") << "shown before it happens";
  failures.Add(unknown);
  failures.Add(failures.Series({"third", "c"}));
  failures.Add(failures.Series({"fourth", "d"}));
  text = metrics.Text();
  EXPECT_EQ(Sample(text, R"(failures_total{reason="unknown",kind="b"})"), "1");
  EXPECT_EQ(Sample(text, R"(failures_total{reason="other",kind="other"})"), "2");
  EXPECT_EQ(text.find("third"), std::string::npos);
}

TEST(MetricsTest, RoomsTellNumbersWithLabels) {
  Metrics metrics({}, 1, "1.0");
  metrics.AddGauges("expiry", "When certificates end", {"listener"}, [] {
    return std::vector<std::pair<std::vector<std::string>, double>>{{{"a"}, 1}, {{"b\"c"}, 2.5}};
  });
  const std::string text = metrics.Text();
  EXPECT_EQ(Sample(text, R"(expiry{listener="a"})"), "1");
  EXPECT_EQ(Sample(text, R"(expiry{listener="b\"c"})"), "2.5");
}

TEST(MetricsTest, CollectionsAreBounded) {
  Metrics metrics({{"GET", "/c/{c}"}}, 2, "1.0", 2);
  const auto time = std::chrono::milliseconds(1);
  metrics.thread(0).collections.Responded("guess", 0, 404, time);
  metrics.thread(0).collections.Responded("a", 0, 200, time);
  metrics.thread(1).collections.Responded("a", 0, 404, time);
  metrics.thread(1).collections.Responded("b", 0, 201, time);
  metrics.thread(0).collections.Responded("b", 0, 200, time);
  metrics.thread(0).collections.Responded("c", 0, 200, time);
  const std::string text = metrics.Text();
  const auto requests = [&](const std::string& name, const std::string& status) {
    return Sample(text, "vecgate_collection_requests_total{collection=\"" + name +
                            "\",method=\"GET\",endpoint=\"/c/{c}\",status=\"" + status + "\"}");
  };
  EXPECT_EQ(requests("a", "200"), "1");
  EXPECT_EQ(requests("a", "404"), "1");
  EXPECT_EQ(requests("b", "201"), "1");
  EXPECT_EQ(requests("b", "200"), "1");
  EXPECT_EQ(requests("other", "404"), "1");
  EXPECT_EQ(requests("other", "200"), "1");
  EXPECT_EQ(Sample(text, R"(vecgate_collection_duration_seconds_count{collection="a"})"), "2");
  EXPECT_EQ(text.find("guess"), std::string::npos);
}

TEST(MetricsTest, CollectionsNeedNotBeTold) {
  Metrics metrics({{"GET", "/c/{c}"}}, 1, "1.0");
  metrics.thread(0).collections.Responded("a", 0, 200, std::chrono::milliseconds(1));
  EXPECT_EQ(metrics.Text().find("vecgate_collection"), std::string::npos);
}

TEST(MetricsTest, BoundsHoldTheDatabasesOwn) {
  for (const uint64_t native : {50, 100, 500, 1'000, 5'000, 10'000, 50'000, 100'000, 500'000, 1'000'000, 5'000'000,
                                10'000'000, 50'000'000}) {
    EXPECT_NE(std::find(kTimeBounds.begin(), kTimeBounds.end(), native), kTimeBounds.end()) << native;
  }
}

TEST(MetricsTest, CanBeReadWhileItIsWritten) {
  Metrics metrics({{"GET", "/"}}, 1, "1.0", 20);
  std::thread writer([&] {
    for (int i = 0; i < 100'000; ++i) {
      metrics.thread(0).Responded(0, 200 + i % 300, std::chrono::nanoseconds(i));
      metrics.thread(0).collections.Responded(std::to_string(i % 30), 0, 200, std::chrono::nanoseconds(i));
    }
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
