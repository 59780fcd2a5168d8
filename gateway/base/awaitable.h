// Coroutines on one I/O thread.
//
// Every I/O thread runs an io_context of its own, so the executor needs neither type erasure nor strands.
//
// Two faults of g++ 12.2 to write around:
//   - the captures of a lambda inside a `co_await` expression are destroyed twice: name the closure first, or hand the
//     initiation a capture-less function object and its arguments by value, as below;
//   - `switch (co_await f())` lays the coroutine's frame out wrongly and crashes at its first resumption: name the value
//     first.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

namespace vecgate::base {

namespace asio = boost::asio;

using Executor = asio::io_context::executor_type;

template <typename T>
using Awaitable = asio::awaitable<T, Executor>;

using UseAwaitable = asio::use_awaitable_t<Executor>;
inline constexpr UseAwaitable kUseAwaitable{};
// Completion by value: `auto [error, n] = co_await stream.async_read_some(buffer, kAsTuple);`
inline constexpr asio::as_tuple_t<UseAwaitable> kAsTuple{UseAwaitable{}};

// One coroutine waiting for one event. All calls on the coroutine's own thread.
class Suspension {
 public:
  Suspension() = default;
  Suspension(const Suspension&) = delete;
  Suspension& operator=(const Suspension&) = delete;

  // Suspends until Resume. At most one coroutine waits at a time.
  Awaitable<void> Wait() { return asio::async_initiate<const UseAwaitable, void()>(Park{}, kUseAwaitable, this); }

  // Waits after running `start(argument)`, which may let another thread resume through a post to this one.
  template <typename Argument>
  Awaitable<void> WaitAfter(void (*start)(Argument*), Argument* argument) {
    return asio::async_initiate<const UseAwaitable, void()>(ParkAndStart{}, kUseAwaitable, this, start, argument);
  }

  bool waiting() const { return handler_.has_value(); }

  // Continues the waiting coroutine inside this call. It may destroy this object.
  void Resume() {
    Handler handler = std::move(*handler_);
    handler_.reset();
    std::move(handler)();
  }

 private:
  using Handler = asio::async_result<UseAwaitable, void()>::handler_type;

  struct Park {
    void operator()(Handler handler, Suspension* self) const { self->handler_.emplace(std::move(handler)); }
  };
  struct ParkAndStart {
    template <typename Argument>
    void operator()(Handler handler, Suspension* self, void (*start)(Argument*), Argument* argument) const {
      self->handler_.emplace(std::move(handler));
      start(argument);
    }
  };

  std::optional<Handler> handler_;
};

}  // namespace vecgate::base
