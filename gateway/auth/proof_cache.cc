#include "auth/proof_cache.h"

namespace vecgate::auth {

const Verdict* ProofCache::Find(const Fingerprint& fingerprint, Clock::time_point now) {
  const auto found = verdicts_.find(fingerprint);
  if (found == verdicts_.end() || found->second.until <= now) return nullptr;
  return &found->second.verdict;
}

void ProofCache::Put(const Fingerprint& fingerprint, Verdict verdict, Clock::time_point now) {
  DropOld(now);
  const auto [at, is_new] = verdicts_.try_emplace(fingerprint);
  // A verdict replaced keeps its place in the order and its end, which only makes it be asked for again sooner.
  at->second.verdict = std::move(verdict);
  if (!is_new) return;
  at->second.until = now + lifetime_;
  order_.push_back(fingerprint);
}

void ProofCache::DropOld(Clock::time_point now) {
  while (!order_.empty()) {
    const auto oldest = verdicts_.find(order_.front());
    if (oldest->second.until > now && verdicts_.size() < capacity_) break;
    verdicts_.erase(oldest);
    order_.pop_front();
  }
}

}  // namespace vecgate::auth
