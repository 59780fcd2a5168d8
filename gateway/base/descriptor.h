// A file descriptor with an owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace vecgate::base {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }

  int value() const { return value_; }
  explicit operator bool() const { return value_ >= 0; }
  // The caller owns it from now on.
  [[nodiscard]] int Release() { return std::exchange(value_, -1); }

 private:
  int value_ = -1;
};

}  // namespace vecgate::base
