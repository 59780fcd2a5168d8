#include "tracing/span_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vecgate::tracing {

size_t SpanQueue::Put(std::vector<Span> spans) {
  const std::lock_guard lock(mutex_);
  const size_t taken = std::min(spans.size(), at_most_ - spans_.size());
  std::move(spans.begin(), spans.begin() + static_cast<ptrdiff_t>(taken), std::back_inserter(spans_));
  return spans.size() - taken;
}

void SpanQueue::TakeAll(std::vector<Span>* out) {
  std::vector<Span> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(spans_);
  }
  std::ranges::move(taken, std::back_inserter(*out));
}

}  // namespace vecgate::tracing
