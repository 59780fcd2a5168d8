// Where calls pass from our threads through gRPC to those that wait on its queues, and their results back: the only place.
//
// The library's own locks order what was written before a call was begun in front of what is read when it has ended, and
// the post to the executor orders everything written before it in front of everything the posted function reads. The
// library is not built with ThreadSanitizer, so that order is also told to it by name.
#pragma once

#include <boost/asio/post.hpp>

#include "base/awaitable.h"

#if defined(__SANITIZE_THREAD__)
extern "C" void __tsan_acquire(void* address);
extern "C" void __tsan_release(void* address);
#endif

namespace vecgate::upstream {

// Before gRPC is given `tag`, and as soon as it gives it back.
inline void GiveAway([[maybe_unused]] void* tag) {
#if defined(__SANITIZE_THREAD__)
  __tsan_release(tag);
#endif
}
inline void TakeBack([[maybe_unused]] void* tag) {
#if defined(__SANITIZE_THREAD__)
  __tsan_acquire(tag);
#endif
}

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
