// Spans on their way from an I/O thread to the exporter.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "tracing/span.h"

namespace vecgate::tracing {

// Each I/O thread has one; only the exporter's taking meets it there, now and then.
class SpanQueue {
 public:
  explicit SpanQueue(size_t at_most) : at_most_(at_most) {}
  SpanQueue(const SpanQueue&) = delete;
  SpanQueue& operator=(const SpanQueue&) = delete;

  // How many of `spans` found no room and are lost.
  size_t Put(std::vector<Span> spans);
  // Moves everything to the end of `out`.
  void TakeAll(std::vector<Span>* out);

 private:
  const size_t at_most_;
  std::mutex mutex_;
  std::vector<Span> spans_;
};

}  // namespace vecgate::tracing
