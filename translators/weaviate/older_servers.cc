#include "weaviate/older_servers.h"

#include <charconv>
#include <string_view>
#include <utility>

namespace vecgate::translators::weaviate {
namespace {

using ::weaviate::v1::Hybrid;
using runtime::UpstreamFacts;

constexpr std::pair<int, int> kAlphaParam{1, 36};
constexpr float kDefaultAlpha = 0.75F;

// False when the version is not told, or no version.
bool IsBefore(std::string_view version, std::pair<int, int> other) {
  std::pair<int, int> own;
  const char* const end = version.data() + version.size();
  const auto major = std::from_chars(version.data(), end, own.first);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return false;
  const auto minor = std::from_chars(major.ptr + 1, end, own.second);
  return minor.ec == std::errc() && own < other;
}

// What older servers read is what newer ones call deprecated.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
void Suit(const UpstreamFacts& facts, Hybrid* hybrid) {
  if (IsBefore(facts.version, kAlphaParam))
    hybrid->set_alpha(hybrid->has_alpha_param() ? hybrid->alpha_param() : kDefaultAlpha);
}
#pragma GCC diagnostic pop

}  // namespace

void SuitServer(const UpstreamFacts& facts, ::weaviate::v1::SearchRequest* request) {
  if (request->has_hybrid_search()) Suit(facts, request->mutable_hybrid_search());
}

void SuitServer(const UpstreamFacts& facts, ::weaviate::v1::AggregateRequest* request) {
  if (request->has_hybrid()) Suit(facts, request->mutable_hybrid());
}

}  // namespace vecgate::translators::weaviate
