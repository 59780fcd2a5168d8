// Connections to one address of the upstream, and what all of them are made with.
#pragma once

#include <absl/status/statusor.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "upstream/completions.h"
#include "upstream/endpoint.h"

namespace vecgate::upstream {

// Makes calls on one channel, whose ends one queue tells. Used by the queue's I/O thread, and by others that call seldom.
struct Stub {
  grpc::GenericStub generic;
  grpc::CompletionQueue& queue;
};

// The upstream as the configuration has it, checked and ready to connect. Immutable, shared by all threads.
struct Plan {
  // Fails when a TLS file cannot be read. Nothing connects yet.
  static absl::StatusOr<std::shared_ptr<const Plan>> Make(const config::Config& config);

  // By what connections are made, files as they were read: one that is to be made otherwise is another connection.
  struct Connecting {
    size_t channels = 0;
    uint64_t reply_bytes = 0;
    uint64_t max_metadata_bytes = 0;
    std::chrono::milliseconds keepalive{0};
    std::chrono::milliseconds keepalive_timeout{0};
    std::chrono::milliseconds connect_timeout{0};
    std::string compression;
    bool tls = false;
    std::string server_name;
    std::string ca;
    std::string certificate;
    std::string key;

    friend bool operator==(const Connecting&, const Connecting&) = default;
  };

  config::Upstream upstream;
  Connecting connecting;
  Breaker::Settings breaker;
  std::shared_ptr<grpc::ChannelCredentials> credentials;
};

// The channels to one address, each with a connection of its own. Immutable; calls hold on to it, so one that is
// replaced lives until its last call has ended.
class Channels {
 public:
  // Opens as many channels as the plan says, at most and by default one for each of `completions`, which outlive them.
  // Nothing connects before the first call or Warm; a lost connection comes back by itself.
  Channels(const Plan& plan, const Place& place, Completions& completions);

  Stub& stub(size_t thread) const { return *stubs_[thread]; }
  std::chrono::steady_clock::time_point opened() const { return opened_; }
  // Begins to connect. True once all are connected.
  bool Warm() const;

 private:
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  std::vector<std::unique_ptr<Stub>> stubs_;  // one for each I/O thread
  const std::chrono::steady_clock::time_point opened_;
};

}  // namespace vecgate::upstream
