// A growable run of bytes for replies. Grows geometrically, never zero-fills. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace vecgate::runtime {

class OutputBuffer {
 public:
  using Ch = char;  // what RapidJSON's writer asks of a stream

  OutputBuffer() = default;
  explicit OutputBuffer(size_t capacity) { Grow(capacity); }
  OutputBuffer(OutputBuffer&& other) noexcept { Swap(other); }
  OutputBuffer& operator=(OutputBuffer&& other) noexcept {
    Swap(other);
    return *this;
  }
  ~OutputBuffer() { std::free(data_); }

  char* data() { return data_; }
  const char* data() const { return data_; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {data_, size_}; }
  // Forgets the content, keeps the memory.
  void Clear() { size_ = 0; }

  // Room for `n` more bytes; they count once Commit is called.
  char* Reserve(size_t n) {
    if (capacity_ - size_ < n) Grow(size_ + n);
    return data_ + size_;
  }
  void Commit(size_t n) { size_ += n; }

  void Append(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(Reserve(text.size()), text.data(), text.size());
    size_ += text.size();
  }
  void Put(char c) {
    *Reserve(1) = c;
    ++size_;
  }
  void Flush() {}

 private:
  void Swap(OutputBuffer& other) {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }
  void Grow(size_t needed) {
    size_t capacity = capacity_ < 256 ? 512 : capacity_ * 2;
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

}  // namespace vecgate::runtime
