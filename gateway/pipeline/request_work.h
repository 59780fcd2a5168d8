// Memory and state of one request's translation.
#pragma once

#include <google/protobuf/arena.h>

#include "runtime/translation.h"

namespace vecgate::pipeline {

// All messages of a request live on its arena; small ones within the first block, which comes with the object.
class RequestWork {
 public:
  RequestWork(const runtime::Api& api, const runtime::CompiledRoute& route)
      : arena_(Options(first_block_)), translation_(api, route, &arena_) {}
  RequestWork(const RequestWork&) = delete;
  RequestWork& operator=(const RequestWork&) = delete;

  runtime::Translation& translation() { return translation_; }

 private:
  static constexpr size_t kFirstBlock = 16 * 1024;
  static constexpr size_t kLargestBlock = 256 * 1024;

  static google::protobuf::ArenaOptions Options(char* first_block) {
    google::protobuf::ArenaOptions options;
    options.initial_block = first_block;
    options.initial_block_size = kFirstBlock;
    options.start_block_size = kFirstBlock;
    options.max_block_size = kLargestBlock;
    return options;
  }

  alignas(8) char first_block_[kFirstBlock];
  google::protobuf::Arena arena_;
  runtime::Translation translation_;
};

}  // namespace vecgate::pipeline
