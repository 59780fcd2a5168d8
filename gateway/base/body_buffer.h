// The bytes of a body, followed by readable padding.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

namespace vecgate::base {

// Readable bytes behind every body; their content is free. The JSON reader loads whole blocks.
inline constexpr size_t kBodyPadding = 64;

// Grows geometrically, never zero-fills. Not thread-safe.
class BodyBuffer {
 public:
  BodyBuffer() = default;
  ~BodyBuffer() { std::free(data_); }
  BodyBuffer(const BodyBuffer&) = delete;
  BodyBuffer& operator=(const BodyBuffer&) = delete;

  size_t size() const { return size_; }
  std::string_view view() const { return {data_, size_}; }

  // Forgets the content; gives memory beyond `keep` bytes back.
  void Clear(size_t keep) {
    size_ = 0;
    if (capacity_ <= keep) return;
    std::free(data_);
    data_ = nullptr;
    capacity_ = 0;
  }

  // Where the next `n` bytes go; they count once committed.
  char* Reserve(size_t n) {
    const size_t needed = size_ + n + kBodyPadding;
    if (capacity_ < needed) Grow(needed);
    return data_ + size_;
  }
  void Commit(size_t n) { size_ += n; }

  void Append(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(Reserve(bytes.size()), bytes.data(), bytes.size());
    size_ += bytes.size();
  }

 private:
  void Grow(size_t needed) {
    size_t capacity = capacity_ * 2;
    if (capacity < needed) capacity = needed;
    void* grown = std::realloc(data_, capacity);
    if (grown == nullptr) throw std::bad_alloc();
    data_ = static_cast<char*>(grown);
    capacity_ = capacity;
  }

  char* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace vecgate::base
