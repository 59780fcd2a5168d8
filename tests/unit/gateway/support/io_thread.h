// An I/O thread for tests.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>
#include <utility>

#include "base/awaitable.h"

namespace vecgate::test {

class IoThread {
 public:
  IoThread() : thread_([this] { io_.run(); }) {}
  ~IoThread() { Join(); }

  boost::asio::io_context& io() { return io_; }

  // Runs `work` on the thread and waits for it.
  template <typename Work>
  void Run(Work work) {
    std::promise<void> done;
    boost::asio::post(io_, [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  // Waits until nothing is left to do.
  void Join() {
    guard_.reset();
    if (thread_.joinable()) thread_.join();
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<base::Executor> guard_{io_.get_executor()};
  std::thread thread_;
};

}  // namespace vecgate::test
