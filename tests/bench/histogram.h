#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace vecgate::bench {

// Counts times in nanoseconds. Buckets are at most 1/64 of their value wide, so percentiles are right to 1.6 % at any
// size, and recording costs a few instructions. Times beyond 18 minutes count as that. For one thread; merge the rest.
class Histogram {
 public:
  Histogram() : counts_(IndexOf(kLimit) + 1) {}

  void Record(std::uint64_t nanoseconds) {
    const std::uint64_t value = std::min(nanoseconds, kLimit);
    ++counts_[IndexOf(value)];
    ++total_;
    max_ = std::max(max_, value);
  }

  void Merge(const Histogram& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    total_ += other.total_;
    max_ = std::max(max_, other.max_);
  }

  // The time that `percent` of all recorded ones do not exceed, rounded up to the end of its bucket. 0 without any.
  std::uint64_t Percentile(double percent) const {
    const auto rank = static_cast<std::uint64_t>(std::ceil(static_cast<double>(total_) * percent / 100));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (counts_[i] > 0 && seen >= rank) return std::min(EndOf(i), max_);
    }
    return 0;
  }

  std::uint64_t total() const { return total_; }
  std::uint64_t max() const { return max_; }

 private:
  static constexpr std::uint64_t kLimit = std::uint64_t{1} << 40;
  static constexpr int kBits = 6;
  static constexpr std::uint64_t kPerOctave = std::uint64_t{1} << kBits;

  // Values below 2 * kPerOctave have a bucket each; each further octave has kPerOctave.
  static std::size_t IndexOf(std::uint64_t value) {
    const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - kBits - 1);
    return static_cast<std::size_t>(static_cast<std::uint64_t>(shift) * kPerOctave + (value >> shift));
  }

  // The largest value of a bucket.
  static std::uint64_t EndOf(std::size_t index) {
    if (index < 2 * kPerOctave) return index;
    const std::uint64_t shift = index / kPerOctave - 1;
    return ((index - shift * kPerOctave + 1) << shift) - 1;
  }

  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace vecgate::bench
