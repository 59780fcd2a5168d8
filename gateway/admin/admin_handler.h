// The admin listener's answers: metrics and health, without credentials.
//
//   /metrics   Prometheus text      /healthz, /livez   200 while the process runs
//   /readyz    200 when the upstream answers and nothing is being drained, else 503
#pragma once

#include <functional>

#include "http/exchange.h"
#include "metrics/metrics.h"

namespace vecgate::admin {

class AdminHandler final : public http::Handler {
 public:
  // `metrics` outlives the handler.
  AdminHandler(const metrics::Metrics& metrics, std::function<bool()> ready);

  base::Awaitable<void> Handle(http::Exchange& exchange) override;
  void Refused(uint32_t) override {}

 private:
  const metrics::Metrics& metrics_;
  const std::function<bool()> ready_;
};

}  // namespace vecgate::admin
