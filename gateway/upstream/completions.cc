#include "upstream/completions.h"

#include <pthread.h>

#include "upstream/handover.h"

namespace vecgate::upstream {
namespace {

void Run(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;  // of no meaning to unary calls, whose status tells all
  while (queue.Next(&tag, &ok)) {
    TakeBack(tag);
    static_cast<Completion*>(tag)->Completed();
  }
}

}  // namespace

Completions::Completions(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    queues_.push_back(std::make_unique<grpc::CompletionQueue>());
    threads_.emplace_back(&Run, std::ref(*queues_.back()));
    pthread_setname_np(threads_.back().native_handle(), "completions");
  }
}

Completions::~Completions() {
  for (const auto& queue : queues_) queue->Shutdown();
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace vecgate::upstream
