// Upstream calls whose client was answered already: made for their effect, owned here until they end.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/awaitable.h"
#include "base/cancel.h"
#include "base/header.h"
#include "limits/gate.h"
#include "pipeline/request_work.h"
#include "upstream/client.h"

namespace vecgate::pipeline {

// One object per thread; everything but count() runs on that thread.
class BackgroundCalls {
 public:
  struct Job {
    std::unique_ptr<RequestWork> work;
    runtime::UpstreamCall call;  // its messages live in `work`
    base::Metadata metadata;
    limits::Held held;           // counts as a request until it ends
    std::string id;
    std::string_view endpoint;   // static storage
    runtime::Access access;
  };

  BackgroundCalls(base::Executor executor, upstream::Client& upstream) : executor_(executor), upstream_(upstream) {}

  void Start(Job job);
  // Ends all calls soon.
  void Cancel();
  // From any thread.
  size_t count() const { return count_.load(std::memory_order_acquire); }

 private:
  struct Running {
    base::CancelSource cancel;
    Running* previous = nullptr;
    Running* next = nullptr;
  };
  base::Awaitable<void> Run(Job job);

  base::Executor executor_;
  upstream::Client& upstream_;
  Running* first_ = nullptr;
  std::atomic<size_t> count_{0};
};

}  // namespace vecgate::pipeline
