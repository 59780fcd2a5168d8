// Where results pass from gRPC's threads to ours: the only place.
//
// The post to the executor orders everything written before it in front of everything the posted function reads. gRPC's
// library is not built with ThreadSanitizer, so that order is also told to it by name.
#pragma once

#include <boost/asio/post.hpp>

#include "base/awaitable.h"

#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace vecgate::upstream {

// Runs `result->Arrive()` on `executor`'s thread. Called from any thread; `result` is not touched here afterwards.
template <typename Result>
void HandOver(const base::Executor& executor, Result* result) {
#if defined(__SANITIZE_THREAD__)
  __tsan_release(result);
#endif
  boost::asio::post(executor, [result] {
#if defined(__SANITIZE_THREAD__)
    __tsan_acquire(result);
#endif
    result->Arrive();
  });
}

}  // namespace vecgate::upstream
