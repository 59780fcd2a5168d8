// A file of this process alone: every test runs in a process of its own, several at once.

#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

namespace vecgate {

inline std::string TempPath(const std::string& name) {
  return testing::TempDir() + "vecgate_" + std::to_string(getpid()) + "_" + name;
}

}  // namespace vecgate
