#include "runtime/minus_zero.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace vecgate::runtime {
namespace {

// What may stand beside a number in a JSON text. In strings, UUIDs and dates are full of "-0".
bool MayFollow(char c) { return std::string_view(",]} \n\r\t").find(c) != std::string_view::npos; }
bool MayPrecede(char c) { return std::string_view(",[: \n\r\t").find(c) != std::string_view::npos; }

bool StandsAt(std::string_view body, size_t i) {
  if (body[i] != '-' || i + 1 == body.size() || body[i + 1] != '0') return false;
  if (i > 0 && !MayPrecede(body[i - 1])) return false;
  return i + 2 == body.size() || MayFollow(body[i + 2]);
}

bool FindFrom(std::string_view body, size_t from) {
  for (size_t i = from; i < body.size(); ++i) {
    if (StandsAt(body, i)) return true;
  }
  return false;
}

struct Width16 {
  using Lanes [[gnu::vector_size(16)]] = int8_t;
};
struct Width32 {
  using Lanes [[gnu::vector_size(32)]] = int8_t;
};

// Vectors of floats are full of "-0.": a search for '-' or "-0" would stop at every second number. So three
// shifted copies of the text are compared at once, and only "-0" without '.' behind is looked at closely.
template <class Width>
[[gnu::always_inline]] inline bool Scan(std::string_view body) {
  using Lanes = typename Width::Lanes;
  constexpr size_t kWidth = sizeof(Lanes);
  constexpr size_t kBlock = 4 * kWidth;
  const Lanes minus = Lanes{} + '-';
  const Lanes zero = Lanes{} + '0';
  const Lanes point = Lanes{} + '.';
  size_t at = 0;
  for (; at + kBlock + 2 <= body.size(); at += kBlock) {
    Lanes hits{};
    for (size_t i = 0; i < kBlock; i += kWidth) {
      Lanes first, second, third;
      std::memcpy(&first, body.data() + at + i, kWidth);
      std::memcpy(&second, body.data() + at + i + 1, kWidth);
      std::memcpy(&third, body.data() + at + i + 2, kWidth);
      hits |= (first == minus) & (second == zero) & (third != point);
    }
    uint64_t words[kWidth / sizeof(uint64_t)];
    std::memcpy(words, &hits, kWidth);
    uint64_t any = 0;
    for (const uint64_t word : words) any |= word;
    if (any == 0) continue;
    // A lane that hit stands for one place in each of the block's parts.
    for (size_t lane = 0; lane < kWidth; ++lane) {
      if (hits[lane] == 0) continue;
      for (size_t i = at + lane; i < at + kBlock; i += kWidth) {
        if (StandsAt(body, i)) return true;
      }
    }
  }
  return FindFrom(body, at);
}

#ifdef __x86_64__
[[gnu::target("avx2")]] bool ScanAvx2(std::string_view body) { return Scan<Width32>(body); }
#endif
bool ScanPlain(std::string_view body) { return Scan<Width16>(body); }

using Function = bool (*)(std::string_view);
Function Choose() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2")) return ScanAvx2;
#endif
  return ScanPlain;
}

}  // namespace

bool HasMinusZero(std::string_view body) {
  static const Function kScan = Choose();
  return kScan(body);
}

}  // namespace vecgate::runtime
