// A batch as requests that are no larger than the server takes, made one after another.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <cstddef>
#include <vector>

#include "weaviate/request.h"

namespace vecgate::translators::weaviate {

// Request is a message whose items are Item. All live on the arena of the context.
template <class Request, class Item>
class BatchParts {
 public:
  using Items = google::protobuf::RepeatedPtrField<Item>* (Request::*)();

  // Takes the items of `all`, which must not be used any more. By bytes: items are as large as they like. One that is too
  // large by itself is a part of its own, which the server refuses.
  void Split(const runtime::OperationContext& context, Request* all, Items items) {
    const size_t limit = context.api.facts().max_message_bytes;
    if (all->ByteSizeLong() <= limit) {
      parts_.push_back({all, static_cast<size_t>((all->*items)()->size())});
      return;
    }
    const std::vector<Item*> list((all->*items)()->pointer_begin(), (all->*items)()->pointer_end());
    // They change hands as they are.
    (all->*items)()->UnsafeArenaExtractSubrange(0, (all->*items)()->size(), nullptr);
    const size_t empty = all->ByteSizeLong();
    size_t size = 0;
    for (Item* item : list) {
      const size_t grown = item->ByteSizeLong() + kFieldBytes;
      if (parts_.empty() || size + grown > limit) {
        auto* request = NewMessage<Request>(context);
        request->CopyFrom(*all);
        parts_.push_back({request, 0});
        size = empty;
      }
      (parts_.back().request->*items)()->UnsafeArenaAddAllocated(item);
      ++parts_.back().items;
      size += grown;
    }
  }

  // The part to call now, and its place in the whole: item i of it is item first() + i. Neither when done().
  Request* request() const { return parts_[current_].request; }
  size_t first() const { return first_; }
  size_t items() const { return parts_[current_].items; }

  bool done() const { return current_ == parts_.size(); }
  void Next() { first_ += parts_[current_++].items; }

 private:
  // Of a message in a repeated field: its tag and the length before it, at the most.
  static constexpr size_t kFieldBytes = 6;
  struct Part {
    Request* request;
    size_t items;
  };
  std::vector<Part> parts_;
  size_t current_ = 0;
  size_t first_ = 0;  // items in the parts before the current one
};

}  // namespace vecgate::translators::weaviate
