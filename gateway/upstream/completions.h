// Where gRPC tells that calls have ended: completion queues, each with a thread that waits on it.
//
// gRPC's own threads for callbacks take turns: whoever finds an event first wakes another one to look for the next. With a
// thread of its own for each I/O thread's calls there is nobody to wake.
#pragma once

#include <grpcpp/completion_queue.h>

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace vecgate::upstream {

// What is told; a call's tag. It may be gone when Completed returns.
class Completion {
 public:
  // On a thread of the queue.
  virtual void Completed() = 0;

 protected:
  ~Completion() = default;
};

class Completions {
 public:
  explicit Completions(size_t count);
  // Waits for calls that have not ended.
  ~Completions();
  Completions(const Completions&) = delete;
  Completions& operator=(const Completions&) = delete;

  size_t size() const { return queues_.size(); }
  grpc::CompletionQueue& queue(size_t index) { return *queues_[index]; }

 private:
  std::vector<std::unique_ptr<grpc::CompletionQueue>> queues_;
  std::vector<std::thread> threads_;
};

}  // namespace vecgate::upstream
