#include "compression/coding.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace vecgate::compression {
namespace {

constexpr std::array<std::pair<Coding, std::string_view>, 5> kNames = {{{Coding::kIdentity, "identity"},
                                                                        {Coding::kBrotli, "br"},
                                                                        {Coding::kGzip, "gzip"},
                                                                        {Coding::kDeflate, "deflate"},
                                                                        {Coding::kZstd, "zstd"}}};

std::optional<Coding> Find(std::string_view name) {
  for (const auto& [coding, known] : kNames) {
    if (base::EqualsIgnoreCase(name, known)) return coding;
  }
  return std::nullopt;
}

// The weight of "gzip;q=0.5" in thousandths. Nothing when it is malformed.
std::optional<unsigned> Weight(std::string_view parameter) {
  parameter = base::Trim(parameter);
  if (!base::StartsWithIgnoreCase(parameter, "q=")) return std::nullopt;
  const std::string_view digits = parameter.substr(2);
  if (digits.empty() || digits.size() > 5 || digits[0] > '1' || digits[0] < '0') return std::nullopt;
  if (digits.size() > 1 && digits[1] != '.') return std::nullopt;
  unsigned weight = static_cast<unsigned>(digits[0] - '0') * 1000;
  unsigned place = 100;
  for (size_t i = 2; i < digits.size(); ++i, place /= 10) {
    if (digits[i] < '0' || digits[i] > '9') return std::nullopt;
    weight += place * static_cast<unsigned>(digits[i] - '0');
  }
  if (weight > 1000) return std::nullopt;
  return weight;
}

struct Choice {
  std::optional<Coding> best;
  unsigned best_weight = 0;
  // The highest weight that speaks of identity: by its name, or by "*".
  std::optional<unsigned> identity_weight;

  void Consider(std::string_view element) {
    const size_t semicolon = element.find(';');
    const std::string_view name = base::Trim(element.substr(0, semicolon));
    unsigned weight = 1000;
    if (semicolon != std::string_view::npos) {
      const std::optional<unsigned> given = Weight(element.substr(semicolon + 1));
      if (!given.has_value()) return;
      weight = *given;
    }
    const std::optional<Coding> coding = Find(name);
    if (coding == Coding::kIdentity || name == "*") {
      if (!identity_weight.has_value() || weight > *identity_weight) identity_weight = weight;
    }
    if (coding.has_value() && weight > best_weight) {
      best = coding;
      best_weight = weight;
    }
  }
};

}  // namespace

std::string_view NameOf(Coding coding) { return kNames[static_cast<size_t>(coding)].second; }

Coding RequestCoding(base::Headers headers) {
  for (const base::Header& header : headers) {
    if (!base::EqualsIgnoreCase(header.name, "content-encoding")) continue;
    return Find(base::Trim(header.value)).value_or(Coding::kIdentity);
  }
  return Coding::kIdentity;
}

std::optional<Coding> ReplyCoding(base::Headers headers) {
  Choice choice;
  for (const base::Header& header : headers) {
    if (!base::EqualsIgnoreCase(header.name, "accept-encoding")) continue;
    for (const std::string_view element : base::Split(header.value, ',')) choice.Consider(element);
  }
  if (choice.best.has_value()) return choice.best;
  // "*" names no coding of ours: a client that offers anything gets the plain bytes.
  if (choice.identity_weight.value_or(1) == 0) return std::nullopt;
  return Coding::kIdentity;
}

}  // namespace vecgate::compression
