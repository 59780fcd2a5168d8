// Random scalars and texts, the same for the same seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace vecgate::property {

class RandomSource {
 public:
  explicit RandomSource(uint64_t seed) : engine_(seed) {}

  // Below `n`, which is not 0.
  uint64_t Below(uint64_t n) { return engine_() % n; }
  bool Chance(unsigned percent) { return Below(100) < percent; }
  // Mostly few: 0 to 3.
  int Count() { return static_cast<int>(Below(10) < 7 ? Below(3) : 3); }
  template <class T>
  const T& OneOf(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }

  // Small numbers and the ends of the range are as likely as those between.
  int64_t Signed(int bits);
  uint64_t Unsigned(int bits);
  float Float();
  double Double();
  // UTF-8, escapes of JSON and NUL included; may be empty.
  std::string Text();
  std::string Uuid();
  // A path of a payload key.
  std::string Path();
  // As a client may write it.
  std::string Datetime();
  // Within years 1 to 9999.
  int64_t Seconds();
  int32_t Nanos();

 private:
  std::mt19937_64 engine_;
};

}  // namespace vecgate::property
