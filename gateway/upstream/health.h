// Whether the upstream answers, and which version it is.
#pragma once

#include <grpcpp/generic/generic_stub.h>

#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "base/awaitable.h"
#include "base/cancel.h"
#include "runtime/route.h"

namespace vecgate::upstream {

// Asks the upstream's health method again and again. Ready as soon as it answers, not ready as soon as it does not.
class HealthMonitor {
 public:
  struct Settings {
    bool check_compatibility = true;
    std::chrono::milliseconds when_ready{2'000};  // between two questions
    std::chrono::milliseconds when_away{1'000};
    std::chrono::milliseconds timeout{3'000};
  };

  // `stub` and `api` outlive the monitor.
  HealthMonitor(boost::asio::io_context& io, grpc::GenericStub& stub, const runtime::ApiSpec& api, Settings settings);

  // Runs until Stop. Runs once, on the thread of `io`.
  base::Awaitable<void> Run();
  void Stop();

  // From any thread.
  bool ready() const { return ready_.load(std::memory_order_relaxed); }

 private:
  void Learn(const google::protobuf::Message& reply);
  void BecomeReady(bool ready, std::string_view why);

  base::Executor executor_;
  grpc::GenericStub& stub_;
  const runtime::ApiSpec& api_;
  const Settings settings_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    base::Executor>
      timer_;
  base::CancelSource stop_;
  std::string version_;
  bool asked_ = false;
  std::atomic<bool> ready_{false};
};

// True when the major.minor of `version` lies within [oldest, newest]. Versions that cannot be read are not.
bool VersionWithin(std::string_view version, std::string_view oldest, std::string_view newest);

}  // namespace vecgate::upstream
