// Running another program for what it prints.
#pragma once

#include <absl/status/statusor.h>

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

namespace vecgate::auth {

// Blocks until the program has ended: call it on a thread of its own. The program sees no input, and its errors go
// where the gateway's go. Fails when it cannot be started, ends with another status than 0, prints more than `most`
// bytes, takes longer than `timeout`, or `give_up` becomes true; it is killed then, with everything it has started.
absl::StatusOr<std::string> RunCommand(const std::vector<std::string>& arguments, std::chrono::milliseconds timeout,
                                       size_t most, const std::atomic<bool>& give_up);

}  // namespace vecgate::auth
