// Whether one address of the upstream answers, and which version it is.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/awaitable.h"
#include "base/cancel.h"
#include "base/timer.h"
#include "runtime/route.h"
#include "upstream/channels.h"
#include "upstream/endpoint.h"

namespace vecgate::upstream {

// Asks the API's health method again and again. The address is well as soon as it answers, ill as soon as it does not.
// Lives on the thread of `io`.
class HealthMonitor {
 public:
  // `io` and `api` outlive the monitor.
  HealthMonitor(boost::asio::io_context& io, const runtime::ApiSpec& api, std::shared_ptr<Endpoint> endpoint,
                std::shared_ptr<const Plan> plan, std::shared_ptr<const Channels> channels);

  // Runs until Stop; once, and the monitor outlives it.
  base::Awaitable<void> Run();
  void Stop();
  // Asks over other connections, and as often as that plan says, from the next question on.
  void Use(std::shared_ptr<const Plan> plan, std::shared_ptr<const Channels> channels);

  const Endpoint& endpoint() const { return *endpoint_; }

 private:
  void Learn(const google::protobuf::Message& reply);
  void Note(bool answered, std::string_view why);

  base::Executor executor_;
  const runtime::ApiSpec& api_;
  const std::shared_ptr<Endpoint> endpoint_;
  std::shared_ptr<const Plan> plan_;
  std::shared_ptr<const Channels> channels_;
  base::Timer timer_;
  base::CancelSource stop_;
  std::string version_;
};

// True when the major.minor of `version` lies within [oldest, newest]. Versions that cannot be read are not.
bool VersionWithin(std::string_view version, std::string_view oldest, std::string_view newest);

}  // namespace vecgate::upstream
