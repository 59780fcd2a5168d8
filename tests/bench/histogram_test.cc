#include "histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace vecgate::bench {
namespace {

TEST(HistogramTest, IsEmptyAtFirst) {
  const Histogram histogram;
  EXPECT_EQ(histogram.total(), 0u);
  EXPECT_EQ(histogram.max(), 0u);
  EXPECT_EQ(histogram.Percentile(99), 0u);
}

TEST(HistogramTest, KeepsSmallTimesExactly) {
  Histogram histogram;
  for (std::uint64_t value = 0; value < 100; ++value) histogram.Record(value);
  EXPECT_EQ(histogram.Percentile(50), 49u);
  EXPECT_EQ(histogram.Percentile(100), 99u);
}

// Against the sorted list itself, over nine orders of magnitude.
TEST(HistogramTest, PercentilesAreRightToOneBucket) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponent(0, 9);
  std::vector<std::uint64_t> values;
  Histogram histogram;
  for (int i = 0; i < 100'000; ++i) {
    values.push_back(static_cast<std::uint64_t>(std::pow(10, exponent(random))));
    histogram.Record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (const double percent : {0.1, 1.0, 50.0, 90.0, 99.0, 99.9, 99.99}) {
    const auto rank = static_cast<std::size_t>(std::ceil(static_cast<double>(values.size()) * percent / 100));
    const std::uint64_t exact = values[rank - 1];
    EXPECT_GE(histogram.Percentile(percent), exact) << percent;
    EXPECT_LE(histogram.Percentile(percent), exact + exact / 64 + 1) << percent;
  }
  EXPECT_EQ(histogram.Percentile(100), values.back());
  EXPECT_EQ(histogram.max(), values.back());
}

TEST(HistogramTest, MergesAsIfRecordedInOne) {
  Histogram one;
  Histogram other;
  Histogram both;
  for (std::uint64_t value = 1; value < 5'000'000; value = value * 3 / 2 + 1) {
    (value % 2 == 0 ? one : other).Record(value);
    both.Record(value);
  }
  one.Merge(other);
  EXPECT_EQ(one.total(), both.total());
  EXPECT_EQ(one.max(), both.max());
  for (const double percent : {10.0, 50.0, 99.0}) EXPECT_EQ(one.Percentile(percent), both.Percentile(percent));
}

TEST(HistogramTest, CountsEndlessTimesAsItsLimit) {
  Histogram histogram;
  histogram.Record(~std::uint64_t{0});
  EXPECT_EQ(histogram.total(), 1u);
  EXPECT_EQ(histogram.Percentile(50), std::uint64_t{1} << 40);
}

}  // namespace
}  // namespace vecgate::bench
