// A timer of one I/O thread.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>

#include "base/awaitable.h"

namespace vecgate::base {

using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

}  // namespace vecgate::base
