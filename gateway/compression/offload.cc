#include "compression/offload.h"

#include <boost/asio/post.hpp>
#include <exception>

namespace vecgate::compression {
namespace {

// Jobs that wait for a thread of the pool, at most.
constexpr size_t kMostWaiting = 64;

}  // namespace

// Lives in the awaiting coroutine's frame until the pool has handed it back.
struct Offload::Job {
  Offload& offload;
  base::Executor executor;
  void (*work)(void* arguments);
  void* arguments;
  std::exception_ptr failure = nullptr;
  base::Suspension done = {};

  void Do() {
    try {
      work(arguments);
    } catch (...) {  // belongs to the coroutine
      failure = std::current_exception();
    }
  }
  static void Start(Job* job) {
    boost::asio::post(job->offload.pool_, [job] {
      job->offload.waiting_.fetch_sub(1, std::memory_order_relaxed);
      job->Do();
      boost::asio::post(job->executor, [job] { job->done.Resume(); });
    });
  }
};

base::Awaitable<void> Offload::Run(Job& job) {
  if (waiting_.fetch_add(1, std::memory_order_relaxed) >= kMostWaiting) {
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    job.Do();
  } else {
    co_await job.done.WaitAfter(&Job::Start, &job);
  }
  if (job.failure) std::rethrow_exception(job.failure);
}

base::Awaitable<void> Offload::Encode(base::Executor executor, Coding coding, Levels levels, std::string_view plain,
                                      base::BodyBuffer* out) {
  struct Arguments {
    Coding coding;
    Levels levels;
    std::string_view plain;
    base::BodyBuffer* out;
  } arguments{coding, levels, plain, out};
  Job job{*this, executor,
          [](void* given) {
            thread_local Encoder encoder;
            auto& job = *static_cast<Arguments*>(given);
            encoder.Encode(job.coding, job.levels, job.plain, job.out);
          },
          &arguments};
  co_await Run(job);
}

base::Awaitable<DecodeResult> Offload::Decode(base::Executor executor, Coding coding, std::string_view coded,
                                              uint64_t limit, base::BodyBuffer* out) {
  struct Arguments {
    Coding coding;
    std::string_view coded;
    uint64_t limit;
    base::BodyBuffer* out;
    DecodeResult result;
  } arguments{coding, coded, limit, out, {}};
  Job job{*this, executor,
          [](void* given) {
            thread_local Decoder decoder;
            auto& job = *static_cast<Arguments*>(given);
            job.result = decoder.Decode(job.coding, job.coded, job.limit, job.out);
          },
          &arguments};
  co_await Run(job);
  co_return arguments.result;
}

}  // namespace vecgate::compression
