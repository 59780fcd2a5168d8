// Coroutines side by side on one I/O thread.
#pragma once

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <cstddef>
#include <exception>

#include "base/awaitable.h"

namespace vecgate::base {

// Awaits make(0) ... make(count - 1), at most `limit` of them at a time, and goes on when all have ended. The first
// exception of one is thrown then. `executor` is that of the awaiting coroutine; `make` outlives the call.
template <typename Make>
Awaitable<void> AtOnce(Executor executor, size_t count, size_t limit, Make& make) {
  struct Progress {
    Make& make;
    const size_t count;
    size_t next = 0;
    size_t running = 0;
    std::exception_ptr failure = nullptr;
    Suspension ended;
  };
  struct Runner {
    static Awaitable<void> Run(Progress& progress) {
      while (progress.next < progress.count) co_await progress.make(progress.next++);
    }
  };
  Progress progress{make, count};
  const size_t runners = std::min(count, limit);
  progress.running = runners;
  for (size_t i = 0; i < runners; ++i) {
    auto ended = [&progress](std::exception_ptr failure) {
      if (failure != nullptr && progress.failure == nullptr) progress.failure = failure;
      --progress.running;
      if (progress.ended.waiting()) progress.ended.Resume();
    };
    asio::co_spawn(executor, Runner::Run(progress), ended);
  }
  while (progress.running > 0) co_await progress.ended.Wait();
  if (progress.failure != nullptr) std::rethrow_exception(progress.failure);
}

}  // namespace vecgate::base
