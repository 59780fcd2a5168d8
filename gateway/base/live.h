// A value that is replaced while threads use it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace vecgate::base {

// Holds an immutable object. Whoever changes the configuration sets a new one; each thread reads through a View of its
// own, which costs one load of a counter that hardly ever changes. A user keeps the pointer as long as it needs the
// object to stay: a request, a handshake.
template <typename T>
class Live {
 public:
  explicit Live(std::shared_ptr<const T> value) : value_(std::move(value)) {}
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  // From any thread.
  void Set(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_.swap(value);
    version_.fetch_add(1, std::memory_order_release);
  }
  // From any thread, for what happens now and then.
  std::shared_ptr<const T> Get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }

  // Of one thread; `live` outlives it.
  class View {
   public:
    explicit View(const Live& live) : live_(live) {}

    const std::shared_ptr<const T>& Get() {
      if (const uint64_t version = live_.version_.load(std::memory_order_acquire); version != version_) {
        // A reference count for this thread alone: threads that count on the same one slow each other down.
        const auto own = std::make_shared<std::shared_ptr<const T>>(live_.Get());
        value_ = std::shared_ptr<const T>(own, own->get());
        version_ = version;
      }
      return value_;
    }

   private:
    const Live& live_;
    uint64_t version_ = 0;
    std::shared_ptr<const T> value_;
  };

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
  std::atomic<uint64_t> version_{1};
};

}  // namespace vecgate::base
