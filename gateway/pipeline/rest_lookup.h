// Small questions that a translation has for the database's REST port.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "auth/timed_cache.h"
#include "base/awaitable.h"
#include "base/cancel.h"
#include "base/header.h"
#include "pipeline/rest_port.h"
#include "runtime/translation.h"

namespace vecgate::pipeline {

// Answers are kept for a few seconds for the credential that got them, and dropped when something was written through
// the REST port. One object per thread.
class RestLookup {
 public:
  RestLookup();

  // GET of `path` (with query) in the caller's name. An answer of status 200 is an outcome of code 0 with its body; others
  // are told by the gRPC code nearest to them. All arguments outlive the call.
  base::Awaitable<runtime::CallOutcome> Get(const RestPort& rest, const std::string& path,
                                            const base::Metadata& metadata, std::chrono::milliseconds time,
                                            base::Executor executor, base::CancelSource* cancel);

 private:
  auth::TimedCache<runtime::CallOutcome> known_;
  uint64_t writes_ = 0;  // seen when `known_` was filled
};

}  // namespace vecgate::pipeline
