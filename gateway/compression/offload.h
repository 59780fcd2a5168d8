// Coding of large bodies, away from the threads that serve connections.
//
// A reply of some megabytes takes tens of milliseconds to compress; as long, every other connection of that I/O thread
// would wait. Jobs that find the queue full are done in place: then the machine has more to do than it can anyway.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>

#include "base/awaitable.h"
#include "compression/coding.h"
#include "compression/decoder.h"
#include "compression/encoder.h"

namespace vecgate::compression {

// Shared by all I/O threads; outlives their coroutines.
class Offload {
 public:
  // `threads`: at least 1.
  explicit Offload(size_t threads) : pool_(threads) {}
  ~Offload() { pool_.join(); }
  Offload(const Offload&) = delete;
  Offload& operator=(const Offload&) = delete;

  // As Encoder::Encode and Decoder::Decode. `executor` is that of the awaiting coroutine; views and buffers outlive the
  // call.
  base::Awaitable<void> Encode(base::Executor executor, Coding coding, Levels levels, std::string_view plain,
                               base::BodyBuffer* out);
  base::Awaitable<DecodeResult> Decode(base::Executor executor, Coding coding, std::string_view coded, uint64_t limit,
                                       base::BodyBuffer* out);

 private:
  struct Job;
  base::Awaitable<void> Run(Job& job);

  boost::asio::thread_pool pool_;
  std::atomic<size_t> waiting_{0};
};

}  // namespace vecgate::compression
