#include "app/listeners.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/log.h"
#include "base/status.h"
#include "base/text.h"

namespace vecgate::app {
namespace {

// Header fields that carry credentials, of all databases we speak for.
const std::vector<std::string> kCredentialFields = {"authorization", "api-key"};

// True when only this machine can connect.
bool Local(const config::Endpoint& address) {
  return !address.unix_path.empty() || address.host == "localhost" || address.host == "::1" ||
         address.host.starts_with("127.");
}

// Counts handshakes of one listener. All results there can be are known at the start, so they are shown as 0.
tls::ListenerContexts::Counter CounterOf(metrics::Counters& handshakes, const std::string& listener) {
  using tls::HandshakeResult;
  std::map<std::pair<std::string, HandshakeResult>, size_t, std::less<>> series;
  for (size_t i = 0; i < tls::kHandshakeResults.size(); ++i) {
    const auto result = static_cast<HandshakeResult>(i);
    const bool done = result == HandshakeResult::kFull || result == HandshakeResult::kResumed;
    const std::vector<std::string> versions =
        done ? std::vector<std::string>{"TLSv1.2", "TLSv1.3"} : std::vector<std::string>{"none"};
    for (const std::string& version : versions) {
      series[{version, result}] = handshakes.Series({listener, version, std::string(NameOf(result))});
    }
  }
  return [&handshakes, series = std::move(series)](std::string_view version, HandshakeResult result) {
    if (const auto found = series.find({std::string(version), result}); found != series.end()) {
      handshakes.Add(found->second);
    }
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listeners>> Listeners::Make(const config::Config& config, metrics::Metrics& metrics) {
  std::unique_ptr<Listeners> made(new Listeners);
  const std::vector<config::Listener> wanted = config.Listeners();
  for (const config::Listener& listener : wanted) made->Add(listener, config);
  made->CountHandshakes(metrics);
  absl::StatusOr<Contexts> contexts = made->Prepare(config);
  if (!contexts.ok()) return contexts.status();
  made->Use(*std::move(contexts));
  return made;
}

void Listeners::CountHandshakes(metrics::Metrics& metrics) {
  const auto tls = std::count_if(listeners_.begin(), listeners_.end(),
                                 [](const Listener& listener) { return listener.tls != nullptr; });
  if (tls == 0) return;
  constexpr size_t kSeries = 2 * tls::kHandshakeResults.size();  // of a listener: more than there are
  metrics::Counters& handshakes = metrics.AddCounters("vecgate_tls_handshakes_total",
                                                      "TLS handshakes by listener, version and what came of them",
                                                      {"listener", "version", "result"}, kSeries * tls);
  for (Listener& listener : listeners_) {
    if (listener.tls != nullptr) listener.tls->OnHandshakes(CounterOf(handshakes, listener.settings.name));
  }
  metrics.AddGauges("vecgate_tls_certificate_expiry_timestamp_seconds",
                    "When a listener's certificate expires, in seconds since 1970", {"listener", "subject", "serial"},
                    [this] { return Expiries(); });
}

void Listeners::Add(const config::Listener& listener, const config::Config& config) {
  Listener& added = listeners_.emplace_back();
  added.settings.name = listener.name;
  added.settings.limits = config.limits;
  added.settings.timeouts = config.timeouts;
  if (listener.tls.enabled()) {
    added.tls = std::make_unique<tls::ListenerContexts>(listener.tls);
    added.settings.tls = added.tls.get();
  } else if (!Local(listener.address)) {
    added.plain_credentials = std::make_unique<http::PlainCredentials>(kCredentialFields);
    added.settings.plain_credentials = added.plain_credentials.get();
  }
}

absl::StatusOr<Listeners::Contexts> Listeners::Prepare(const config::Config& config) const {
  const std::vector<config::Listener> wanted = config.Listeners();
  Contexts contexts;
  for (const Listener& own : listeners_) {
    contexts.emplace_back();
    const auto found = std::find_if(wanted.begin(), wanted.end(), [&own](const config::Listener& listener) {
      return listener.name == own.settings.name;
    });
    if (found == wanted.end()) continue;
    if (!found->tls.enabled()) continue;
    auto context = own.tls != nullptr ? own.tls->Prepare(found->tls)
                                      : tls::ListenerContexts(found->tls).Prepare(found->tls);
    if (!context.ok()) {
      return absl::InvalidArgumentError(
          base::Concat("listener ", own.settings.name, ": ", base::MessageOf(context.status())));
    }
    // TLS that comes or goes needs a restart; until then the listener stays as it is.
    if (own.tls != nullptr) contexts.back() = *std::move(context);
  }
  return contexts;
}

void Listeners::Use(Contexts contexts) {
  for (size_t i = 0; i < contexts.size(); ++i) {
    if (contexts[i] != nullptr) listeners_[i].tls->Use(std::move(contexts[i]));
  }
}

std::vector<metrics::Sample> Listeners::Expiries() const {
  std::vector<metrics::Sample> samples;
  for (const Listener& listener : listeners_) {
    if (listener.tls == nullptr) continue;
    const auto context = listener.tls->current();
    for (const tls::Certificate& certificate : context->certificates()) {
      samples.push_back(
          {{listener.settings.name, certificate.subject, certificate.serial}, static_cast<double>(certificate.expires)});
    }
  }
  return samples;
}

}  // namespace vecgate::app
