#include "upstream/channels.h"

#include <absl/status/status.h>
#include <grpc/compression.h>
#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <sstream>

#include "base/text.h"

namespace vecgate::upstream {
namespace {

absl::Status ReadFile(const std::string& path, std::string* out) {
  if (path.empty()) return absl::OkStatus();
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  if (file) text << file.rdbuf();
  if (!file || text.str().empty()) {
    return absl::NotFoundError(base::Concat("upstream.tls: cannot read ", path, ": ", std::strerror(errno)));
  }
  *out = text.str();
  return absl::OkStatus();
}

absl::StatusOr<Plan::Connecting> ReadConnecting(const config::Config& config) {
  const config::Upstream& upstream = config.upstream;
  Plan::Connecting connecting;
  connecting.channels = upstream.channels;
  connecting.reply_bytes = config.limits.reply_bytes;
  connecting.max_metadata_bytes = upstream.max_metadata_bytes;
  connecting.keepalive = upstream.keepalive;
  connecting.keepalive_timeout = upstream.keepalive_timeout;
  connecting.connect_timeout = upstream.connect_timeout;
  connecting.compression = upstream.compression;
  if (!upstream.tls.enabled) return connecting;
  connecting.tls = true;
  connecting.server_name = upstream.tls.server_name;
  for (const absl::Status& status : {ReadFile(upstream.tls.ca, &connecting.ca),
                                     ReadFile(upstream.tls.certificate, &connecting.certificate),
                                     ReadFile(upstream.tls.key, &connecting.key)}) {
    if (!status.ok()) return status;
  }
  return connecting;
}

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const Plan::Connecting& connecting) {
  if (!connecting.tls) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = connecting.ca;
  options.pem_cert_chain = connecting.certificate;
  options.pem_private_key = connecting.key;
  return grpc::SslCredentials(options);
}

int Milliseconds(std::chrono::milliseconds time) { return static_cast<int>(time.count()); }

grpc::ChannelArguments Arguments(const Plan::Connecting& connecting, const Place& place) {
  grpc::ChannelArguments arguments;
  arguments.SetUserAgentPrefix("vecgate");
  const size_t most = std::min<size_t>(connecting.reply_bytes, std::numeric_limits<int>::max());
  arguments.SetMaxReceiveMessageSize(most == 0 ? -1 : static_cast<int>(most));
  arguments.SetMaxSendMessageSize(-1);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, static_cast<int>(connecting.max_metadata_bytes));
  // client.h repeats calls. gRPC's own way of it ends the process when a reply has no status (1.51).
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // Channels to one address would share a connection otherwise.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // The database is where the configuration says, whatever proxy the environment names.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (connecting.keepalive.count() > 0) {
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(connecting.keepalive));
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(connecting.keepalive_timeout));
  }
  // A database that restarts is back within seconds; do not wait longer for it.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  // Despite its name: how long a connection attempt may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, Milliseconds(connecting.connect_timeout));
  if (connecting.compression == "gzip") arguments.SetCompressionAlgorithm(GRPC_COMPRESS_GZIP);
  // Also the name its certificate is checked for.
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, place.authority);
  if (!connecting.server_name.empty()) arguments.SetSslTargetNameOverride(connecting.server_name);
  return arguments;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Plan>> Plan::Make(const config::Config& config) {
  absl::StatusOr<Connecting> connecting = ReadConnecting(config);
  if (!connecting.ok()) return connecting.status();
  const std::shared_ptr<grpc::ChannelCredentials> credentials = CredentialsOf(*connecting);
  const config::Breaker& breaker = config.upstream.breaker;
  return std::make_shared<const Plan>(Plan{config.upstream,
                                           *std::move(connecting),
                                           {breaker.failures, breaker.percent, breaker.open, breaker.longest},
                                           credentials});
}

Channels::Channels(const Plan& plan, const Place& place, Completions& completions)
    : opened_(std::chrono::steady_clock::now()) {
  const std::string target = base::Concat(place.address.front() == '[' ? "ipv6:" : "ipv4:", place.address);
  const size_t wanted = plan.upstream.channels;  // more than one for each thread would stay unused
  const size_t count = wanted > 0 ? std::min(wanted, completions.size()) : completions.size();
  for (size_t i = 0; i < count; ++i) {
    channels_.push_back(grpc::CreateCustomChannel(target, plan.credentials, Arguments(plan.connecting, place)));
  }
  for (size_t i = 0; i < completions.size(); ++i) {
    stubs_.push_back(
        std::make_unique<Stub>(Stub{grpc::GenericStub(channels_[i % channels_.size()]), completions.queue(i)}));
  }
}

bool Channels::Warm() const {
  size_t connected = 0;
  for (const auto& channel : channels_) connected += channel->GetState(true) == GRPC_CHANNEL_READY ? 1 : 0;
  return connected == channels_.size();
}

}  // namespace vecgate::upstream
