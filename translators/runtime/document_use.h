// The document that a body is parsed into.
#pragma once

#include <cstddef>

#include "runtime/json_value.h"

namespace vecgate::runtime {

// Parsing and reading never wait, so one document serves all requests of a thread (and of a depth) and keeps its memory,
// up to what JsonDocument::Release leaves. At most one use of a depth at a time on a thread.
class DocumentUse {
 public:
  explicit DocumentUse(size_t max_depth);
  ~DocumentUse();
  DocumentUse(const DocumentUse&) = delete;
  DocumentUse& operator=(const DocumentUse&) = delete;

  // What was parsed is gone when the use ends.
  JsonDocument& document() const { return document_; }

 private:
  JsonDocument& document_;
};

}  // namespace vecgate::runtime
